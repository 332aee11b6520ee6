"""Mastodon's CSV files, read and written: people followed, blocked and muted, lists, bookmarks. Pure.

Their columns are Mastodon's own, so that files go both ways (https://docs.joinmastodon.org/user/moving/).
"""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from linnet.features.portability.models import ROWS_MAX, ImportKind, Row
from linnet.platform.errors import Invalid

FOLLOWING_HEADER: Final = ("Account address", "Show boosts", "Notify on new posts", "Languages")
MUTING_HEADER: Final = ("Account address", "Hide notifications")

_HEADS: Final = frozenset({"account address", "#account address", "account_address"})
_CELL_LENGTH_MAX: Final = 2_000


def read(kind: ImportKind, text: str) -> list[Row]:
    """The rows of a CSV file, each once; `Invalid` for what is no such file, for none and for too many."""
    reader = _READERS[kind]
    try:
        lines = [line for line in csv.reader(io.StringIO(text)) if any(cell.strip() for cell in line)]
    except csv.Error as error:
        raise Invalid("This file cannot be read as CSV.") from error
    if lines and lines[0][0].strip().lower() in _HEADS:
        lines = lines[1:]
    if len(lines) > ROWS_MAX:
        raise Invalid(f"This file has more than {ROWS_MAX:,} lines; split it.")
    if any(len(cell) > _CELL_LENGTH_MAX for line in lines for cell in line):
        raise Invalid("This file has cells that are too long for a list of people or posts.")
    rows = [reader([cell.strip() for cell in line]) for line in lines]
    if not rows:
        raise Invalid("There is nothing in this file.")
    return list({repr(row): row for row in rows}.values())


def write(lines: Iterable[Sequence[object]]) -> str:
    """A CSV file of these lines."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    return text.getvalue()


def flag(value: bool) -> str:  # noqa: FBT001 -- the value itself is what is written
    """A truth as Mastodon writes it."""
    return "true" if value else "false"


def _following(cells: Sequence[str]) -> Row:
    address, boosts, notifies, languages, *_ = (*cells, "", "", "", "")
    codes = [code.strip() for code in languages.split(",") if code.strip()]
    return {
        "address": address,
        "reblogs": _is_true(boosts, otherwise=True),
        "notify": _is_true(notifies, otherwise=False),
        "languages": codes,
    }


def _blocking(cells: Sequence[str]) -> Row:
    return {"address": cells[0]}


def _muting(cells: Sequence[str]) -> Row:
    return {"address": cells[0], "notifications": _is_true((*cells, "")[1], otherwise=True)}


def _lists(cells: Sequence[str]) -> Row:
    if len(cells) < 2:  # noqa: PLR2004 -- a pair
        raise Invalid("A file of lists has two columns: the list's name, and an account's address.")
    return {"list": cells[0], "address": cells[1]}


def _bookmarks(cells: Sequence[str]) -> Row:
    return {"url": cells[0]}


def _is_true(cell: str, *, otherwise: bool) -> bool:
    return cell.lower() in {"true", "1", "yes", "t"} if cell else otherwise


_READERS: Final[dict[ImportKind, Callable[[Sequence[str]], Row]]] = {
    ImportKind.FOLLOWING: _following,
    ImportKind.BLOCKING: _blocking,
    ImportKind.MUTING: _muting,
    ImportKind.LISTS: _lists,
    ImportKind.BOOKMARKS: _bookmarks,
}
