"""What Prometheus learns of the engine: what it decides, and whether it works. docs/moderation.md has the alert."""

from prometheus_client import Counter

from linnet.features.moderation.measures import Ruling

decisions = Counter(
    "linnet_moderation_decisions_total",
    "Decisions of the engine about texts in which something was found, by what they are about and what was decided",
    ["about", "measure"],
)
failures = Counter(
    "linnet_moderation_failures_total",
    "Texts over which the engine broke: each was published, for somebody to look at",
    ["about"],
)


def decided(ruling: Ruling) -> None:
    """A decision was made."""
    decisions.labels(ruling.about, ruling.measure).inc()
    if ruling.failed:
        failures.labels(ruling.about).inc()
