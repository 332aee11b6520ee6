"""Keyboard mash and random strings: letters that follow each other as in no language, in Latin and Cyrillic."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp, log
from typing import Final

import numpy as np
from numpy.typing import NDArray

from linnet.features.moderation.detectors.normal import Folded, fold
from linnet.features.moderation.models import Context, Finding, Reason, Span

VERSION: Final = "gibberish-1"
REPORTED_FROM: Final = 0.5
READ_MAX: Final = 400
LETTERS_LEAST: Final = 5
"""Letters below which anything may be a word."""
JUDGED_LEAST: Final = 0.6
"""Share of a text's letters that must be of scripts whose languages are known here."""
ALPHABET: Final = "abcdefghijklmnopqrstuvwxyzабвгдежзиклмнопрстуфхцчшщъыьэюяіїє"
SIZE: Final = len(ALPHABET) + 1
ENCODED_WORDS_MAX: Final = 3
"""Words that one string in base 64 falls into, for the most part."""
USUAL: Final = -2.6
"""Mean logarithm from which on letters follow each other as in words, and nothing else needs to be measured: of what is
gibberish nothing comes nearer than -2.75, and of ordinary posts 19 in 20 are beyond."""
UNIT: Final = 1 / 12
"""Natural logarithms of probabilities are kept in twelfths."""
UNSEEN: Final = -72
"""Six: what comes less often than once in 400 times, in these units."""

_NO_WORDS: Final = re.compile(r"[@#]\w+|\[\w+\]|&\w+;")
_LINKED: Final = re.compile(r"://|www\.|\.\w{2,4}/")
_ODD_CASE: Final = re.compile(r"[a-z][A-Z]|[A-Z]{2}[a-z]")
_DIGIT_INSIDE: Final = re.compile(r"[^\W\d_][0-9]|[0-9][^\W\d_]")
_WORD: Final = re.compile(r"[^\W_]+")
_VOWELS: Final = re.compile("[aeiouyаеиоуыэюяіїє]")
_ENCODED: Final = re.compile(r"[A-Za-z0-9+/]{12,}={0,2}$")


@dataclass(slots=True, frozen=True)
class Tables:
    """Probabilities of a letter after two others, and the weights of a logistic regression on what `measures` gives."""

    logarithms: NDArray[np.int8]
    means: NDArray[np.float64]
    weights: NDArray[np.float64]
    bias: float


def detect(text: str, context: Context) -> list[Finding]:
    """Whether a text as a whole is gibberish. Nothing is said of other scripts, nor of a word or two in a sentence."""
    return detect_folded(fold(text), context)


def detect_folded(folded: Folded, _: Context) -> list[Finding]:
    """As `detect`, for a text that was folded already."""
    score = gibberish(folded)
    return [Finding(Span(0, len(folded.original)), Reason.GIBBERISH, score, VERSION)] if score >= REPORTED_FROM else []


def gibberish(folded: Folded) -> float:
    """How likely a text is no text, 0 to 1."""
    measured = measures(folded, USUAL)
    if measured is None:
        return 0.0
    tables = _tables()
    value = float(((measured - tables.means) @ tables.weights) + tables.bias)
    return 1 / (1 + exp(-max(-30.0, min(30.0, value))))


def measures(folded: Folded, unless: float = 0.0) -> NDArray[np.float64] | None:
    """What is measured of a text, or None where there is too little to judge or its letters are as usual as `unless`.

    How usual its letters are after each other, how many are most unusual, and signs of random strings.
    """
    text = said(folded.text[:READ_MAX])
    usual = usualness(text)
    letters = len(usual)
    if letters < LETTERS_LEAST or int(usual.sum(dtype=np.int64)) * UNIT > unless * letters:
        return None
    if not text.isascii() and letters < JUDGED_LEAST * sum(map(str.isalpha, text)):
        return None
    words = _WORD.findall(text)
    longest = max(map(len, words))
    return described(usual.astype(np.float64), text, said(folded.original[:READ_MAX]), words, longest)


def said(text: str) -> str:
    """A text without links, mentions and hashtags: what somebody said in words."""
    if _LINKED.search(text) is not None:
        text = " ".join(word for word in text.split() if _LINKED.search(word) is None)
    return _NO_WORDS.sub(" ", text)


def usualness(text: str) -> NDArray[np.int8]:
    """How usual each known letter of a text is between its neighbours, in logarithms of twelfths."""
    codes = _codes(text)
    places = np.flatnonzero(codes)
    around = codes[places - 1] * (SIZE * SIZE) + codes[places] * SIZE + codes[places + 1]
    return _tables().logarithms[around]


def described(
    usual: NDArray[np.float64], text: str, original: str, words: list[str], longest: int
) -> NDArray[np.float64]:
    """The measures in the order of the weights."""
    letters = len(usual)
    mean = float(usual.mean()) * UNIT
    unseen = float((usual <= UNSEEN).mean())
    odd_case = len(_ODD_CASE.findall(original)) / letters
    digits = len(_DIGIT_INSIDE.findall(original)) / letters
    vowels = len(_VOWELS.findall(text)) / letters
    size = log(letters)
    encoded = float(len(words) <= ENCODED_WORDS_MAX and _ENCODED.search(original) is not None)
    return np.array(
        [
            mean,
            unseen,
            float(np.sort(usual)[letters // 4]) * UNIT,
            mean * size,
            unseen * size,
            odd_case,
            digits,
            vowels,
            abs(vowels - 0.4),
            size,
            longest / letters,
            min(longest, 40) / 10,
            len(set(text)) / min(letters, 40),
            encoded,
            odd_case * digits,
        ]
    )


def _codes(text: str) -> NDArray[np.int64]:
    """Places in the alphabet, 0 for all else, with a 0 before and behind."""
    points = np.frombuffer(f" {text} ".encode("utf-32-le", "ignore"), np.uint32)
    return _PLACES[np.minimum(points, len(_PLACES) - 1)]


_PLACES: Final = np.zeros(0x500, np.int64)
for _place, _letter in enumerate(ALPHABET, 1):
    _PLACES[ord(_letter)] = _place


@cache
def _tables() -> Tables:
    packed = files("linnet.features.moderation.detectors.weights").joinpath("gibberish.npz")
    with packed.open("rb") as file, np.load(file, allow_pickle=False) as saved:
        return Tables(saved["logarithms"], saved["means"], saved["weights"], float(saved["bias"]))
