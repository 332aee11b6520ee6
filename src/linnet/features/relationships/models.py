"""The nouns of relationships: what is between a viewer and another account, and the limits of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

FOLLOWS_MAX: Final = 7_500
"""Accounts one account may follow, Mastodon's own limit. People who do so at the same moment may pass it by a few."""

NOTE_LENGTH_MAX: Final = 2_000
"""Code points of a private note about somebody."""

MUTE_S_MAX: Final = 10 * 366 * 86_400
"""The longest timed mute; what should last longer is muted without an end."""

LANGUAGES_MAX: Final = 100
"""Languages one may pick out of an account's posts."""

FAMILIAR_MAX: Final = 40
"""Familiar followers shown of one account."""

SEARCH_CANDIDATES_MAX: Final = 1_000
"""Accounts a search compares with one another; those found by the whole name are always among them."""

Keyed = list[tuple[int, int]]
"""(id of the row that pages are cut by, id of the account it leads to), newest first."""


@dataclass(frozen=True, slots=True)
class Relationship:
    """What is between the viewer and one account, both ways, at this moment."""

    account_id: int
    following: bool = False
    showing_reblogs: bool = False
    notifying: bool = False
    languages: tuple[str, ...] | None = None
    followed_by: bool = False
    blocking: bool = False
    blocked_by: bool = False
    muting: bool = False
    muting_notifications: bool = False
    muting_expires_at: datetime | None = None
    requested: bool = False
    requested_by: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Stance:
    """What a timeline asks about the viewer and one account."""

    following: bool
    showing_reblogs: bool
    languages: Sequence[str] | None
    silenced: bool
    """Blocked either way, or muted now."""


@dataclass(frozen=True, slots=True)
class FollowOptions:
    """What a follower wants of an account. None keeps it: at first reblogs, no notifications, all languages."""

    reblogs: bool | None = None
    notify: bool | None = None
    languages: tuple[str, ...] | None = None
    """ISO 639 codes to pick out; empty for all of them."""


@dataclass(frozen=True, slots=True)
class Muted:
    """A row of the viewer's list of mutes."""

    id: int
    account_id: int
    expires_at: datetime | None
