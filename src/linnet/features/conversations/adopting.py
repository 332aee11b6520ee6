"""Direct statuses of earlier releases become messages, in slices, until there are none. Decision 0024."""

from linnet.features.conversations.store import adopting as store
from linnet.features.conversations.store import threads
from linnet.features.conversations.store.adopting import Direct
from linnet.features.statuses import direct
from linnet.platform.engines import Engines, Transaction

SLICE = 100
"""Statuses moved by one transaction."""


async def adopt_direct_statuses(engines: Engines) -> None:
    """Move direct statuses, which releases before conversations wrote, to the conversations of those they are for."""
    moved = SLICE
    while moved == SLICE:
        async with engines.transaction() as tx:
            found = await store.directs(tx, SLICE)
            for one in found:
                await _adopt(tx, one)
            await direct.forget(tx, [one.id for one in found], SLICE)
        moved = len(found)


async def _adopt(tx: Transaction, status: Direct) -> None:
    member_ids = sorted({status.account_id, *status.reader_ids})
    answered_in = await store.conversation_of(tx, status.in_reply_to_id)
    found = await threads.find(tx, member_ids, answered_in)
    if found is None:
        found, _ = await threads.begin(tx, status.account_id, member_ids, "", status.created_at)
    await threads.lock(tx, found)
    await store.adopt(tx, status.id, found)
