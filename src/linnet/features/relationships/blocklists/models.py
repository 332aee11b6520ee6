"""The nouns of blocklists, their limits, and what a subscription makes of two people. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

BLOCKLISTS_MAX: Final = 10
"""Lists of one account."""

ENTRIES_MAX: Final = 5_000
"""Accounts of one list."""

SUBSCRIPTIONS_MAX: Final = 20
"""Lists that one account subscribes to."""

NAME_LENGTH_MAX: Final = 60
DESCRIPTION_LENGTH_MAX: Final = 500
AT_ONCE_MAX: Final = 200
"""Accounts that one request puts into a list."""


class Effect(StrEnum):
    """What a subscriber wants done with the accounts of a list."""

    BLOCK = "block"
    MUTE = "mute"


@dataclass(frozen=True, slots=True)
class Wording:
    """What its owner says about a list."""

    name: str
    description: str = ""
    public: bool = True
    """Whether others see it and may subscribe. Those who have go on when it is not public any more."""


@dataclass(frozen=True, slots=True)
class Blocklist:
    """A list, as somebody sees it."""

    id: int
    owner_id: int
    wording: Wording
    created_at: datetime
    updated_at: datetime
    entries: int
    subscribers: int
    effect: Effect | None
    """What the viewer subscribed to it for, if they did."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A block or a mute that is there: of the list `blocklist_id`, or None when it was made by hand."""

    blocklist_id: int | None


@dataclass(frozen=True, slots=True)
class Pair:
    """A subscriber and one account of their lists: what is between them, and what the lists want."""

    target_id: int
    block: Edge | None
    mute: Edge | None
    blocking_list_id: int | None
    """The first list that is to block them; None when none is, or when the subscriber follows or excepted them."""
    muting_list_id: int | None


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be done between a subscriber and some accounts."""

    block: dict[int, int]
    """The list that blocks, by account; so are those below."""
    unblock: tuple[int, ...]
    mute: dict[int, int]
    unmute: tuple[int, ...]


def due(pairs: list[Pair]) -> Due:
    """What turns what is there into what the lists want. What was done by hand stays, and is not done twice."""
    block: dict[int, int] = {}
    mute: dict[int, int] = {}
    unblock: list[int] = []
    unmute: list[int] = []
    for pair in pairs:
        wanted, listed = pair.blocking_list_id, pair.block is not None and pair.block.blocklist_id is not None
        if wanted is not None and (pair.block is None or (listed and pair.block.blocklist_id != wanted)):
            block[pair.target_id] = wanted
        elif wanted is None and listed:
            unblock.append(pair.target_id)
        wanted = pair.muting_list_id if wanted is None else None
        listed = pair.mute is not None and pair.mute.blocklist_id is not None
        if wanted is not None and (pair.mute is None or (listed and pair.mute.blocklist_id != wanted)):
            mute[pair.target_id] = wanted
        elif wanted is None and listed:
            unmute.append(pair.target_id)
    return Due(block, tuple(unblock), mute, tuple(unmute))
