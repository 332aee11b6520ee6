"""How accounts stand, kept by each process as long as it is true; and where what happens to them is written down.

What somebody posted is not written down post by post: a job counts it every few minutes (`statuses/tallies.py`), and is
read at most `changes.KEPT_MAX_S` later. All else is noted in the transaction in which it happens, and counts at once.
"""

import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from linnet.features.moderation.standing import (
    RULES,
    Origin,
    Record,
    Standing,
    What,
    share_left,
    standing_of,
)
from linnet.features.moderation.store import standings as store
from linnet.features.moderation.store.standings import Happening
from linnet.platform.changes import Change, Changes, Kind
from linnet.platform.engines import Engines, Transaction
from linnet.platform.kept import Kept
from linnet.platform.postgres import Queries
from linnet.platform.together import Asked

ACCOUNTS_MAX: Final = 20_000
"""Accounts of one process: some 800 bytes each."""

FRESH_S: Final = 60.0
"""What is decayed and grown so long ago is as good as now: reputations change by less than 0.001 in it."""


class Standings:
    """A bounded memory of standings; one in each process, in `engines.configs`."""

    def __init__(self, changes: Changes) -> None:
        self._kept: Kept[int, _Known] = Kept(ACCOUNTS_MAX)
        changes.hear(self._hear, self._kept.clear)

    def find(self, account_id: int, now: datetime) -> Standing | None:
        """How an account stands, if that is here. Only after `catch_up`."""
        known = self._kept.get(account_id, time.monotonic())
        return known.standing(now) if known is not None else None

    def now(self) -> int:
        """The moment a reading begins, for `keep`."""
        return self._kept.now()

    def keep(self, record: Record, began: int) -> None:
        """Keep what was read since `began`."""
        self._kept.put(record.account_id, _Known(record), began)

    def _hear(self, change: Change) -> None:
        if change[0] is Kind.STANDING:
            self._kept.drop(change[1])


@dataclass(slots=True)
class _Known:
    """What is written down of an account, and how it stood when somebody last asked."""

    record: Record
    at_s: float = 0.0
    last: Standing | None = None

    def standing(self, now: datetime) -> Standing:
        now_s = now.timestamp()
        if self.last is None or not 0 <= now_s - self.at_s < FRESH_S:
            self.last, self.at_s = standing_of(self.record, now), now_s
        return self.last


async def standing(engines: Engines, account_id: int, *, tx: Transaction | None = None) -> Standing:
    """How an account stands: out of memory for whoever acted lately, else one statement, shared with who else asks.

    Whoever asks within a transaction gives it, and must not have noted anything of the account in it. Of whom nothing
    is written down, or who does not exist, it is that of one made at the time that is in its number.
    """
    standings, now = engines.config(Standings), engines.clock.now()
    if await engines.changes.catch_up():
        found = standings.find(account_id, now)
        if found is not None:
            return found
    began = standings.now()
    record = await (_asked.ask(engines.db, account_id) if tx is None else record_of(tx, account_id))
    standings.keep(record, began)
    return standing_of(record, now)


async def _load(db: Queries, account_ids: Collection[int]) -> list[Record]:
    records = await store.load(db, list(set(account_ids)))
    return [records[account_id] for account_id in account_ids]


_asked: Final = Asked(_load)


async def standings_of(engines: Engines, account_ids: Collection[int]) -> dict[int, Standing]:
    """How each of these accounts stands. One statement."""
    records, now = await store.load(engines.db, list(set(account_ids))), engines.clock.now()
    return {account_id: standing_of(record, now) for account_id, record in records.items()}


async def record_of(db: Queries, account_id: int) -> Record:
    """What is written down of an account."""
    return (await store.load(db, [account_id]))[account_id]


async def begin(tx: Transaction, account_id: int, origin: Origin) -> None:
    """Write down how an account came in; a second time, that it was another way."""
    await store.begin(tx, account_id, origin)
    tx.changed(Kind.STANDING, account_id)


async def note(tx: Transaction, account_id: int, what: What, at: datetime, *, times: int = 1) -> None:
    """Write down that something happened to an account now; it counts at once on every process.

    A case that is upheld is one `REPORT_UPHELD` for who was reported, however many had reported.
    """
    await note_all(tx, [(account_id, what, times)], at)


async def note_all(tx: Transaction, happened: Iterable[tuple[int, What, int]], at: datetime) -> None:
    """The same for several accounts; no two of the same account and kind."""
    happenings = [Happening(account_id, what, times, float(times)) for account_id, what, times in happened]
    await store.count(tx, happenings, at)
    for account_id in {one.account_id for one in happenings}:
        tx.changed(Kind.STANDING, account_id)


async def take_back(tx: Transaction, account_id: int, what: What, happened_at: datetime, at: datetime) -> None:
    """Make undone now what was noted then: the account stands as if it had never happened."""
    await take_back_all(tx, [(account_id, what)], happened_at, at)


async def take_back_all(
    tx: Transaction, happened: Iterable[tuple[int, What]], happened_at: datetime, at: datetime
) -> None:
    """The same for several accounts; no two of the same account and kind."""
    past_s = (at - happened_at).total_seconds()
    undone = [Happening(account_id, what, -1, -share_left(RULES[what], past_s)) for account_id, what in happened]
    await store.count(tx, undone, at)
    for account_id in {one.account_id for one in undone}:
        tx.changed(Kind.STANDING, account_id)


async def erase(db: Queries, account_id: int) -> None:
    """Forget an account."""
    await store.erase(db, account_id)


@dataclass(frozen=True, slots=True)
class Posted:
    """What an account posted in a while, and how many follow it."""

    account_id: int
    posts: int
    links: int
    followers: int


async def counted_through(tx: Transaction) -> int | None:
    """The id up to which statuses have been counted, None when none have. Nobody else counts until `tx` ends."""
    return await store.through(tx)


async def count_posted(tx: Transaction, posted: Collection[Posted], through: int, at: datetime) -> None:
    """Add what accounts posted since the last counting, which went as far as the status with the id `through`.

    No process is told: that these numbers are some minutes old is no harm.
    """
    if posted:
        happenings = [Happening(one.account_id, What.POSTED, one.posts, float(one.posts)) for one in posted]
        happenings += [Happening(one.account_id, What.LINK, one.links, float(one.links)) for one in posted if one.links]
        await store.count(tx, happenings, at)
        await store.set_followers(tx, [(one.account_id, one.followers) for one in posted])
    await store.set_through(tx, through)
