"""The nouns of notifications: what somebody is told, and by whom it was caused."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from linnet.features.statuses.models import Hydrated

UNREAD_DEFAULT: Final = 100
UNREAD_MAX: Final = 1_000
"""How far unread notifications are counted: Mastodon's numbers."""


class Kind(StrEnum):
    """What somebody can be told."""

    MENTION = "mention"
    FOLLOW = "follow"
    FOLLOW_REQUEST = "follow_request"
    FAVOURITE = "favourite"
    REBLOG = "reblog"
    QUOTE = "quote"
    STATUS = "status"
    UPDATE = "update"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell `account_id`, before the rules have looked at it.

    `status_id` is what it is about: the mentioning, quoting, new or edited status, or the recipient's own one that
    was favourited or reblogged.
    """

    account_id: int
    kind: Kind
    from_account_id: int
    status_id: int | None = None


@dataclass(frozen=True, slots=True)
class Notification:
    """Something an account was told. One for each kind, sender and status."""

    id: int
    kind: Kind
    from_account_id: int
    status_id: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NotificationPage:
    """Notifications as their reader sees them, newest first, and the statuses they are about."""

    items: tuple[Notification, ...] = ()
    statuses: Hydrated = field(default_factory=Hydrated)
    row_ids: tuple[int, ...] = ()
    """What was found before visibility: the ends that the next and the previous page begin at."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which notifications are asked for."""

    kinds: tuple[str, ...] | None = None
    """Only these; None for all. Names that are no kind match nothing."""
    excluded_kinds: tuple[str, ...] = ()
    from_account_id: int | None = None
