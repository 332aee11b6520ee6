"""How text becomes lexemes, the same for posts and for what people look for. Pure.

Words are folded (NFKC, case, diacritics of Latin letters). Where a script sets no spaces between words, or glues
endings to them (Chinese, Japanese, Korean, Thai, Lao, Khmer, Burmese), every two characters that stand together are a
lexeme, and the last one by itself, so that single characters are found as beginnings. Lexemes keep their places, so
that phrases can be found. Stems are not made here but by PostgreSQL's dictionaries.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import regex

from linnet.features.search.models import Token

LEXEME_LENGTH_MAX: Final = 64
"""Code points of a word that count; PostgreSQL takes 2,046 bytes."""

PLACES_MAX: Final = 10_000
"""Words of a text that are indexed; PostgreSQL knows 16,383 places."""

PLACES_OF_LEXEME_MAX: Final = 250
"""Places of one word that count; PostgreSQL takes 255."""

STEMMERS: Final[Mapping[str, str]] = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian",
    "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali",
    "nl": "dutch", "nn": "norwegian", "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian",
    "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
"""PostgreSQL's text search configuration for each language (ISO 639-1) that there is one for: those of version 15."""

_DENSE: Final = (
    r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Bopomofo}"
    r"\u3005\u3006\u30fc"  # the marks of repetition and of length belong to no script
)
_RUN = regex.compile(rf"(?V1)(?P<dense>[{_DENSE}]+)|(?P<word>[[\p{{L}}\p{{M}}\p{{N}}]--[{_DENSE}]]++)")
_ASCII_WORDS = re.compile(r"[a-z0-9]+").findall
"""The same for a text without other letters, in a quarter of the time."""

_MARKS_ON_LATIN = regex.compile(r"(?<=\p{Latin})\p{Mn}+")
_LETTERS: Final = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th"})
"""Latin letters that do not come apart into a letter and a mark."""


def tokens(text: str) -> list[Token]:
    """The words of a text in their order, each with its place, from 1, and what its language's stemmer takes."""
    found: list[Token] = []
    place = 0
    for word, dense in _runs(text):
        if word:
            place += 1
            found.append(Token(folded(word), word, place=place))
        else:
            for pair in _pairs(dense):
                place += 1
                found.append(Token(pair, None, place=place))
            if len(dense) > 1:
                found.append(Token(dense[-1], None, place=place))
        if len(found) >= PLACES_MAX:
            break
    return found[:PLACES_MAX]


def asked(text: str) -> tuple[Token, ...]:
    """The same for what is looked for: of a dense run the pairs, or what begins with its single character.

    A `*` at the end of a word stands for all that begin with it.
    """
    found: list[Token] = []
    for word, dense in _runs(text):
        if word:
            found.append(Token(folded(word), word))
        else:
            found += [Token(pair, None, prefix=len(dense) == 1) for pair in _pairs(dense)]
    if found and text.endswith("*"):
        found[-1] = Token(found[-1].lexeme, None, prefix=True)
    return tuple(found)


def vector(words: Iterable[Token]) -> str:
    """A text that PostgreSQL reads as `tsvector`: every lexeme with its places."""
    places: dict[str, list[str]] = {}
    for word in words:
        places.setdefault(word.lexeme, []).append(str(word.place))
    return " ".join(f"{quoted(lexeme)}:{','.join(at[:PLACES_OF_LEXEME_MAX])}" for lexeme, at in places.items())


def quoted(lexeme: str) -> str:
    """A lexeme as `tsvector` and `tsquery` read it."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def _runs(text: str) -> Iterator[tuple[str, str]]:
    """Each word, or each run of a dense script: one of the two is empty."""
    text = unicodedata.normalize("NFKC", text).casefold()
    if text.isascii():
        yield from ((word[:LEXEME_LENGTH_MAX], "") for word in _ASCII_WORDS(text))
        return
    for run in _RUN.finditer(text):
        yield (run["word"] or "")[:LEXEME_LENGTH_MAX], run["dense"] or ""


def folded(word: str) -> str:
    """Without the diacritics of Latin letters; other scripts' marks make other letters, and stay."""
    if word.isascii():
        return word
    bare = _MARKS_ON_LATIN.sub("", unicodedata.normalize("NFD", word))
    return unicodedata.normalize("NFC", bare).translate(_LETTERS)[:LEXEME_LENGTH_MAX]


def _pairs(run: str) -> list[str]:
    """Every two characters that stand together, or the single one."""
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]
