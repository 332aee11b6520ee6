"""What Prometheus learns of the engine: what it decides, why, how long it takes, and whether it works.

`deploy/dashboards/moderation.json` shows it, `deploy/alerts/moderation.yml` has the alerts, docs/moderation.md both.
"""

from itertools import count
from typing import Final

from prometheus_client import Counter, Histogram

from linnet.features.moderation.measures import Ruling

TIMED_EVERY: Final = 8
"""Of so many texts one is timed: to observe a time costs a few microseconds, each of which a post would wait for."""

decisions = Counter(
    "linnet_moderation_decisions_total",
    "Decisions of the engine about texts in which something was found, by what they are about and what was decided",
    ["about", "measure"],
)
reasons = Counter(
    "linnet_moderation_reasons_total",
    "The same, once for each reason that the measure was taken for",
    ["reason", "surface", "measure"],
)
failures = Counter(
    "linnet_moderation_failures_total",
    "Texts over which the engine broke: each was published, for somebody to look at",
    ["about"],
)
seconds = Histogram(
    "linnet_moderation_engine_seconds",
    "Time that the detectors took over a text; of every eighth",
    buckets=(0.00005, 0.0001, 0.0002, 0.0003, 0.0005, 0.001, 0.0025, 0.005, 0.025),
)

_texts = count()


def decided(ruling: Ruling) -> None:
    """A decision was made."""
    decisions.labels(ruling.about, ruling.measure).inc()
    for reason in {one.reason for one in ruling.because}:
        reasons.labels(reason, ruling.surface, ruling.measure).inc()
    if ruling.failed:
        failures.labels(ruling.about).inc()


def took(seconds_: float) -> None:
    """The detectors have looked at a text for so long."""
    if next(_texts) % TIMED_EVERY == 0:
        seconds.observe(seconds_)
