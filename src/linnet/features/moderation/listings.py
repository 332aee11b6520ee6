"""The lists of words and domains as they are kept: in PostgreSQL, and in the memory of every process that judges."""

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import asyncpg

from linnet.features.moderation.listed import LISTED_MAX, Listed, ListedKind, Matcher, NewListed
from linnet.features.moderation.measures import Measure
from linnet.features.moderation.store import listed as store
from linnet.platform.changes import Change, Changes, Kind
from linnet.platform.engines import Engines, Transaction
from linnet.platform.errors import Invalid, NotFound
from linnet.platform.kept import Kept
from linnet.platform.paging import Window
from linnet.platform.postgres import Queries

FORGOTTEN_MAX: Final = 10_000


class ListedKept:
    """The matcher, if this process has it; one in each process, in `engines.configs`."""

    def __init__(self, changes: Changes) -> None:
        self.kept: Kept[str, Matcher] = Kept(1)
        changes.hear(self._hear, self.kept.clear)

    def _hear(self, change: Change) -> None:
        if change[0] is Kind.LISTED:
            self.kept.clear()


async def held(engines: Engines) -> Matcher:
    """What is listed now: out of memory, else by one statement."""
    kept = engines.config(ListedKept).kept
    found = kept.get("", time.monotonic()) if await engines.changes.catch_up() else None
    if found is not None:
        return found
    began = kept.now()
    matcher = Matcher(await everything(engines.db, engines.clock.now()))
    kept.put("", matcher, began)
    return matcher


async def put(tx: Transaction, new: Sequence[NewListed], added_by: int | None, at: datetime) -> list[int]:
    """List some, or say anew what is to be done about them; their ids in no order. `Invalid` for too many."""
    if await store.number(tx) + len(new) > LISTED_MAX:
        raise Invalid(f"Validation failed: At most {LISTED_MAX} words and domains can be listed: remove some first")
    tx.changed(Kind.LISTED)
    return await store.put(tx, new, added_by, at)


async def remove(tx: Transaction, listed_id: int) -> ListedKind:
    """Take one off its list; which one that was. `NotFound`."""
    kind = await store.delete(tx, listed_id)
    if kind is None:
        raise NotFound
    tx.changed(Kind.LISTED)
    return ListedKind(kind)


async def everything(db: Queries, at: datetime) -> list[Listed]:
    """All that have not expired, newest first."""
    return [_listed(row) for row in await store.everything(db, at, LISTED_MAX)]


async def page(db: Queries, kind: ListedKind, window: Window) -> list[Listed]:
    """A page of one list, newest first."""
    return [_listed(row) for row in await store.page(db, kind, window)]


async def show(db: Queries, listed_id: int) -> Listed:
    """One of them. `NotFound`."""
    row = await store.load(db, listed_id)
    if row is None:
        raise NotFound
    return _listed(row)


async def forget_expired(engines: Engines) -> None:
    """Delete what has expired, which counts no more."""
    await store.delete_expired(engines.db, engines.clock.now(), FORGOTTEN_MAX)


def _listed(row: asyncpg.Record) -> Listed:
    return Listed(row[0], ListedKind(row[1]), row[2], Measure(row[3]), row[4], row[5], row[6], row[7])
