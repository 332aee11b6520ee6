"""What there is to find a post by: its words, their stems, and facets of what it is and has. Pure but for the stems.

Whoever indexes a post and whoever matches it in memory describe it here, so that both mean the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from linnet.features.search import facets, stems
from linnet.features.search.models import Token
from linnet.features.search.words import folded, tokens
from linnet.platform.postgres import Queries


@dataclass(frozen=True, slots=True)
class Said:
    """A post as far as it matters for being found."""

    id: int
    account_id: int
    text: str
    spoiler_text: str
    poll_options: tuple[str, ...]
    language: str | None
    answered_id: int | None
    """The account that is answered."""
    states: frozenset[str]
    """Of `facets.STATES`."""
    media_kinds: tuple[str, ...]
    """Of what is attached, and"""
    descriptions: tuple[str, ...]
    """how it is described."""
    mention_ids: tuple[int, ...]
    tags: tuple[str, ...]
    favourites: int = 0


@dataclass(frozen=True, slots=True)
class Described:
    """A post as words in their order and as lexemes without a place."""

    said: Said
    words: Sequence[Token]
    stems: Sequence[str]
    """Other forms of its words, each once and none that is a word of it."""
    facets: Sequence[str]
    lexemes: frozenset[str] = field(default=frozenset())
    """All of them."""


async def describe(db: Queries, posts: Sequence[Said], otherwise: str) -> list[Described]:
    """Each post described; of one in no language known the words are taken for the language `otherwise`.

    At most one statement, for stems that this process has not asked for lately.
    """
    words = [tokens(facets.readable(_readable(said))) for said in posts]
    asked = [
        [(stems.dictionary_of(said.language or otherwise), word.plain) for word in found if word.plain is not None]
        for said, found in zip(posts, words, strict=True)
    ]
    known = await stems.find(db, chain.from_iterable(asked))
    return [
        _described(said, found, [stem for pair in pairs for stem in known[pair]])
        for said, found, pairs in zip(posts, words, asked, strict=True)
    ]


def _readable(said: Said) -> str:
    """All that a reader reads in a post."""
    return "\n".join((said.spoiler_text, said.text, *said.poll_options, *said.descriptions))


def _described(said: Said, words: Sequence[Token], stems_: Sequence[str]) -> Described:
    written = {word.lexeme for word in words}
    others = list(dict.fromkeys(stem for one in stems_ if (stem := folded(one)) not in written))
    about = list(_facets(said))
    return Described(said, words, others, about, frozenset(chain(written, others, about)))


def _facets(said: Said) -> Iterator[str]:
    """What the post is and has, but for whether everybody finds it."""
    day = facets.day_of(said.id)
    yield facets.day(day)
    yield facets.epoch(day // facets.EPOCH_DAYS)
    yield facets.author(said.account_id)
    if said.answered_id is not None:
        yield facets.answering(said.answered_id)
    yield from (facets.being(state) for state in facets.STATES if state in said.states)
    if said.language:
        yield facets.language(said.language.partition("-")[0].lower())
    if facets.has_link(said.text):
        yield facets.having("link")
    if said.poll_options:
        yield facets.having("poll")
    if said.media_kinds:
        yield facets.having("media")
    yield from {facets.having(shown) for kind in said.media_kinds for shown in facets.SHOWN.get(kind, ())}
    yield from facets.favoured(said.favourites)
    yield from (facets.mentioning(account_id) for account_id in said.mention_ids)
    yield from (facets.tagged(name) for name in said.tags)
