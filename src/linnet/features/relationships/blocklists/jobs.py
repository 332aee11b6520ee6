"""Later work about blocklists: blocks and mutes that follow from subscriptions. Each may run twice.

A job compares what is there with what the lists of a subscriber want now: it does not matter in which order they run.
"""

from collections.abc import Sequence
from typing import Final

from linnet.features.accounts.counting import count_follows
from linnet.features.accounts.events import AccountDeleted
from linnet.features.relationships.blocklists.events import BlocklistChanged, SubscriptionChanged
from linnet.features.relationships.blocklists.models import due
from linnet.features.relationships.blocklists.store import following as store
from linnet.features.relationships.events import Blocked
from linnet.features.relationships.store import edges
from linnet.platform.changes import Kind
from linnet.platform.engines import Engines
from linnet.platform.jobs import Job

SLICE: Final = 100
"""Pairs of one transaction, and subscribers or accounts that are looked up at once."""


async def _tell_subscribers(engines: Engines, works: Sequence[BlocklistChanged]) -> None:
    for work in works:
        dropped = await store.is_dropped(engines.db, work.blocklist_id)
        after_id = 0
        while subscriber_ids := await store.subscribers(engines.db, work.blocklist_id, after_id, SLICE):
            for subscriber_id in subscriber_ids:
                if dropped:
                    await _settle_all(engines, subscriber_id, work.blocklist_id)
                else:
                    await _settle_named(engines, subscriber_id, work.target_ids)
            after_id = subscriber_ids[-1]
        if dropped:
            await store.forget_list(engines.db, work.blocklist_id)


async def _settle_subscriber(engines: Engines, works: Sequence[SubscriptionChanged]) -> None:
    for work in works:
        await _settle_all(engines, work.account_id, work.blocklist_id)


async def _settle_all(engines: Engines, subscriber_id: int, blocklist_id: int) -> None:
    after_id = 0
    while target_ids := await store.targets(engines.db, subscriber_id, blocklist_id, after_id, SLICE):
        await _settle(engines, subscriber_id, target_ids)
        after_id = target_ids[-1]


async def _settle_named(engines: Engines, subscriber_id: int, target_ids: Sequence[int]) -> None:
    for start in range(0, len(target_ids), SLICE):
        await _settle(engines, subscriber_id, target_ids[start : start + SLICE])


async def _settle(engines: Engines, subscriber_id: int, target_ids: Sequence[int]) -> None:
    """Make what is between a subscriber and some accounts what their lists want, under the locks of these pairs."""
    async with engines.transaction() as tx:
        await store.hold(tx, subscriber_id, target_ids)
        found = due(await store.pairs(tx, subscriber_id, target_ids))
        now = engines.clock.now()
        if found.block:
            for target_id in await store.block(tx, subscriber_id, found.block, now):
                await count_follows(tx, await edges.part(tx, subscriber_id, target_id), -1)
                await tx.record(Blocked(account_id=subscriber_id, target_id=target_id))
        if found.mute:
            await store.mute(tx, subscriber_id, found.mute, now)
        if found.unblock or found.unmute:
            await store.undo(tx, subscriber_id, found.unblock, found.unmute)
        if found.block or found.unblock or found.mute or found.unmute:
            tx.changed(Kind.VIEWER, subscriber_id)
        for target_id in (*found.block, *found.unblock):
            tx.changed(Kind.VIEWER, target_id)


async def _erase(engines: Engines, works: Sequence[AccountDeleted]) -> None:
    for work in works:
        async with engines.transaction() as tx:
            for blocklist_id in await store.drop_all(tx, work.account_id, engines.clock.now()):
                await tx.record(BlocklistChanged(blocklist_id))
        while await store.erase(engines.db, work.account_id, SLICE):
            pass


TELL_SUBSCRIBERS = Job("blocklists.tell_subscribers", BlocklistChanged, _tell_subscribers, queue="maintenance")
SETTLE = Job("blocklists.settle", SubscriptionChanged, _settle_subscriber, queue="maintenance")
ERASE = Job("blocklists.erase", AccountDeleted, _erase, queue="maintenance", batch_max=1)
