"""The nouns of lists, and their limits."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

LISTS_MAX: Final = 50
"""Lists of one account, Mastodon's own limit."""

TITLE_LENGTH_MAX: Final = 255

ACCOUNTS_MAX: Final = 1_000
"""Accounts of one list: what its timeline costs grows with them."""

TAGS_MAX: Final = 50
"""Hashtags of one list."""


class RepliesPolicy(StrEnum):
    """Whose replies to others a list shows: to anyone followed, to its members only, or none."""

    FOLLOWED = "followed"
    LIST = "list"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class UserList:
    """A list of somebody's; `exclusive` keeps the people on it out of their home."""

    id: int
    owner_id: int
    title: str
    replies_policy: RepliesPolicy
    exclusive: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """A list with all that is on it."""

    list: UserList
    account_ids: frozenset[int]
    """Whom the owner follows still, or who is the owner."""
    tags: Mapping[str, int]
    """Ids of hashtags by their normalised names."""


@dataclass(frozen=True, slots=True)
class ListedTag:
    """A hashtag on a list."""

    id: int
    name: str
    """Normalised, as hashtags are shown everywhere."""
