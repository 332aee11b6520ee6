"""What is counted for staff, and for which days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final, Self

from linnet.platform.errors import Invalid, Problem
from linnet.platform.ids import first_id_at

DAYS_DEFAULT: Final = 30
DAYS_MAX: Final = 100
"""Of one period: no question reads more than five months of activity."""

COHORT_DAYS_MAX: Final = 31
COHORT_MONTHS_MAX: Final = 12
LISTED: Final = 10
LISTED_MAX: Final = 100
COUNTED_MAX: Final = 100_000
"""Rows that are counted of one day: a busier day is told as just so busy."""

USES_MAX: Final = 200_000
"""Uses of a hashtag that are looked at, the newest."""


class Measure(StrEnum):
    """What is counted by day, under Mastodon's names."""

    ACTIVE_USERS = "active_users"
    NEW_USERS = "new_users"
    INTERACTIONS = "interactions"
    OPENED_REPORTS = "opened_reports"
    RESOLVED_REPORTS = "resolved_reports"
    TAG_ACCOUNTS = "tag_accounts"
    TAG_USES = "tag_uses"
    TAG_SERVERS = "tag_servers"
    INSTANCE_ACCOUNTS = "instance_accounts"
    INSTANCE_MEDIA_ATTACHMENTS = "instance_media_attachments"
    INSTANCE_REPORTS = "instance_reports"
    INSTANCE_STATUSES = "instance_statuses"
    INSTANCE_FOLLOWS = "instance_follows"
    INSTANCE_FOLLOWERS = "instance_followers"


OF_SERVERS: Final = frozenset(one for one in Measure if one.startswith("instance_"))
"""They are about another server, and no other is known here: 0, as it is."""


class Dimension(StrEnum):
    """What something is made up of, under Mastodon's names."""

    LANGUAGES = "languages"
    SOURCES = "sources"
    SERVERS = "servers"
    SPACE_USAGE = "space_usage"
    SOFTWARE_VERSIONS = "software_versions"
    TAG_SERVERS = "tag_servers"
    TAG_LANGUAGES = "tag_languages"
    INSTANCE_ACCOUNTS = "instance_accounts"
    INSTANCE_LANGUAGES = "instance_languages"


class Frequency(StrEnum):
    """How long the periods of cohorts are."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included, in UTC."""

    first: date
    last: date

    @classmethod
    def of(cls, start: datetime | None, end: datetime | None, today: date) -> Self:
        """The days that are asked for; what is not said ends today, or is `DAYS_DEFAULT` long. Raises `Invalid`."""
        last = end.astimezone(UTC).date() if end is not None else today
        first = start.astimezone(UTC).date() if start is not None else last - timedelta(days=DAYS_DEFAULT - 1)
        if first > last:
            raise Invalid.of({"end_at": [Problem("ERR_INVALID", "must not be before start_at")]})
        return cls(first, last)

    @property
    def length(self) -> int:
        """How many days they are."""
        return (self.last - self.first).days + 1

    @property
    def days(self) -> list[date]:
        """All of them, the first first."""
        return [self.first + timedelta(days=after) for after in range(self.length)]

    @property
    def former(self) -> "Period":
        """As many days before them."""
        return Period(self.first - timedelta(days=self.length), self.first - timedelta(days=1))

    @property
    def bounds(self) -> list[int]:
        """The first id of each day, and of the day after the last."""
        return [first_id_of(self.first + timedelta(days=after)) for after in range(self.length + 1)]

    def check(self, days_max: int) -> None:
        """Raise `Invalid` when they are too many."""
        if self.length > days_max:
            raise Invalid.of({"start_at": [Problem("ERR_INVALID", f"must be within {days_max} days of end_at")]})


@dataclass(frozen=True, slots=True)
class Measured:
    """One measure: all of the period, all of the one before (None where that says nothing), and each day."""

    key: Measure
    total: int
    former: int | None
    by_day: Sequence[tuple[date, int]]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of something: a key for programs, words for people, how much of it."""

    key: str
    words: str
    value: str
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """What something is made up of, the most first."""

    key: Dimension
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Stayed:
    """Of those who joined in a period, how many were active in a later one (or the same)."""

    at: date
    number: int
    share: float


@dataclass(frozen=True, slots=True)
class Cohort:
    """Those who joined in a period that begins with `begins`, in that and each later one."""

    begins: date
    frequency: Frequency
    stayed: Sequence[Stayed]


@dataclass(frozen=True, slots=True)
class About:
    """What else a question needs: the hashtag of each measure or dimension that is about one."""

    tag_ids: Mapping[str, int | None]


def first_id_of(day: date) -> int:
    """The smallest id of anything that is made on a day, in UTC."""
    return first_id_at(datetime(day.year, day.month, day.day, tzinfo=UTC))


def first_of_month(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def month_after(day: date) -> date:
    """The first day of the month after its own."""
    return (first_of_month(day) + timedelta(days=32)).replace(day=1)
