"""The nouns of looking at decisions again: which are asked for, which wait, and which were right."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from linnet.features.moderation.measures import Decision, Measure
from linnet.features.moderation.models import Reason, Surface

WAITING_MAX: Final = 10_000
"""Decisions that wait are counted up to this."""

REVIEWED_MAX: Final = 50_000
"""Decisions that precision is measured by: the latest so many."""

BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Choice:
    """Which decisions are asked for; None does not matter, but what was allowed is named to be among them."""

    measure: Measure | None = None
    reason: Reason | None = None
    surface: Surface | None = None
    account_id: int | None = None
    reviewed: bool | None = None


@dataclass(frozen=True, slots=True)
class Queued:
    """Where in the queue something stands: the more urgent first, then the older."""

    urgency: int
    id: int

    @staticmethod
    def of(decision: Decision) -> "Queued":
        """The place of a decision. What is held comes first: somebody waits for it."""
        order = {Measure.HOLD: 0, Measure.LIMIT_ACCOUNT: 1}
        return Queued(order.get(decision.ruling.measure, 2), decision.id)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits for somebody, counted up to a bound, and since when the oldest does."""

    number: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Counted:
    """Of the decisions of a kind that somebody looked at, how many stayed and how many were taken back."""

    name: str
    upheld: int
    overturned: int

    @property
    def precision(self) -> float | None:
        """The share that stayed; None when nobody has looked at any."""
        looked_at = self.upheld + self.overturned
        return self.upheld / looked_at if looked_at else None


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What came of decisions, by reason, by version of the detector that found it, and by measure."""

    by_reason: tuple[Counted, ...]
    by_version: tuple[Counted, ...]
    by_measure: tuple[Counted, ...]
