"""Where statuses are written: those that come together in one process share a statement to begin, one to be made."""

from collections.abc import Sequence
from dataclasses import dataclass

from linnet.features.statuses.blanks import STOCK_PER_STATUS, Blanks
from linnet.features.statuses.events import StatusPosted
from linnet.features.statuses.models import IDEMPOTENCY_S
from linnet.features.statuses.store import posts, writing
from linnet.features.statuses.store.posts import Beginning, Blank
from linnet.features.statuses.store.writing import Row
from linnet.platform.engines import Engines
from linnet.platform.together import Together


@dataclass(frozen=True, slots=True)
class Written:
    """A status to be written, and what follows from it."""

    row: Row
    posted: StatusPosted


class Press:
    """One in each process that takes posts, in `engines.configs`."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        self._blanks = Blanks(engines.changes)
        self._begin: Together[Beginning, Blank] = Together(self._begin_all)
        self._insert: Together[Written, bool] = Together(self._insert_all)

    async def begin(self, beginning: Beginning, *, is_current: bool) -> Blank:
        """A blank status: its id, and what its author has chosen; without a statement when both are at hand.

        `is_current`: this process has heard every change since the request came. A key is not looked up then: that it
        is taken shows when the status is written.

        Whoever waits here holds no connection to the database: all could be held by those who wait for one.
        """
        at_hand = self._blanks.at_hand(beginning.account_id, beginning.at) if is_current else None
        return at_hand or await self._begin.ask(beginning)

    async def insert(self, written: Written) -> bool:
        """Write a status that has begun; False, and nothing is written, when its idempotency key is another's.

        As above.
        """
        return await self._insert.ask(written)

    async def _begin_all(self, beginnings: Sequence[Beginning]) -> Sequence[Blank]:
        began = self._blanks.now()
        blanks = await posts.begin(self._engines.db, beginnings, IDEMPOTENCY_S)
        self._blanks.learn(beginnings, blanks, began)
        if len(beginnings) > 1:
            self._blanks.lay_in(await posts.numbers(self._engines.db, STOCK_PER_STATUS * len(beginnings)))
        return blanks

    async def _insert_all(self, asked: Sequence[Written]) -> Sequence[bool]:
        """Write all; of several that are the same only the first."""
        firsts = {_sameness(one.row): one for one in reversed(asked)}
        chosen = [one for one in asked if firsts[_sameness(one.row)] is one]
        async with self._engines.statement(*(one.posted for one in chosen)) as jobs:
            made = await writing.insert(self._engines.db, jobs, [one.row for one in chosen], IDEMPOTENCY_S)
        return [one.row.id in made for one in asked]


def _sameness(row: Row) -> tuple[int, str | int]:
    """What only rows that are to become the same status have in common: a key, or the post for later that they are."""
    return row.account_id, row.key or row.scheduled_id or row.id
