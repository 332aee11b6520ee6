"""What Prometheus learns about looking at decisions again: what waits, and how good decisions were."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from prometheus_client import Gauge

from linnet.features.cases.appeals.models import Against
from linnet.features.cases.appeals.reads import Measured
from linnet.features.moderation.reviewed import Counted, Waiting

waiting: Final = Gauge(
    "linnet_moderation_waiting",
    "What waits for a moderator, counted up to a bound: decisions, appeals",
    ["what"],
    multiprocess_mode="mostrecent",
)
waiting_seconds: Final = Gauge(
    "linnet_moderation_waiting_oldest_seconds",
    "How long the oldest of it has waited; 0 when nothing waits",
    ["what"],
    multiprocess_mode="mostrecent",
)
reviewed: Final = Gauge(
    "linnet_moderation_reviewed",
    "Decisions that moderators looked at in the last 30 days, by reason, version or measure, and by what they said",
    ["by", "name", "outcome"],
    multiprocess_mode="mostrecent",
)
appeals: Final = Gauge(
    "linnet_moderation_appeals",
    "Appeals answered in the last 30 days, by what they were against and what was answered",
    ["against", "outcome"],
    multiprocess_mode="mostrecent",
)

_shown: Final[set[tuple[str, str]]] = set()


def show(measured: Measured, now: datetime) -> None:
    """Set the gauges. What is gone is shown as 0: shared metrics cannot go away."""
    for what, one in (("decisions", measured.waiting), ("appeals", measured.appeals_waiting)):
        waiting.labels(what).set(one.number)
        waiting_seconds.labels(what).set(_age_s(one, now))
    groups: Sequence[tuple[str, Sequence[Counted]]] = (
        ("reason", measured.outcomes.by_reason),
        ("version", measured.outcomes.by_version),
        ("measure", measured.outcomes.by_measure),
    )
    counted = {(by, one.name): one for by, found in groups for one in found}
    _shown.update(counted)
    for by, name in _shown:
        one = counted.get((by, name), Counted(name, 0, 0))
        reviewed.labels(by, name, "upheld").set(one.upheld)
        reviewed.labels(by, name, "overturned").set(one.overturned)
    for against in Against:
        appeals.labels(against.value, "approved").set(measured.appeals.get((against, True), 0))
        appeals.labels(against.value, "rejected").set(measured.appeals.get((against, False), 0))


def _age_s(one: Waiting, now: datetime) -> float:
    return 0.0 if one.since is None else max((now - one.since).total_seconds(), 0.0)
