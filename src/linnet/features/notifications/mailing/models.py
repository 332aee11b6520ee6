"""The nouns of notifications by e-mail: what somebody chose, and what a letter is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from linnet.features.notifications.subscriptions.models import ALERTS

KINDS: Final = ALERTS
"""Kinds of notifications that letters are written about, by Mastodon's names: those that can be pushed."""

KINDS_DEFAULT: Final = frozenset({"mention", "follow", "follow_request"})
"""Of who chose nothing: what somebody may be waiting for an answer to."""

AWAY: Final = timedelta(minutes=30)
"""A letter is written only when its recipient was not here for so long after they were told."""

PAUSE: Final = timedelta(hours=6)
"""At least so long after a letter comes the next one."""

SHOWN_MAX: Final = 10
"""Notifications named in a letter; of the others it says how many."""

COUNTED_MAX: Final = 80
"""How far they are counted."""


class Digest(StrEnum):
    """How often somebody wants a summary."""

    NEVER = "never"
    DAILY = "daily"
    WEEKLY = "weekly"


PERIODS: Final[Mapping[Digest, timedelta]] = {
    Digest.DAILY: timedelta(days=1),
    Digest.WEEKLY: timedelta(days=7),
}


class MailList(StrEnum):
    """What somebody can end by a link in a letter."""

    NEWS = "news"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class MailChoice:
    """What somebody wants written to them."""

    kinds: frozenset[str] = KINDS_DEFAULT
    digest: Digest = Digest.NEVER

    @property
    def named(self) -> dict[str, bool]:
        """Each kind there is, and whether it is wanted."""
        return {kind: kind in self.kinds for kind in KINDS}


@dataclass(frozen=True, slots=True)
class Waiting:
    """Whose letter is due: about notifications from `first_id` on, the first of which they were told at `told_at`."""

    account_id: int
    first_id: int
    told_at: datetime


@dataclass(frozen=True, slots=True)
class NewsItem:
    """A notification as a letter tells it. `words` are a content warning, or the text, or nothing."""

    kind: str
    from_account_id: int
    words: str


@dataclass(frozen=True, slots=True)
class News:
    """What somebody has not read yet, newest first; of `others` it is only known how many. `is_more`: or even more."""

    items: tuple[NewsItem, ...] = ()
    others: int = 0
    is_more: bool = False
