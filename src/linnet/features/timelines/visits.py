"""Who reads their home, to the day: what hybrid fan-out goes by."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from datetime import date

from linnet.features.timelines import store
from linnet.platform.engines import Engines
from linnet.platform.postgres import Queries
from linnet.platform.together import Asked

_NOTED_MAX = 50_000
_noted: OrderedDict[int, date] = OrderedDict()
"""Visits this process has written down lately. Noting one twice does no harm; not asking saves a statement a read."""


def is_noted(engines: Engines, account_id: int) -> bool:
    """Whether this process has written down that the account was here today."""
    return _noted.get(account_id) == engines.clock.now().date()


async def note_visit(engines: Engines, account_id: int) -> None:
    """Remember that an account was here today; at most one statement a day and process, which visitors share."""
    noting = begin_noting(engines, account_id)
    if noting is not None:
        await engines.db.let_go()
        await noting


def begin_noting(engines: Engines, account_id: int) -> "asyncio.Future[None] | None":
    """The same without waiting for it; None when it is done."""
    today = engines.clock.now().date()
    return None if _noted.get(account_id) == today else _visits.put(engines.db, (account_id, today))


async def _note_all(db: Queries, visits: Sequence[tuple[int, date]]) -> list[None]:
    await store.note_visits(db, [account_id for account_id, _ in visits], [day for _, day in visits])
    for account_id, day in visits:
        _noted[account_id] = day
        _noted.move_to_end(account_id)
        if len(_noted) > _NOTED_MAX:
            _noted.popitem(last=False)
    return [None] * len(visits)


_visits: Asked[tuple[int, date], None] = Asked(_note_all)
