"""The nouns of filters, and their limits."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

FILTERS_MAX: Final = 100
"""Filters of one account."""

KEYWORDS_MAX: Final = 500
"""Keywords of all filters of one account together: each is looked for in each post that its owner is shown."""

STATUSES_MAX: Final = 500
"""Single posts of all filters of one account together."""

TITLE_LENGTH_MAX: Final = 256
KEYWORD_LENGTH_MAX: Final = 512
"""Code points; Mastodon's own numbers."""

EXPIRES_IN_S_MAX: Final = 10 * 366 * 86_400
"""What should last longer lasts until it is taken back."""


class Context(StrEnum):
    """Where a filter applies: lists count as home, hashtags and searches as public, quotes of a post as its thread."""

    HOME = "home"
    NOTIFICATIONS = "notifications"
    PUBLIC = "public"
    THREAD = "thread"
    ACCOUNT = "account"


class Action(StrEnum):
    """What happens to a post that a filter matches: shown behind a warning or with blurred media, or left out."""

    WARN = "warn"
    HIDE = "hide"
    BLUR = "blur"


@dataclass(frozen=True, slots=True)
class Keyword:
    """Words to look for: anywhere, or only where they are whole words."""

    id: int
    text: str
    whole_word: bool


@dataclass(frozen=True, slots=True)
class FilteredStatus:
    """A single post that a filter matches."""

    id: int
    status_id: int


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter with everything in it, in the order it was added."""

    id: int
    title: str
    contexts: tuple[Context, ...]
    action: Action
    expires_at: datetime | None
    keywords: tuple[Keyword, ...] = ()
    statuses: tuple[FilteredStatus, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A filter that a post matches, by which of its keywords, and whether by itself as one of its posts."""

    filter: Filter
    keywords: tuple[str, ...]
    status_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class KeywordChange:
    """One keyword of an edit: without an id it is new, `removed` ones go; None leaves a part as it is."""

    id: int | None = None
    text: str | None = None
    whole_word: bool | None = None
    removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterChanges:
    """What a person wants of a filter, new or not; None leaves a part as it is."""

    title: str | None = None
    contexts: tuple[Context, ...] | None = None
    action: Action | None = None
    expires_in_s: int | None = None
    endless: bool = False
    """The filter no longer runs out."""
    keywords: tuple[KeywordChange, ...] = ()
