"""Which bytes of a file a request asks for, and whether it has them already (RFC 9110, 13 and 14)."""

import re
from dataclasses import dataclass
from typing import Final

_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes from `start` up to but without `end`."""

    start: int
    end: int


class Unsatisfiable(Exception):
    """None of the bytes asked for is there."""


def span_of(header: str | None, size: int) -> Span | None:
    """The bytes that a `Range` header asks for of a file of `size`; raises `Unsatisfiable`.

    None: all of them. So are answered several ranges at once, and what is no range, as the RFC allows.
    """
    found = None if header is None else _RANGE.fullmatch(header.strip().replace(" ", ""))
    if found is None or found.group(0) == "bytes=-":
        return None
    first, last = found.groups()
    if not first:
        start, end = max(size - int(last), 0), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < start:
            return None
    if start >= end:
        raise Unsatisfiable
    return Span(start, end)


def knows(header: str | None, tag: str) -> bool:
    """Whether an `If-None-Match` names this entity tag, weakly compared."""
    if header is None:
        return False
    tags = [one.strip().removeprefix("W/") for one in header.split(",")]
    return "*" in tags or tag in tags


def still_holds(header: str | None, tag: str) -> bool:
    """Whether a `Range` counts that comes with this `If-Range`; a date never does, for we tell none."""
    return header is None or header.strip() == tag
