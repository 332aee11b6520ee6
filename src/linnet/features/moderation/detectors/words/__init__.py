"""The words of the detectors: profane terms, innocent words that contain one, what compounds and offers are made of."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from linnet.features.moderation.models import Reason

_REASONS: Final = {"p": Reason.PROFANITY, "s": Reason.SLUR, "x": Reason.SEXUAL}

MILD, STRONG, SEVERE = 1, 2, 3
"""Severities: what grandparents say; what gets a child sent home; what is said to hurt."""


@dataclass(slots=True, frozen=True)
class Term:
    """A term in its folded spelling."""

    text: str
    languages: frozenset[str]
    reason: Reason
    severity: int
    mode: str
    """`w`: a whole word with endings; `p`: the beginning of one; `i`: anywhere in one that is not innocent."""
    is_alone: bool
    """Whether it means the same in a text of any language; others need a text in one of theirs."""


@cache
def terms() -> tuple[Term, ...]:
    """All terms, in the order of the file."""
    rows = (line.split("\t") for line in _lines("terms.tsv"))
    return tuple(
        Term(text, frozenset(languages.split(",")), _REASONS[reason], int(severity), mode, alone == "1")
        for text, languages, reason, severity, mode, alone in rows
    )


@cache
def innocents() -> frozenset[str]:
    """Words, surnames and towns that contain a term which is looked for inside of words: Scunthorpe, and a few more."""
    return frozenset(_lines("innocents.txt"))


SHORT_ENDINGS: Final = frozenset(("s", "z", "ed", "er", "ers", "in", "ing"))
"""Those endings that even a term of three letters keeps its meaning with."""


@cache
def companions() -> frozenset[str]:
    """Words that stand beside terms in compounds and hashtags, which are a term's if the rest is made of these."""
    return frozenset(_lines("companions.txt"))


@cache
def endings() -> frozenset[str]:
    """Endings with which a whole word stays the word."""
    return frozenset(_lines("endings.txt"))


@cache
def selling() -> frozenset[str]:
    """Words of people who sell; alone they say nothing, all day long they do."""
    return frozenset(_lines("selling.txt"))


@dataclass(slots=True, frozen=True)
class Offer:
    """A pattern of an offer."""

    kind: str
    sure: str
    words: tuple[str, ...]
    """Letters of which every text that it matches has one."""
    pattern: str


@cache
def offers() -> tuple[Offer, ...]:
    """The patterns of offers, in the order of the file."""
    rows = (line.split("\t") for line in _lines("offers.tsv"))
    return tuple(Offer(kind, sure, tuple(words.split("|")), pattern) for kind, sure, words, pattern in rows)


def _lines(name: str) -> list[str]:
    text = files(__name__).joinpath(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
