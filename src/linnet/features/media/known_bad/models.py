"""The nouns of known pictures: perceptual hashes, and how alike two are."""

from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Final

from linnet.platform.errors import Invalid, Problem

HASH_BITS: Final = 64
HASH_DIGITS: Final = 16
QUARTER_BITS: Final = 16
QUARTERS: Final = HASH_BITS // QUARTER_BITS
DISTANCE_MAX: Final = 11
"""Beyond it, a quarter would have to be looked up with three bits changed, 697 ways; and pictures are not alike."""

PLAIN: Final = frozenset({0, 2**HASH_BITS - 1})
"""What a picture of one colour comes to, or one that hardly differs from it."""

REASON_LENGTH_MAX: Final = 500


@dataclass(frozen=True, slots=True)
class KnownBadRules:
    """What counts as the same picture: hashes that differ in at most so many of their 64 bits."""

    distance_max: int = 6


@dataclass(frozen=True, slots=True)
class KnownBad:
    """A picture that is refused."""

    id: int
    hash: int
    """64 bits, unsigned."""
    reason: str
    """For moderators; who uploads such a picture is not told."""
    added_by: int | None
    """The account of whoever added it; None is the operator at the console."""
    created_at: datetime
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A picture looks like a known one."""

    known: KnownBad
    distance: int
    """Bits in which the hashes differ."""


def hash_of(text: str) -> int:
    """A hash out of its 16 hexadecimal digits; `Invalid` for anything else.

    >>> hash_of("00000000000000ff")
    255
    """
    digits = text.strip().lower().removeprefix("0x")
    if len(digits) != HASH_DIGITS or any(digit not in "0123456789abcdef" for digit in digits):
        problem = Problem("ERR_INVALID", f"must be the {HASH_DIGITS} hexadecimal digits of a perceptual hash")
        raise Invalid.of({"hash": [problem]})
    return int(digits, 16)


def hash_text(hash_: int) -> str:
    """The 16 hexadecimal digits of a hash."""
    return f"{hash_:0{HASH_DIGITS}x}"


def signed(hash_: int) -> int:
    """The 64 bits as PostgreSQL's bigint has them."""
    return hash_ - 2**HASH_BITS if hash_ >= 2 ** (HASH_BITS - 1) else hash_


def unsigned(hash_: int) -> int:
    """The 64 bits as a number from 0 on."""
    return hash_ % 2**HASH_BITS


def probes(hash_: int, distance_max: int) -> list[list[int]]:
    """For each quarter of a hash, the values that one of the quarters of any hash as close as that has.

    Multi-index hashing: Norouzi, Punjani, Fleet, "Fast Search in Hamming Space with Multi-Index Hashing", CVPR 2012.
    """
    changed_max = min(distance_max, DISTANCE_MAX) // QUARTERS
    return [
        [quarter ^ sum(1 << bit for bit in bits) for bits in _changes(changed_max)]
        for quarter in ((hash_ >> shift) & 0xFFFF for shift in (48, 32, 16, 0))
    ]


def _changes(changed_max: int) -> list[tuple[int, ...]]:
    return [bits for changed in range(changed_max + 1) for bits in combinations(range(QUARTER_BITS), changed)]
