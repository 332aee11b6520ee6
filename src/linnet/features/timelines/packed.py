"""Home timelines as packed arrays: one string of 64-bit big-endian numbers, a header and then status ids.

The header says what the string is worth. A *floor* (top bit clear): every entry of the home with an id at or above it
is in the string; 1 means all there is. A *token* (top bit set): somebody is filling the string from PostgreSQL right
now; fan-out already appends to it, readers do not use it yet.
Big-endian, so that bytes compare as numbers do.
"""

import secrets
import sys
from array import array
from collections.abc import Iterable

ENTRY_BYTES = 8
_TOKEN_BIT = 1 << 63
WHOLE = 1
"""The floor of a timeline that leaves nothing out."""


def pack(numbers: Iterable[int]) -> bytes:
    """The numbers as 8 big-endian bytes each."""
    packed = array("Q", numbers)
    if sys.byteorder == "little":
        packed.byteswap()
    return packed.tobytes()


def unpack(string: bytes) -> tuple[int, "array[int]"]:
    """Header and ids, in the order they came. A torn last entry, which Valkey never writes, is ignored."""
    numbers = unpacked(string[: len(string) - len(string) % ENTRY_BYTES])
    return numbers[0], numbers[1:]


def unpacked(string: bytes) -> "array[int]":
    """The numbers that were packed."""
    numbers = array("Q", string)
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers


def new_token() -> int:
    """A header for one attempt at filling a timeline."""
    return _TOKEN_BIT | secrets.randbits(63)


def is_token(header: int) -> bool:
    """Whether the timeline is still being filled."""
    return header >= _TOKEN_BIT


def newest_first(ids: Iterable[int]) -> list[int]:
    """Each id once, newest first; fan-out may run twice and out of order.

    Sorted before repeats are dropped: they come nearly in order, which sorting makes use of and a set would lose.
    """
    return list(dict.fromkeys(sorted(ids, reverse=True)))


def compacted(floor: int, ids: Iterable[int], kept: int) -> bytes:
    """The newest `kept` entries as a string whose floor tells what was dropped."""
    ordered = newest_first(i for i in ids if i >= floor)
    if len(ordered) > kept:
        ordered = ordered[:kept]
        floor = ordered[-1]
    return pack([floor, *reversed(ordered)])
