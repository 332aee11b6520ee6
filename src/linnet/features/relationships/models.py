"""The nouns of relationships: what is between a viewer and another account, and the limits of it."""

import sys
from array import array
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
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
    endorsed: bool = False


@dataclass(frozen=True, slots=True)
class Stance:
    """What a timeline asks about the viewer and one account."""

    following: bool
    showing_reblogs: bool
    languages: Sequence[str] | None
    silenced: bool
    """Blocked either way, or muted now."""
    blocked: bool = False
    """Blocked by the viewer."""
    at_home: bool = True
    """False for whom an exclusive list keeps out of the viewer's home."""


STANCES_MAX: Final = 2_000
"""Stances that a circle remembers."""

_STRANGER = Stance(following=False, showing_reblogs=False, languages=None, silenced=False)
FOLLOWED = Stance(following=True, showing_reblogs=True, languages=None, silenced=False)
"""The usual one to whom one follows."""
_SILENCED_STRANGER = Stance(following=False, showing_reblogs=False, languages=None, silenced=True)
_SILENCED_FOLLOWED = Stance(following=True, showing_reblogs=True, languages=None, silenced=True)
_BLOCKED = Stance(following=False, showing_reblogs=False, languages=None, silenced=True, blocked=True)


@dataclass(frozen=True, slots=True)
class Circle:
    """All that timelines ask about one account and others."""

    follows: "array[int]"
    """Ids of those it follows, ascending."""
    options: Mapping[int, tuple[bool, tuple[str, ...] | None]]
    """Of those it follows in another way than usual: whether it sees their reblogs, and the languages it picks out."""
    silenced: frozenset[int]
    """Blocked either way, or muted without an end."""
    blocked: frozenset[int]
    """Whom it blocks."""
    blockers: frozenset[int]
    """Who blocks it."""
    muted_until: Mapping[int, float]
    """Until when (Unix seconds) it mutes others for a time."""
    largest: int
    """The number of edges of the most frequent kind."""
    away: frozenset[int] = frozenset()
    """Of those it follows, whom an exclusive list keeps out of its home."""
    stances: dict[int, Stance] = field(default_factory=dict[int, Stance], compare=False)
    """What has been asked and does not change with time."""

    @classmethod
    def of(
        cls,
        follows: bytes,
        options: Mapping[int, tuple[bool, tuple[str, ...] | None]],
        blocks: Collection[int],
        blockers: Collection[int],
        mutes: Collection[int],
        muted_until: Mapping[int, float],
        away: Collection[int] = (),
    ) -> "Circle":
        """A circle of edges as they are stored; `follows` is packed, 8 big-endian bytes each, ascending."""
        ids = array("q", follows)
        if sys.byteorder == "little":
            ids.byteswap()
        largest = max(map(len, (ids, blocks, blockers, mutes, muted_until)))
        silenced = frozenset((*blocks, *blockers, *mutes))
        return cls(
            ids,
            options,
            silenced,
            frozenset(blocks),
            frozenset(blockers),
            muted_until,
            largest,
            frozenset(away),
        )

    def is_following(self, account_id: int) -> bool:
        """Whether it follows this account."""
        place = bisect_left(self.follows, account_id)
        return place < len(self.follows) and self.follows[place] == account_id

    def stance(self, account_id: int, at_s: float) -> Stance:
        """How it stands to an account at a moment (Unix seconds)."""
        known = self.stances.get(account_id)
        if known is not None:
            return known
        stance = self.stance_once(account_id, at_s)
        if account_id not in self.muted_until and len(self.stances) < STANCES_MAX:
            self.stances[account_id] = stance
        return stance

    def stance_once(self, account_id: int, at_s: float) -> Stance:
        """The same without remembering it: for who asks about one account in very many circles."""
        if account_id in self.blocked:
            return _BLOCKED
        following = self.is_following(account_id)
        silenced = account_id in self.silenced or self.muted_until.get(account_id, 0) > at_s
        if following and (account_id in self.options or account_id in self.away):
            shows_reblogs, languages = self.options.get(account_id, (True, None))
            return Stance(following, shows_reblogs, languages, silenced, at_home=account_id not in self.away)
        if silenced:
            return _SILENCED_FOLLOWED if following else _SILENCED_STRANGER
        return FOLLOWED if following else _STRANGER


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
