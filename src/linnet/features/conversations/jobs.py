"""Later work of conversations: requests that a follow answers, what accounts leave behind, old keys. May run twice."""

from collections.abc import Sequence
from datetime import timedelta

from linnet.features.accounts.events import AccountDeleted
from linnet.features.conversations.adopting import adopt_direct_statuses
from linnet.features.conversations.events import MembersChanged
from linnet.features.conversations.store import erasing, members, writing
from linnet.features.relationships.events import Followed
from linnet.features.statuses.models import IDEMPOTENCY_S
from linnet.platform.changes import Kind
from linnet.platform.engines import Engines, Transaction
from linnet.platform.jobs import Job, Periodic

SLICE = 500
"""Rows removed by one statement."""

ADOPT_EVERY_S = 60.0


async def _accept_from(engines: Engines, works: Sequence[Followed]) -> None:
    for work in works:
        await members.accept_from(engines.db, work.account_id, work.target_id)


async def _erase_account(engines: Engines, works: Sequence[AccountDeleted]) -> None:
    for work in works:
        erased = SLICE
        while erased == SLICE:
            async with engines.transaction() as tx:
                ids = await erasing.message_ids_of(tx, work.account_id, SLICE)
                await _erase(engines, tx, ids)
            erased = len(ids)
        while left := await erasing.end_memberships(engines.db, work.account_id, SLICE):
            for conversation_id in left:
                await _forget(engines, conversation_id)
        while await erasing.erase_others(engines.db, work.account_id, SLICE):
            pass


async def _erase(engines: Engines, tx: Transaction, message_ids: Sequence[int]) -> None:
    await erasing.erase_messages(tx, message_ids, engines.clock.now())
    for message_id in message_ids:
        tx.changed(Kind.MEDIA, message_id)


async def _forget_abandoned(engines: Engines, works: Sequence[MembersChanged]) -> None:
    """Remove groups that the last one has left, and what was said in them."""
    for work in works:
        await _forget(engines, work.conversation_id)


async def _forget(engines: Engines, conversation_id: int) -> None:
    erased = SLICE
    while erased == SLICE:
        async with engines.transaction() as tx:
            ids = await erasing.message_ids_in(tx, conversation_id, SLICE)
            await _erase(engines, tx, ids)
        erased = len(ids)
    await erasing.end_abandoned(engines.db, [conversation_id])


async def forget_keys(engines: Engines) -> None:
    """Drop idempotency keys of messages that are past their hour."""
    before = engines.clock.now() - timedelta(seconds=IDEMPOTENCY_S)
    while await writing.drop_old_keys(engines.db, before, SLICE) == SLICE:
        pass


ACCEPT_FROM = Job("conversations.accept_from", Followed, _accept_from)
ERASE_ACCOUNT = Job("conversations.erase_account", AccountDeleted, _erase_account, queue="maintenance", batch_max=1)
FORGET_ABANDONED = Job(
    "conversations.forget_abandoned",
    MembersChanged,
    _forget_abandoned,
    queue="maintenance",
    concerns=lambda changed: not changed.added_ids,
)

PERIODICS = (
    Periodic("conversations.adopt_direct_statuses", ADOPT_EVERY_S, adopt_direct_statuses),
    Periodic("conversations.forget_keys", 300.0, forget_keys),
)
