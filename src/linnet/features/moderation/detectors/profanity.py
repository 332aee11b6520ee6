"""Profanity and slurs in many languages, however they are spelt, and without finding any in Scunthorpe."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import Final

from linnet.features.moderation.detectors.normal import Folded, fold
from linnet.features.moderation.detectors.words import MILD, SEVERE, STRONG, Term, terms
from linnet.features.moderation.detectors.written import SHORT, TOKEN_MAX, is_ending, written
from linnet.features.moderation.models import Context, Finding, Reason

VERSION: Final = "profanity-1"
SCORES: Final = {MILD: 0.3, STRONG: 0.7, SEVERE: 0.85}
"""How sure a finding is of being unwelcome, by severity; `AIMED` more when it is said to somebody."""
AIMED: Final = 0.1
SEXUAL_MAX: Final = 0.7
FINDINGS_MAX: Final = 50
"""What nobody needs to see more of to know what a text is like."""
DISGUISED_MAX: Final = 40
"""Disguised words of a text that are looked at: a text with more of them is no text."""
DISGUISED_READ_MAX: Final = 1_500
"""Characters of a text in which disguises are looked for; terms as they are written are in all of it."""
READINGS_MAX: Final = 8
"""Ways to read a word of letters that go on and on."""
MASKED_LEAST: Final = 2
"""Letters that must be left of a word behind stars."""
UNMISTAKEN: Final = 4
"""Letters of the shortest term that is recognized among other letters that are spelt one by one."""

_TOKEN: Final = re.compile(r"[^\s,;:()\[\]{}\"“”«»…/\\]+")
_LEET_SIGN: Final = re.compile(r"[^\W_][0-9@$!|+€£¥]|[0-9@$!|+€£¥][^\W\d_]")
_LEET_ANY: Final = re.compile(r"[0-9@$!|+€£¥]")
_REPEATED: Final = re.compile(r"([^\W\d_])\1\1")
_DISGUISE: Final = re.compile(rf"{_LEET_SIGN.pattern}|{_REPEATED.pattern}")
_RUNS: Final = re.compile(r"([^\W\d_])\1*")
_SPACED: Final = re.compile(r"(?<![^\W_])(?:[^\W_@$][^\w@$#]{1,2}|[^\W_@$]_{1,2}|[@$!][ ._*-]){2,40}[^\W_](?![^\W_])")
_MASKED: Final = re.compile(r"(?<![^\W\d_])[^\W\d_]{1,15}(?:\*{1,4}|[#%&_.?-])[^\W\d_]{0,15}(?![^\W\d_*])")
_MASK_SIGN: Final = re.compile(r"\*|[#%&_.?-](?<=[^\W\d_].)(?=[^\W\d_])")
"""What every masked word has, and most texts have not."""
_MASK_ANY: Final = re.compile(r"\*+")
_MASK_VOWEL: Final = re.compile(r"[#%&_.?-]")
_NOT_LETTERS: Final = re.compile(r"[\W_]+")
_LEET: Final = tuple(
    str.maketrans("013456789@$!|+€£¥", one) for one in ("oieasgtbgasiitely", "oleasgtbgaslltely", "oleasgtbgasiitely")
)
"""What digits and signs stand for: a 1 and a ! for an i or an l."""
_LEET_CYRILLIC: Final = str.maketrans("03469@", "озчбда")
_CYRILLIC: Final = re.compile("[\u0430-\u045f]")
_VOWELS: Final = frozenset("aeiouy")
_SECOND_PERSON: Final = re.compile(
    r"\b(?:you|your|youre|ur|u|du|dich|dir|tu|te|toi|vous|ti|sei|voce|vc|ты|тебя|тебе|вы|kamu|lu|loe|انت)\b"
)


def detect(text: str, context: Context) -> list[Finding]:
    """What is profane in a text, where it stands, in the order of the text; one finding for each place."""
    return detect_folded(fold(text), context)


def detect_folded(folded: Folded, context: Context) -> list[Finding]:
    """As `detect`, for a text that was folded already."""
    found: dict[tuple[int, int], Term] = {}
    for start, end, term in _matches(folded.text, context):
        overlapping = [place for place in found if place[0] < end and start < place[1]]
        if any(found[place].severity >= term.severity for place in overlapping):
            continue
        for place in overlapping:
            del found[place]
        found[start, end] = term
        if len(found) >= FINDINGS_MAX:
            break
    if not found:
        return []
    is_aimed = context.aimed_at_person or _SECOND_PERSON.search(folded.text) is not None
    return [
        Finding(folded.span(*place), term.reason, _score(term, is_aimed=is_aimed), VERSION)
        for place, term in sorted(found.items(), key=_place)
    ]


def _place(item: tuple[tuple[int, int], Term]) -> tuple[int, int]:
    return item[0]


def _score(term: Term, *, is_aimed: bool) -> float:
    score = SCORES[term.severity] + (AIMED if is_aimed else 0.0)
    return min(score, SEXUAL_MAX) if term.reason is Reason.SEXUAL else score


def _matches(text: str, context: Context) -> Iterator[tuple[int, int, Term]]:
    """Terms as they are written, then those behind each kind of disguise."""
    yield from written(text, context.language)
    text = text[:DISGUISED_READ_MAX]
    yield from _disguised(text, context)
    for match in _few(_SPACED.finditer(text)):
        if (term := _spelt(_NOT_LETTERS.sub("", match[0].translate(_LEET[0])), context)) is not None:
            yield match.start(), match.end(), term
    for match in _few(_MASKED.finditer(text)) if _MASK_SIGN.search(text) is not None else ():
        if (term := _masked(match[0])) is not None:
            yield match.start(), match.end(), term


def _few(found: Iterator[re.Match[str]]) -> Iterator[re.Match[str]]:
    return (match for _, match in zip(range(DISGUISED_MAX), found, strict=False))


def _disguised(text: str, context: Context) -> Iterator[tuple[int, int, Term]]:
    """Terms in words with digits and signs for letters, or with letters that go on and on."""
    for match in _few(_disguises(text)):
        for reading in _readings(match[0]):
            for start, end, term in written(reading, context.language):
                if term.severity > MILD and len(term.text) >= SHORT:
                    whole = len(reading) != len(match[0])
                    yield match.start() + (0 if whole else start), match.end() if whole else match.start() + end, term


def _disguises(text: str) -> Iterator[re.Match[str]]:
    """Words with digits or signs among their letters, or with letters that go on and on."""
    if _LEET_ANY.search(text) is None and not any(letter * 3 in text for letter in set(text)):
        return
    done = 0
    for sign in _DISGUISE.finditer(text):
        if sign.start() < done:
            continue
        start = text.rfind(" ", max(done, sign.start() - TOKEN_MAX), sign.start()) + 1
        for match in _TOKEN.finditer(text, max(start, done), min(sign.end() + TOKEN_MAX, len(text))):
            done = match.end()
            if done > sign.start():
                if len(match[0]) >= SHORT:
                    yield match
                break


def _readings(word: str) -> Iterator[str]:
    """Ways to read a disguised word, a handful at most; those with the same letters first."""
    core = word.rstrip("!+|")
    tables = (_LEET_CYRILLIC,) if _CYRILLIC.search(core) is not None else _LEET
    spelt = {core.translate(table): None for table in tables} if _LEET_SIGN.search(core) is not None else {core: None}
    for reading in spelt:
        if reading != word:
            yield reading
        if _REPEATED.search(reading) is None:
            continue
        runs = [(run[1], len(run[0])) for run in _RUNS.finditer(reading)]
        choices = [(letter * length,) if length < SHORT else (letter, letter * 2) for letter, length in runs]
        for _, chosen in zip(range(READINGS_MAX), product(*choices), strict=False):
            yield "".join(chosen)


def _spelt(letters: str, context: Context) -> Term | None:
    """The term that single letters spell: all of them, or one so long that it is none by chance."""
    if len(letters) > TOKEN_MAX:
        return None
    for row in (letters, letters[1:], letters[:-1]):  # "a" and "I" are words, and may stand beside it
        for start, end, term in written(row, context.language):
            is_whole = start == 0 and len(row) >= SHORT and is_ending(term, row[end:])
            if term.severity > MILD and (is_whole or (len(term.text) >= UNMISTAKEN and term.mode != "w")):
                return term
    return None


def _masked(word: str) -> Term | None:
    """The term of which some letters are hidden behind stars, or one vowel behind another sign."""
    stars = _MASK_ANY.search(word)
    if stars is None:
        return _masks().get(_MASK_VOWEL.sub("?", word))
    return _masks().get(word)


@cache
def _masks() -> dict[str, Term]:
    """Terms by how they look with letters hidden: `f*ck`, `f**k`, and `f?ck` where only a vowel is."""
    found: dict[str, Term] = {}
    for term in terms():
        if term.severity == MILD or not term.is_alone or not term.text.isalpha() or len(term.text) < SHORT:
            continue
        for word in (term.text, *(term.text + ending for ending in ("s", "er", "ers", "ed", "ing", "in", "y"))):
            for start in range(1, len(word)):
                if "en" in term.languages and word[start] in _VOWELS and len(word) > SHORT and start < len(word) - 1:
                    found.setdefault(f"{word[:start]}?{word[start + 1 :]}", term)
                for length in range(1, min(4, len(word) - start) + 1):
                    if len(word) - length >= MASKED_LEAST:
                        found.setdefault(word[:start] + "*" * length + word[start + length :], term)
    return found
