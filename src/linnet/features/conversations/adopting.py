"""Direct statuses of earlier releases become messages: all statuses are walked once, in slices. Decision 0024."""

from datetime import timedelta
from typing import Final

from linnet.features.conversations.store import adopting as store
from linnet.features.conversations.store import threads
from linnet.features.conversations.store.adopting import Direct
from linnet.features.statuses import direct
from linnet.platform.engines import Engines, Transaction

SLICE: Final = 2_000
"""Statuses looked at by one transaction."""

SLICES_MAX: Final = 1_000
"""Slices of one run: two million statuses, which take some seconds."""

SETTLED: Final = timedelta(minutes=10)
"""Statuses older than this are all committed: the walk goes no further, for a younger one may still come before it."""


async def adopt_direct_statuses(engines: Engines) -> None:
    """Move direct statuses, which releases before conversations wrote, to the conversations of those they are for."""
    for _ in range(SLICES_MAX):
        async with engines.transaction() as tx:
            if not await _adopt_slice(engines, tx):
                return


async def _adopt_slice(engines: Engines, tx: Transaction) -> bool:
    """Adopt what is direct in the next slice; whether there may be more by now."""
    place = await store.place(tx)
    if place is None:
        return False
    after_id, until_id = place
    number, last_id = await store.slice_end(tx, after_id, SLICE)
    found = await store.directs(tx, after_id, last_id)
    for one in found:
        if not one.is_gone:
            await _adopt(tx, one)
    await direct.forget(tx, [one.id for one in found])
    settled_id = await store.safe_id(tx, engines.clock.now() - SETTLED)
    await store.go_on(tx, min(last_id, settled_id))
    if settled_id > until_id and number < SLICE:
        await store.end(tx)
    return number == SLICE and last_id < settled_id


async def _adopt(tx: Transaction, status: Direct) -> None:
    member_ids = sorted({status.account_id, *status.reader_ids})
    answered_in = await store.conversation_of(tx, status.in_reply_to_id)
    found = await threads.find(tx, member_ids, answered_in)
    if found is None:
        found, _ = await threads.begin(tx, status.account_id, member_ids, "", status.created_at)
    await threads.lock(tx, found)
    await store.adopt(tx, status.id, found)
