"""The stems of words by PostgreSQL's dictionaries, remembered by the process that indexes: most words come again."""

from collections.abc import Iterable
from typing import Final

from linnet.features.search.store import documents
from linnet.features.search.words import STEMMERS
from linnet.platform.postgres import Queries

NO_DICTIONARY: Final = "simple"
"""Of posts in a language that has no stemmer: what it gives are the words themselves."""

REMEMBERED_MAX: Final = 100_000
"""Words, of all dictionaries; 100 bytes each."""

_remembered: dict[tuple[str, str], tuple[str, ...]] = {}
"""They never change: a dictionary comes with PostgreSQL."""


def dictionary_of(language: str) -> str:
    """The dictionary for a language (ISO 639, with a region or not)."""
    stemmer = STEMMERS.get(language.partition("-")[0].lower())
    return f"{stemmer}_stem" if stemmer else NO_DICTIONARY


async def find(db: Queries, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, ...]]:
    """The stems of words by (dictionary, word); one statement for those not seen lately."""
    pairs = set(wanted)
    unknown = sorted(pair for pair in pairs if pair not in _remembered)
    if unknown:
        if len(_remembered) + len(unknown) > REMEMBERED_MAX:
            _remembered.clear()
            unknown = sorted(pairs)
        found = await documents.stems(db, [dictionary for dictionary, _ in unknown], [word for _, word in unknown])
        _remembered.update({pair: tuple(stems) for pair, stems in zip(unknown, found, strict=True)})
    return {pair: _remembered[pair] for pair in pairs}
