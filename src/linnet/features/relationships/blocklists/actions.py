"""What people do with blocklists. Each verb is one transaction; what follows for subscribers is a job.

All raise `NotFound` for a list that is not there for the viewer, and `Forbidden` for changing one that is another's.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

from linnet.features.accounts.models import Viewer
from linnet.features.relationships.blocklists import reads
from linnet.features.relationships.blocklists.events import BlocklistChanged, SubscriptionChanged
from linnet.features.relationships.blocklists.models import (
    AT_ONCE_MAX,
    BLOCKLISTS_MAX,
    DESCRIPTION_LENGTH_MAX,
    ENTRIES_MAX,
    NAME_LENGTH_MAX,
    SUBSCRIPTIONS_MAX,
    Blocklist,
    Effect,
    Wording,
)
from linnet.features.relationships.blocklists.store import rows as store
from linnet.features.relationships.titles import wrong_words
from linnet.platform.engines import Engines, Transaction
from linnet.platform.errors import Forbidden, Invalid


async def make(engines: Engines, viewer: Viewer, wording: Wording, account_ids: Sequence[int] = ()) -> Blocklist:
    """A new list of these accounts. Raises `Invalid` for words that break a rule and for too many of anything."""
    _check(wording)
    async with engines.transaction() as tx:
        await store.lock(tx, viewer.account_id)
        made = await store.make(tx, viewer.account_id, wording, engines.clock.now(), BLOCKLISTS_MAX)
        if made is None:
            raise Invalid(f"Validation failed: You have {BLOCKLISTS_MAX} lists already; delete one first")
        await _put(engines, tx, viewer, made, account_ids)
        return await reads.show(tx, viewer, made)


def _check(wording: Wording) -> None:
    details = wrong_words(wording.name, wording.description, NAME_LENGTH_MAX, DESCRIPTION_LENGTH_MAX)
    if details:
        raise Invalid.of(details)


async def reword(engines: Engines, viewer: Viewer, blocklist_id: int, wording: Wording) -> Blocklist:
    """Say something else about a list. Raises `Invalid` for words that break a rule."""
    _check(wording)
    async with _own(engines, viewer, blocklist_id) as tx:
        await store.reword(tx, blocklist_id, wording, engines.clock.now())
        return await reads.show(tx, viewer, blocklist_id)


async def drop(engines: Engines, viewer: Viewer, blocklist_id: int) -> None:
    """Delete a list; whom it blocked or muted for its subscribers no longer is."""
    async with _own(engines, viewer, blocklist_id) as tx:
        await store.drop(tx, blocklist_id, engines.clock.now())
        await tx.record(BlocklistChanged(blocklist_id))


async def put(engines: Engines, viewer: Viewer, blocklist_id: int, account_ids: Sequence[int]) -> None:
    """Put accounts into a list; those who are not there, or are the owner, are left out.

    Raises `Invalid` for more than `AT_ONCE_MAX` at once and when there is no room for all.
    """
    async with _own(engines, viewer, blocklist_id) as tx:
        await _put(engines, tx, viewer, blocklist_id, account_ids)


async def _put(
    engines: Engines, tx: Transaction, viewer: Viewer, blocklist_id: int, account_ids: Sequence[int]
) -> None:
    _check_number(account_ids)
    came = await store.put(tx, blocklist_id, viewer.account_id, account_ids, engines.clock.now(), ENTRIES_MAX)
    if came is None:
        raise Invalid(f"Validation failed: A list has room for {ENTRIES_MAX} accounts")
    if came:
        await tx.record(BlocklistChanged(blocklist_id, tuple(came)))


def _check_number(account_ids: Sequence[int]) -> None:
    if len(account_ids) > AT_ONCE_MAX:
        raise Invalid(f"Validation failed: At most {AT_ONCE_MAX} accounts can be named at once")


async def take(engines: Engines, viewer: Viewer, blocklist_id: int, account_ids: Sequence[int]) -> None:
    """Take accounts out of a list; those who are not in it are left out. Raises `Invalid` as `put`."""
    _check_number(account_ids)
    async with _own(engines, viewer, blocklist_id) as tx:
        left = await store.take(tx, blocklist_id, account_ids, engines.clock.now())
        if left:
            await tx.record(BlocklistChanged(blocklist_id, tuple(left)))


async def subscribe(engines: Engines, viewer: Viewer, blocklist_id: int, effect: Effect) -> Blocklist:
    """Have all accounts of a list blocked or muted, also those who come into it later.

    Whom one follows is left out, as is whom one unblocked or unmuted by hand. Raises `Invalid` for one's own list and
    for more than `SUBSCRIPTIONS_MAX`.
    """
    async with engines.transaction() as tx:
        await store.lock(tx, viewer.account_id)
        found = await reads.show(tx, viewer, blocklist_id)
        if found.owner_id == viewer.account_id:
            raise Invalid("Validation failed: You cannot subscribe to your own list; block or mute its accounts")
        now = engines.clock.now()
        if not await store.subscribe(tx, viewer.account_id, blocklist_id, effect, now, SUBSCRIPTIONS_MAX):
            raise Invalid(f"Validation failed: You subscribe to {SUBSCRIPTIONS_MAX} lists already; leave one first")
        if found.effect is not effect:
            await tx.record(SubscriptionChanged(viewer.account_id, blocklist_id))
        return await reads.show(tx, viewer, blocklist_id)


async def unsubscribe(engines: Engines, viewer: Viewer, blocklist_id: int) -> Blocklist:
    """Subscribe to a list no more: whom it alone blocked or muted no longer is. The list as it was seen last."""
    async with engines.transaction() as tx:
        await store.lock(tx, viewer.account_id)
        found = await reads.show(tx, viewer, blocklist_id)
        if await store.unsubscribe(tx, viewer.account_id, blocklist_id):
            await tx.record(SubscriptionChanged(viewer.account_id, blocklist_id))
    return found


@asynccontextmanager
async def _own(engines: Engines, viewer: Viewer, blocklist_id: int) -> AsyncGenerator[Transaction]:
    """A transaction that holds the lock of the viewer's lists, when this is one of them."""
    async with engines.transaction() as tx:
        await store.lock(tx, viewer.account_id)
        if (await reads.show(tx, viewer, blocklist_id)).owner_id != viewer.account_id:
            raise Forbidden
        yield tx
