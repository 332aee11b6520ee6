"""Texts as hashed n-grams of their letters and words: what the trained models look at, the same in training and use."""

import re
from functools import cache
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from linnet.features.moderation.detectors.normal import Folded

Buckets = NDArray[np.uint32]

BUCKETS_LOG2: Final = 18
MANY_LOG2: Final = 20
"""Of models of one language, and of those of many."""
READ_MAX: Final = 1_200
"""Characters of a text that are cut into n-grams; what is longer is read at its beginning and its end."""
LETTERS: Final = (3, 5)
"""Lengths of the n-grams of letters: those between and beyond add time and no accuracy."""
LETTERS_MAX: Final = max(LETTERS)

_FIRST: Final = np.ones(1, np.bool_)
_STEP: Final = np.uint32(0x01000193)
_SPREAD: Final = np.uint32(0x9E3779B1)
_HALF: Final = np.uint32(15)
_SIGN: Final = 0x85EBCA6B
_ALL: Final = 0xFFFFFFFF
_FAR: Final = 0x3000
_PICTURES: Final = 0x1F000
_SHAPES: Final = 0x200000
"""Beyond all characters, so that a kind is none of them."""
_LINK: Final = re.compile(r"https?:/\S*|www\.\S+|\b[a-z0-9-]+\.(?:com|net|org|ru|me|ly|info|co)\b\S*")
_MENTION: Final = re.compile(r"@\w+")
_DIGIT: Final = re.compile(r"[0-9]")
_WORD: Final = re.compile(r"\w+|[^\w\s]")
_ASCII_WORD: Final = re.compile(rb"\w+|[^\w\s]")


def plain(folded: Folded) -> str:
    """A folded text without what differs from one copy to the next: whom it names, where it links to, which number."""
    text = folded.text
    if len(text) > READ_MAX:
        text = text[: READ_MAX * 3 // 4] + " " + text[-READ_MAX // 4 :]
    if "." in text or "http" in text:
        text = _LINK.sub(" http ", text)
    if "@" in text:
        text = _MENTION.sub("@", text)
    return f" {' '.join(_DIGIT.sub('0', text).split())} "


def hashes(folded: Folded) -> Buckets:
    """What a text is made of, in no order, as numbers all of whose bits are alike.

    N-grams of its letters and its shape, its words, its pairs of words up to three apart, how it begins and ends, and
    its `_signs`.
    """
    text = plain(folded)
    letters = np.frombuffer(text.encode("utf-32-le", "ignore"), np.uint32)
    written = np.concatenate((letters, shape(folded.original[:READ_MAX])))
    found: list[Buckets] = []
    rolling = written * _STEP
    for length in range(2, LETTERS_MAX + 1):
        rolling = (rolling[:-1] ^ written[length - 1 :]) * _STEP
        if length in LETTERS:
            found.append(rolling + np.uint32(length))
    words = hashed_words(text)
    both = np.array(words + _ends(words) + _signs(folded), np.uint32)
    alone = both[: len(words)]
    first = alone * _STEP
    found.append(both)
    found.extend((first[:-apart] ^ alone[apart:]) + np.uint32(min(apart, 2)) for apart in (1, 2, 3))
    mixed = np.concatenate(found)
    mixed *= _SPREAD
    mixed ^= mixed >> _HALF  # the low bits depend on all bits
    return mixed


def buckets(hashed: Buckets, size_log2: int) -> Buckets:
    """The buckets that a text of such `hashes` falls into, each once, in rising order; there are 2 ** `size_log2`."""
    fallen = hashed & np.uint32((1 << size_log2) - 1)
    fallen.sort()
    return fallen[np.concatenate((_FIRST, fallen[1:] != fallen[:-1]))]


def hashed_words(text: str) -> list[int]:
    """The words and signs of a text as numbers, in their order."""
    if text.isascii():
        return list(map(crc32, _ASCII_WORD.findall(text.encode())))
    return [crc32(word.encode("utf-8", "ignore")) for word in _WORD.findall(text)]


def shape(original: str) -> Buckets:
    """How a text looks, not what it says: kinds of characters in their order, each run of a kind once.

    Kinds are capitals and small letters of three families of scripts, digits, pictures, and each sign by itself. Words
    in capitals, sentences with a full stop, a letter of another script in a word, and lists can be told from it.
    """
    points = np.frombuffer(f" {original} ".encode("utf-32-le", "ignore"), np.uint32)
    kinds = _kinds()[np.minimum(points, _FAR) + (points >= _PICTURES)]
    changes = np.concatenate((_FIRST, kinds[1:] != kinds[:-1], _FIRST))
    begins = np.flatnonzero(changes[:-1])
    return kinds[begins] * 2 + ~changes[begins + 1]


@cache
def _kinds() -> Buckets:
    """The kind of each character up to `_FAR`, of all others that are letters mostly, and of pictures."""
    near = [_kind(chr(point)) for point in range(_FAR)]
    return np.array([*near, ord("o"), ord("e")], np.uint32) + _SHAPES


def _kind(letter: str) -> int:
    if letter.isalpha():
        script = "a" if letter < "\u0250" else "c" if "\u0400" <= letter < "\u0530" else "o"
        return ord(script.upper() if letter.isupper() else script)
    if letter.isdigit():
        return ord("0")
    if letter.isspace():
        return ord("\n" if letter == "\n" else " ")
    return ord("e" if letter >= "\u2000" else letter)


def _ends(words: list[int]) -> list[int]:
    """The first and the last word of a text, and the first and last two."""
    first, second, before, last = (words[0], words[1], words[-2], words[-1]) if len(words) > 1 else (0, 0, 0, 0)
    return [first ^ _SIGN, last ^ _SIGN << 1 & _ALL, (first * 3 + second) & _ALL, (before * 5 + last) & _ALL]


def _signs(folded: Folded) -> list[int]:
    """What the folded text no longer shows: shouting, mixed scripts, how long it is, how many it names and links to."""
    original = folded.original[:READ_MAX]
    loud = sum(map(str.isupper, original)) * 4 // max(len(original), 1)
    shown = (
        loud,
        min(folded.mixed, 3),
        len(original).bit_length(),
        min(original.count("@"), 4),
        min(original.count("://"), 3),
        min(original.count("#"), 4),
        min(original.count("\n"), 3),
        abs(len(folded.text) - len(folded.original)).bit_length(),
    )
    return [_SIGN * (number * 32 + value + 1) & _ALL for number, value in enumerate(shown)]
