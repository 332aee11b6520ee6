"""The nouns of search: a query as a tree, and the limits of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal

from linnet.platform.errors import Invalid, Problem

QUERY_LENGTH_MAX: Final = 500
"""Code points of a query."""

TERMS_MAX: Final = 40
"""Words, phrases and operators of one query."""

PAGE_MAX: Final = 40
OFFSET_MAX: Final = 1_000

MATCHES_MAX: Final = 10_000
"""Matches of a query in one window of time that are looked at, newest first, until a page of visible ones is full."""

WALKED_MAX: Final = 10_000
"""Documents that are looked at, newest first, for a query which says only what is not wanted, or when."""

RANKED_MAX: Final = 200
"""The newest visible matches that are compared when the most relevant ones are wanted first."""

MARKS_MAX: Final = 5_000
"""One's own favourites, bookmarks and boosts (of each) that are looked through for `in:library` or `in:bookmarks`."""


SAVED_MAX: Final = 50
"""Searches that one account keeps."""

LISTED_MAX: Final = 5
"""Searches on one list: its timeline asks each of them."""

TITLE_LENGTH_MAX: Final = 100


class QueryInvalid(Invalid):
    """A query that cannot be read: a sentence, and the place in code points from which on it is wrong."""

    def __init__(self, sentence: str, offset: int) -> None:
        super().__init__(
            f"{sentence} (at character {offset + 1})", {"q": [Problem("ERR_INVALID", sentence, offset=offset)]}
        )
        self.offset = offset


class Where(StrEnum):
    """What a search looks through."""

    EVERYTHING = "everything"
    """What everybody may find, and one's library."""
    PUBLIC = "public"
    """Public posts of authors who let their posts be found."""
    LIBRARY = "library"
    """One's own posts, those that mention one, and those one has favourited, bookmarked or boosted."""
    BOOKMARKS = "bookmarks"
    HOME = "home"
    """Of everything, what oneself and the people one follows have posted."""


class Order(StrEnum):
    """In which order matches come."""

    NEWEST = "newest"
    RELEVANCE = "relevance"


@dataclass(frozen=True, slots=True)
class Token:
    """A word as it is indexed, and as its language's stemmer takes it (None where words are not divided by spaces)."""

    lexeme: str
    plain: str | None
    prefix: bool = False
    """Whether it stands for every word that begins with it."""
    place: int = 0
    """Where it stands in a text, from 1."""


@dataclass(frozen=True, slots=True)
class Words:
    """Words that stand one behind the other; `exact` ones are not looked for in other forms of themselves."""

    tokens: tuple[Token, ...]
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Facet:
    """Something a post is or has, by the lexeme it is indexed under."""

    lexeme: str


@dataclass(frozen=True, slots=True)
class By:
    """Who wrote, is answered or mentioned, by name: `me` is the viewer."""

    role: Literal["from", "to", "mentions"]
    name: str


@dataclass(frozen=True, slots=True)
class Before:
    """Posts whose ids are below `status_id`."""

    status_id: int


@dataclass(frozen=True, slots=True)
class Since:
    """Posts whose ids are `status_id` or above."""

    status_id: int


@dataclass(frozen=True, slots=True)
class Favoured:
    """Posts with at least so many favourites."""

    times: int


@dataclass(frozen=True, slots=True)
class Not:
    """What the part does not match."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class All:
    """What every part matches."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Any:
    """What at least one part matches."""

    parts: tuple["Node", ...]


Node = Words | Facet | By | Before | Since | Favoured | Not | All | Any


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for (None: whatever there is), and where."""

    root: Node | None
    where: Where = Where.EVERYTHING


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search that somebody keeps."""

    id: int
    title: str
    query: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """A kept search that somebody may listen to, and the lists it is on."""

    id: int
    owner_id: int
    query: str
    list_ids: tuple[int, ...]
    quiet_ids: frozenset[int] = frozenset()
    """Those of the lists that show no answers to strangers."""
