"""What Prometheus learns about fan-out: how much is written, and how long it takes until everybody has a post.

The objective: of posts to at most `OBJECTIVE_FOLLOWERS` followers, 99 in 100 are in every home within a second. A
server measures that of itself, on every post: `docs/operating.md` has the query.
"""

from datetime import datetime
from typing import Final

from prometheus_client import Counter, Histogram

from linnet.features.timelines.strategy import Choice, Strategy
from linnet.platform.ids import made_at

OBJECTIVE_FOLLOWERS: Final = 10_000
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0)

deliveries = Counter("linnet_fanout_deliveries_total", "Homes written to")
passed_by = Counter("linnet_fanout_passed_by_total", "Followers passed by, who have not read their home for two weeks")
statuses = Counter(
    "linnet_fanout_statuses_total",
    "Posts by strategy, and by what it was chosen for: number of followers, how many of them come, how often it posts",
    ["strategy", "reason"],
)
lag = Histogram(
    "linnet_fanout_lag_seconds",
    "From a post until its last home was written to, by strategy and by whether the objective is for it",
    ["strategy", "objective"],
    buckets=_SECONDS,
)


def count(readers: int, written: int) -> None:
    """So many readers were to get a post, and so many of their homes exist."""
    deliveries.inc(written)
    passed_by.inc(max(readers - written, 0))


def chosen(choice: Choice) -> None:
    """One status goes that way."""
    statuses.labels(*choice).inc()


def done(status_id: int, strategy: Strategy, followers: int, at: datetime) -> None:
    """Everybody has this status at that moment who is to be written to."""
    objective = "yes" if followers <= OBJECTIVE_FOLLOWERS else "no"
    lag.labels(strategy, objective).observe(max((at - made_at(status_id)).total_seconds(), 0.0))
