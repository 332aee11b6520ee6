"""Paging over HTTP: `max_id`, `since_id`, `min_id` and `limit` in, a `Link` header with absolute addresses out."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Generic, TypeVar
from urllib.parse import parse_qsl, urlencode

from linnet.api.forms import Form
from linnet.platform.ids import ID_MAX, parse_id
from linnet.platform.paging import Window

T = TypeVar("T")
U = TypeVar("U")

_OWN_PARAMETERS = frozenset({"max_id", "since_id", "min_id", "access_token"})
"""Left out of the addresses in `Link`: the ones it sets itself, and a token, which belongs in no address."""


class PageForm(Form):
    """A page of a list of statuses: 20 unless told otherwise, at most 40. Subclass it for other filters or limits.

    A cursor that is not an id means 0, as in Mastodon: nothing is older than it, everything is newer. One that no
    database could hold means the newest id there can be.
    """

    limit_default: ClassVar[int] = 20
    limit_max: ClassVar[int] = 40

    max_id: str | None = None
    since_id: str | None = None
    min_id: str | None = None
    limit: int | None = None

    @property
    def window(self) -> Window:
        """What to ask of a store; a limit outside 1 … `limit_max` becomes the nearest one inside."""
        limit = self.limit_default if self.limit is None else min(max(self.limit, 1), self.limit_max)
        return Window(_cursor(self.max_id), _cursor(self.since_id), _cursor(self.min_id), limit)


class AccountsPageForm(PageForm):
    """A page of a list of accounts: 40 unless told otherwise, at most 80."""

    limit_default: ClassVar[int] = 40
    limit_max: ClassVar[int] = 80


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page, newest first, and the ids of the rows at its ends, which need not be those of its items."""

    items: Sequence[T]
    newest: int | None
    oldest: int | None
    older: bool
    """Whether there is an older page, so that `Link` names a next one."""

    @staticmethod
    def of(items: Sequence[U], row_ids: Sequence[int], window: Window, *, more: bool | None = None) -> "Page[U]":
        """The page made of these rows (newest first), some of which may show no item because of blocks or filters.

        `more` says whether the store saw a row beyond the limit; None guesses so when the page is full. A page read
        forward always has an older one: where it started from.
        """
        full = len(row_ids) >= window.limit if more is None else more
        older = bool(row_ids) and (window.forward or full)
        return Page(items, row_ids[0] if row_ids else None, row_ids[-1] if row_ids else None, older)

    def link(self, address: str, query: bytes) -> str | None:
        """The `Link` header for this page of `address` (absolute, without query); None for an empty page."""
        if self.newest is None or self.oldest is None:
            return None
        return link_between(address, query, self.newest, self.oldest, older=self.older)


def link_between(address: str, query: bytes, newest: int, oldest: int, *, older: bool) -> str:
    """The `Link` header of a page from `newest` to `oldest`; `older` says whether to name a next one."""
    page = f"<{address}?{_kept(query)}"
    newer = f'{page}min_id={newest}>; rel="prev"'
    return f'{page}max_id={oldest}>; rel="next", {newer}' if older else newer


def _cursor(text: str | None) -> int | None:
    """The row id that a cursor stands for; None when none was given."""
    if not text:
        return None
    if text.isascii() and text.isdigit():
        row_id = parse_id(text.lstrip("0") or "0")
        return ID_MAX if row_id is None else row_id
    return 0


@lru_cache(maxsize=1024)
def _kept(query: bytes) -> str:
    """What of a query all pages of a list have in common, ready for more."""
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    kept = urlencode([pair for pair in pairs if pair[0] not in _OWN_PARAMETERS])
    return f"{kept}&" if kept else ""
