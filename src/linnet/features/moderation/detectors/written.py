"""Terms as they are written: where their letters stand, and whether the word around them is the term."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Final

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from linnet.features.moderation.detectors.words import (
    MILD,
    SHORT_ENDINGS,
    Term,
    companions,
    endings,
    innocents,
    terms,
)

CANDIDATES_MAX: Final = 200
"""Places where the letters of a term stand that are looked at more closely."""
TOKEN_MAX: Final = 60
"""Letters of the longest word; what is longer is none."""
SHORT: Final = 3
"""Letters of the shortest term that is found in disguise or in compounds; only what is longer has every ending."""
LONG_ENDING: Final = 8
LONG_COMPANION: Final = 10
COMPANIONS_MAX: Final = 24
"""Letters of the longest row of companions on either side of a term."""

_WORD: Final = re.compile(r"[^\W\d_]+")


def written(text: str, language: str | None) -> Iterator[tuple[int, int, Term]]:
    """Terms in a text as it stands, where the words around them allow it."""
    for spoken in (None, language) if language in _languages() else (None,):
        search, known = _automaton(spoken)
        for number, start, end in search(text, overlapping=True)[:CANDIDATES_MAX]:
            term = known[number]
            if (term.mode == "i" or start == 0 or not text[start - 1].isalpha() or term.severity > MILD) and _stands(
                text, start, end, term
            ):
                yield start, end, term
        words = _words(spoken)
        for match in _WORD.finditer(text) if not words.keys().isdisjoint(_WORD.findall(text)) else ():
            if (term := words.get(match[0])) is not None:
                yield match.start(), match.end(), term


def _stands(text: str, start: int, end: int, term: Term) -> bool:
    """Whether the word at `start` up to `end` is the term, and not one that happens to contain its letters."""
    if term.mode == "i" and not text[start].isascii() and not text[start].isalpha():
        return True
    first, last = start, end
    while first > 0 and start - first < TOKEN_MAX and text[first - 1].isalpha():
        first -= 1
    while last < len(text) and last - end < TOKEN_MAX and text[last].isalpha():
        last += 1
    before, after = text[first:start], text[end:last]
    if text[first:last] in innocents():
        return False
    if term.mode == "i" or (not before and not after):
        return True
    return last - first < TOKEN_MAX and _is_in_company(term, before, after)


def _is_in_company(term: Term, before: str, after: str) -> bool:
    """Whether a term is still itself between the letters `before` and `after`: with endings, or in a compound."""
    if not before:
        return term.mode == "p" or is_ending(term, after) or (_forms_compounds(term) and _is_made_of_companions(after))
    return (
        _forms_compounds(term)
        and _is_made_of_companions(before)
        and (is_ending(term, after) or _is_made_of_companions(after))
    )


def _forms_compounds(term: Term) -> bool:
    return len(term.text) >= SHORT and term.severity > MILD and "en" in term.languages


def is_ending(term: Term, after: str) -> bool:
    """Whether the letters behind a term leave it what it is: an ending, doubled letters and all, or two of them."""
    if not after or after in SHORT_ENDINGS or (after in endings() and len(term.text) > SHORT):
        return True
    if len(term.text) <= SHORT or term.severity == MILD or len(after) > LONG_ENDING:
        return False
    return any(after[:cut] in endings() and after[cut:] in endings() for cut in range(1, len(after))) or (
        len(after) > 1 and after[0] == term.text[-1] and after[1:] in endings()
    )


def _is_made_of_companions(letters: str) -> bool:
    """Whether letters are a row of words that stand beside terms in compounds and hashtags."""
    if len(letters) > COMPANIONS_MAX:
        return False
    reached = {0}
    for end in range(1, len(letters) + 1):
        if any(letters[start:end] in companions() for start in reached if end - start <= LONG_COMPANION):
            reached.add(end)
    return len(letters) in reached


@cache
def _languages() -> frozenset[str]:
    """Languages with terms that are only theirs."""
    return frozenset(language for term in terms() if not term.is_alone for language in term.languages)


def _of(language: str | None) -> list[Term]:
    """Terms of all languages that need none to be known, or those that are only `language`'s."""
    return [
        term
        for term in terms()
        if (term.is_alone if language is None else not term.is_alone and language in term.languages)
    ]


def _is_plain_word(term: Term) -> bool:
    """Whether a term is found by looking words up: mild ones count as a whole word, and alone."""
    return term.severity == MILD and term.mode == "w" and _WORD.fullmatch(term.text) is not None


@cache
def _words(language: str | None) -> dict[str, Term]:
    return {term.text + ending: term for term in _of(language) if _is_plain_word(term) for ending in ("", "s", "es")}


@cache
def _automaton(language: str | None) -> tuple[Callable[..., list[tuple[int, int, int]]], list[Term]]:
    """What finds in one pass where any of the terms stands, and the terms by their number in it."""
    known = [term for term in _of(language) if not _is_plain_word(term)]
    found = AhoCorasick([term.text for term in known], matchkind=MatchKind.Standard, implementation=Implementation.DFA)
    return found.find_matches_as_indexes, known


def forget() -> None:
    """Read the words anew when next asked: for who has written them anew."""
    for kept in (terms, innocents, _languages, _words, _automaton):
        kept.cache_clear()
