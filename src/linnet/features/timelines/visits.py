"""Who reads their home, to the day: what hybrid fan-out goes by."""

from collections import OrderedDict
from datetime import date

from linnet.features.timelines import store
from linnet.platform.engines import Engines

_NOTED_MAX = 50_000
_noted: OrderedDict[int, date] = OrderedDict()
"""Visits this process has written down lately. Noting one twice does no harm; not asking saves a statement a read."""


def is_noted(engines: Engines, account_id: int) -> bool:
    """Whether this process has written down that the account was here today."""
    return _noted.get(account_id) == engines.clock.now().date()


async def note_visit(engines: Engines, account_id: int) -> None:
    """Remember that an account was here today; at most one statement a day and process."""
    today = engines.clock.now().date()
    if _noted.get(account_id) == today:
        return
    await store.note_visit(engines.db, account_id, today)
    _noted[account_id] = today
    _noted.move_to_end(account_id)
    if len(_noted) > _NOTED_MAX:
        _noted.popitem(last=False)
