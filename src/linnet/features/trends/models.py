"""The nouns of trends, and what bounds them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

WINDOW_HOURS: Final = 6
"""People who spoke of a subject within so many hours are those who speak of it now."""

KEPT_HOURS: Final = 25
"""Hours for which it is known who spoke of a subject: long enough to count a day's people each once."""

DAYS_KEPT: Final = 8
HISTORY_DAYS: Final = 7

PEOPLE_MAX: Final = 5_000
"""People of one subject who are told apart; what more do changes no rank that matters."""

SCORE_MIN: Final = 0.5
"""The significance from which on something trends: three people who speak of what nobody spoke of before."""

TRENDS_MAX: Final = 500
"""Trends of one kind that can be paged through."""

LINKS_OF_POST_MAX: Final = 4
"""Links of one post that count, the first."""


class Kind(StrEnum):
    """What can trend."""

    TAG = "tag"
    STATUS = "status"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class TrendRules:
    """What the operator has decided about trends."""

    unreviewed: bool = False
    """Whether trends show that staff have not looked at."""
    people_min: int = 3
    """Weighed people below which nothing trends."""
    established_days: int = 7
    """The age from which on an account counts as a whole person."""


Subject = tuple[Kind, int]
"""A kind, and an id of it."""


@dataclass(frozen=True, slots=True)
class Use:
    """Somebody has spoken of a subject."""

    kind: Kind
    subject_id: int
    account_id: int
    at_s: float
    """Seconds since 1970."""
    network: str
    weight: float
    language: str | None
    times: int = 1
    """How often, all together."""


@dataclass(frozen=True, slots=True)
class Day:
    """Uses of a subject on one day, and by how many people."""

    day: date
    uses: int = 0
    accounts: int = 0


@dataclass(frozen=True, slots=True)
class Trend:
    """A subject that trends, or waits to be looked at."""

    subject_id: int
    score: float
    language: str | None
    trendable: bool | None
    """What staff have said; None: nobody has looked at it."""


@dataclass(frozen=True, slots=True)
class TagTrend:
    """A hashtag that trends, with its last days, today first."""

    trend: Trend
    name: str
    display_name: str
    history: Sequence[Day]


@dataclass(frozen=True, slots=True)
class LinkTrend:
    """A link that trends, with its last days, today first."""

    trend: Trend
    url: str
    history: Sequence[Day]
