"""Duplicates and near-duplicates: MinHash signatures of texts, what two have in common, and a window of many."""

import re
from functools import reduce
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from linnet.features.moderation.detectors.normal import Folded, fold
from linnet.features.moderation.models import Context, Finding, Reason, Signature, Span

VERSION: Final = "duplicates-1"
HASHES: Final = 64
BANDS: Final = 12
ROWS: Final = 3
"""Minima that make a key: 12 keys of 3 find a text with 60 % of its shingles in common in 19 of 20 cases (Leskovec,
Rajaraman, Ullman: Mining of Massive Datasets, §3.4.2), one with 90 % always, and one with 10 % in 1 of 100."""
ALIKE: Final = 0.47
"""Jaccard similarity of shingles from which on one text is a near-duplicate of another."""
ALIKE_AMONG_ALL: Final = 0.6
"""The same for a post among a million of others, where chance has a million chances."""
SAME: Final = 0.97
SHINGLE: Final = 3
LETTERS_LEAST: Final = 8
"""Of a text with fewer letters only an exact copy is a duplicate."""
READ_MAX: Final = 1_500

_LINK: Final = re.compile(r"(?:ht\S{0,3}p\S{0,2}:/|www\.)\S*")
_MENTION: Final = re.compile(r"@\w+")
_TAG: Final = re.compile(r"#\w+")
_WORD: Final = re.compile(r"[^\W_]+")
_LETTERS: Final = str.maketrans("013457", "oieast")
_STEP: Final = np.uint32(0x01000193)
_MIX: Final = np.uint32(0x85EBCA6B)
_chance = np.random.default_rng(20261130)
_FACTORS: Final = _chance.integers(1, 1 << 32, HASHES, np.uint32) | np.uint32(1)
_TERMS: Final = _chance.integers(0, 1 << 32, HASHES, np.uint32)
_EACH_BAND: Final = np.arange(BANDS)
_AT_MOST_ALIKE: Final = 255 / 256
"""What two sketches of eight bits have in common that is no chance."""


class Window(Protocol):
    """The signatures of everyone's last posts: in memory here, in Valkey for all processes."""

    def near(self, signature: Signature) -> tuple[int, float] | None:
        """The post that is most like `signature` among those kept, and how alike; None when none is alike."""
        ...

    def add(self, post_id: int, signature: Signature) -> None:
        """Keep a post's signature; the oldest one gives way."""
        ...


def detect(text: str, context: Context) -> list[Finding]:
    """Whether a text is a copy, or nearly, of one of the author's last; the likeliest one's likeness is the score."""
    if not context.history.recent:
        return []
    own = signature(fold(text))
    best = max(likeness(own, other) for other in context.history.recent)
    if best < ALIKE:
        return []
    return [Finding(Span(0, len(text)), Reason.DUPLICATE if best >= SAME else Reason.NEAR_DUPLICATE, best, VERSION)]


def signature(folded: Folded) -> Signature:
    """What is kept of a text's letters: no links, mentions, numbers or hashtags, no spelling, no order of its parts."""
    return signature_of(essence(folded))


def signature_of(words: str) -> Signature:
    """The same of what `essence` left of a text."""
    hashes = _shingles(words)[:, None] * _FACTORS
    hashes += _TERMS
    minima = np.minimum.reduce(hashes)
    first, second, third = (minima[row : BANDS * ROWS : ROWS] for row in range(ROWS))
    bands = (first * _STEP ^ second) * _MIX ^ third
    return Signature(minima.astype(np.uint8).tobytes(), tuple(bands.tolist()))


def likeness(one: Signature, other: Signature) -> float:
    """An estimate of the Jaccard similarity of two texts' shingles, 0 to 1, with a standard error of 0.06."""
    differing = int.from_bytes(one.sketch) ^ int.from_bytes(other.sketch)
    equal = differing.to_bytes(HASHES).count(0) / HASHES
    return max(0.0, (equal - (1 - _AT_MOST_ALIKE)) / _AT_MOST_ALIKE)


def are_near(one: str, other: str) -> bool:
    """Whether one text is a near-duplicate of another, from the texts themselves."""
    ours, theirs = (np.unique(_shingles(essence(fold(text)))) for text in (one, other))
    common = len(np.intersect1d(ours, theirs, assume_unique=True))
    return common >= ALIKE * (len(ours) + len(theirs) - common)


def essence(folded: Folded) -> str:
    """The words of a text that make it what it is; all of it where nothing else is left."""
    text = folded.text[:READ_MAX]
    linkless = _LINK.sub(" ", text) if "/" in text or "www." in text else text
    bare = _MENTION.sub(" ", linkless) if "@" in linkless else linkless
    for spare in (_TAG.sub(" ", bare) if "#" in bare else bare, bare, text):
        words = " ".join([word for word in _WORD.findall(spare) if not word.isdigit()])
        if len(words) >= LETTERS_LEAST:
            return f" {words.translate(_LETTERS)} "
    return f" {text} "


def _shingles(text: str) -> NDArray[np.uint32]:
    """Hashes of the runs of three letters of a text; of a short text one of all of it."""
    letters = np.frombuffer(text.encode("utf-32-le", "ignore"), np.uint32)
    if len(letters) < LETTERS_LEAST:
        whole = reduce(lambda rolling, letter: (rolling * 0x01000193 ^ letter) & 0xFFFFFFFF, letters.tolist(), 7)
        return np.array([whole], np.uint32)
    hashes = ((letters[:-2] * _STEP ^ letters[1:-1]) * _STEP ^ letters[2:]) * _MIX
    return hashes ^ (hashes >> np.uint32(15))


class MemoryWindow:
    """The last `capacity` posts in fixed memory: a ring of sketches, and for each band who was last in each slot."""

    def __init__(self, capacity: int) -> None:
        slots_log2 = max(8, capacity.bit_length() + 1)
        self._capacity = capacity
        self._shift = np.uint32(32 - min(slots_log2, 32))
        self._last = np.zeros((BANDS, 1 << slots_log2), np.uint32)
        self._sketches = np.zeros((capacity, HASHES), np.uint8)
        self._ids = np.zeros(capacity, np.int64)
        self._added = 0

    def near(self, signature: Signature) -> tuple[int, float] | None:
        """The post most like `signature` among those that were last in one of its bands, if it is alike."""
        last = self._last[_EACH_BAND, self._slots(signature)]
        places = last[(last > 0) & (last + self._capacity > self._added)] % np.uint32(self._capacity)
        if not len(places):
            return None
        equal = (self._sketches[places] == np.frombuffer(signature.sketch, np.uint8)).sum(axis=1)
        best = int(equal.argmax())
        alike = (float(equal[best]) / HASHES - (1 - _AT_MOST_ALIKE)) / _AT_MOST_ALIKE
        return (int(self._ids[places[best]]), alike) if alike >= ALIKE_AMONG_ALL else None

    def add(self, post_id: int, signature: Signature) -> None:
        """Keep a post's signature in place of the oldest."""
        self._added += 1
        place = self._added % self._capacity
        self._sketches[place] = np.frombuffer(signature.sketch, np.uint8)
        self._ids[place] = post_id
        self._last[_EACH_BAND, self._slots(signature)] = self._added

    def _slots(self, signature: Signature) -> NDArray[np.uint32]:
        return (np.array(signature.bands, np.uint32) * _MIX) >> self._shift
