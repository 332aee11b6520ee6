"""The nouns of collections, and their limits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

COLLECTIONS_MAX: Final = 10
"""Collections of one account, as in Mastodon."""

ITEMS_MAX: Final = 25
"""Accounts of one collection, as in Mastodon."""

NAME_LENGTH_MAX: Final = 40
DESCRIPTION_LENGTH_MAX: Final = 100
PAGE_MAX: Final = 80
OFFSET_MAX: Final = 1_000


@dataclass(frozen=True, slots=True)
class Wording:
    """What its owner says about a collection."""

    name: str
    description: str = ""
    language: str | None = None
    tag: str | None = None
    """A hashtag, normalised."""
    sensitive: bool = False
    discoverable: bool = True
    """Whether it is shown on its owner's profile; by its address everybody may see it."""


@dataclass(frozen=True, slots=True)
class Item:
    """An account in a collection."""

    id: int
    account_id: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Recommended:
    """A collection, with those in it whom the viewer may see there."""

    id: int
    owner_id: int
    wording: Wording
    created_at: datetime
    updated_at: datetime
    items: Sequence[Item]
