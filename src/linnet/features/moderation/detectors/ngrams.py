"""Texts as hashed n-grams of their letters and words: what the trained models look at, the same in training and use."""

import re
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from linnet.features.moderation.detectors.normal import Folded

Buckets = NDArray[np.uint32]

BUCKETS_LOG2: Final = 20
READ_MAX: Final = 1_200
"""Characters of a text that are cut into n-grams; what is longer is read at its beginning and its end."""
LETTERS: Final = (3, 5)
"""Lengths of the n-grams of letters: those between and beyond add time and no accuracy."""
LETTERS_MAX: Final = max(LETTERS)

_FIRST: Final = np.ones(1, np.bool_)
_MASK: Final = np.uint32((1 << BUCKETS_LOG2) - 1)
_STEP: Final = np.uint32(0x01000193)
_SPREAD: Final = np.uint32(0x9E3779B1)
_LINK: Final = re.compile(r"https?:/\S*|www\.\S+|\b[a-z0-9-]+\.(?:com|net|org|ru|me|ly|info|co)\b\S*")
_MENTION: Final = re.compile(r"@\w+")
_DIGIT: Final = re.compile(r"[0-9]")
_SPACES: Final = re.compile(r"\s+")
_WORD: Final = re.compile(r"\w+|[^\w\s]")


def plain(folded: Folded) -> str:
    """A folded text without what differs from one copy to the next: whom it names, where it links to, which number."""
    text = folded.text
    if len(text) > READ_MAX:
        text = text[: READ_MAX * 3 // 4] + " " + text[-READ_MAX // 4 :]
    text = _LINK.sub(" http ", text)
    text = _MENTION.sub("@", text)
    return f" {_SPACES.sub(' ', _DIGIT.sub('0', text)).strip()} "


def buckets(folded: Folded) -> Buckets:
    """The buckets that a text falls into, each once, in rising order.

    By its n-grams of letters, its words, its pairs of words up to three apart, and its `_signs`.
    """
    text = plain(folded)
    letters = np.frombuffer(text.encode("utf-32-le", "ignore"), np.uint32)
    found: list[Buckets] = []
    rolling = letters * _STEP
    for length in range(2, min(LETTERS_MAX, len(letters)) + 1):
        rolling = (rolling[:-1] ^ letters[length - 1 :]) * _STEP
        if length in LETTERS:
            found.append(_spread(rolling + np.uint32(length)))
    words = np.array([crc32(word.encode("utf-8", "ignore")) for word in _WORD.findall(text)], np.uint32)
    found.extend(_spread((words[:-apart] * _STEP ^ words[apart:]) + np.uint32(min(apart, 2))) for apart in (1, 2, 3))
    found += (words, np.array(list(map(crc32, _signs(folded))), np.uint32))
    fallen = np.concatenate(found) & _MASK
    fallen.sort()
    return fallen[np.concatenate((_FIRST, fallen[1:] != fallen[:-1]))]


def _spread(hashes: Buckets) -> Buckets:
    """Hashes whose low bits depend on all of their bits."""
    spread = hashes * _SPREAD
    return spread ^ (spread >> np.uint32(15))


def _signs(folded: Folded) -> list[bytes]:
    """What the folded text no longer shows: shouting, mixed scripts, how long it is, how many it names and links to."""
    original = folded.original[:READ_MAX]
    loud = sum(map(str.isupper, original)) * 4 // max(len(original), 1)
    return [
        b"\0loud%d" % loud,
        b"\0mixed%d" % min(folded.mixed, 3),
        b"\0long%d" % len(original).bit_length(),
        b"\0names%d" % min(original.count("@"), 4),
        b"\0links%d" % min(original.count("://"), 3),
        b"\0tags%d" % min(original.count("#"), 4),
        b"\0lines%d" % min(original.count("\n"), 3),
        b"\0odd%d" % (abs(len(folded.text) - len(folded.original)).bit_length()),
    ]
