"""Later work about relationships: letting in who asked an account that opened up, erasing, dropping old mutes."""

from collections.abc import Awaitable, Callable, Sequence

from linnet.features.accounts.counting import count_each, count_follows
from linnet.features.accounts.events import AccountDeleted, ProfileUpdated
from linnet.features.relationships.events import Followed, Muted, Unblocked, Unmuted
from linnet.features.relationships.store import edges, erasing
from linnet.platform.changes import Kind, change
from linnet.platform.engines import Engines, Transaction
from linnet.platform.jobs import Job, Periodic

SLICE = 500
"""Rows removed or turned by one transaction, so that none holds locks for long."""

PURGE_EVERY_S = 60.0


async def _accept_requests(engines: Engines, works: Sequence[ProfileUpdated]) -> None:
    """Accept every request to accounts that are not locked any more."""
    for target_id in {work.account_id for work in works if work.unlocked}:
        accepted = SLICE
        while accepted == SLICE:
            accepted = await _accept_slice(engines, target_id)


async def _accept_slice(engines: Engines, target_id: int) -> int:
    async with engines.transaction() as tx:
        requesters = await edges.accept_all(tx, target_id, engines.clock.now(), SLICE)
        await count_follows(tx, [(requester_id, target_id) for requester_id in requesters], 1)
        tx.changed(Kind.AUDIENCE, target_id)
        for requester_id in requesters:
            tx.changed(Kind.VIEWER, requester_id)
            await tx.record(Followed(account_id=requester_id, target_id=target_id, accepted=True))
    return len(requesters)


async def _erase(engines: Engines, works: Sequence[AccountDeleted]) -> None:
    """Remove every edge of deleted accounts, and take them out of the counts of those they followed or who did."""
    for work in works:
        await _in_slices(engines, work.account_id, _end_following)
        await _in_slices(engines, work.account_id, _end_followers)
        while await erasing.erase_others(engines.db, work.account_id, SLICE):
            pass


async def _in_slices(engines: Engines, account_id: int, end: Callable[[Transaction, int], Awaitable[int]]) -> None:
    ended = SLICE
    while ended == SLICE:
        async with engines.transaction() as tx:
            ended = await end(tx, account_id)


async def _end_following(tx: Transaction, account_id: int) -> int:
    followed = await erasing.end_following(tx, account_id, SLICE)
    await count_each(tx, followed, followers=-1)
    return len(followed)


async def _end_followers(tx: Transaction, account_id: int) -> int:
    followers = await erasing.end_followers(tx, account_id, SLICE)
    await count_each(tx, followers, following=-1)
    return len(followers)


async def _retell(engines: Engines, works: Sequence[Muted | Unmuted | Unblocked]) -> None:
    """Tell again whose circle is another: the process that changed it may have died before it told."""
    await engines.changes.tell(change(Kind.VIEWER, account_id) for account_id in {work.account_id for work in works})


async def drop_expired_mutes(engines: Engines) -> None:
    """Remove mutes that have run out; they are ignored from the moment they do."""
    while await erasing.drop_expired_mutes(engines.db, engines.clock.now(), SLICE) == SLICE:
        pass


ACCEPT_REQUESTS = Job("relationships.accept_requests", ProfileUpdated, _accept_requests, queue="maintenance")
RETELL_MUTED = Job("relationships.retell_muted", Muted, _retell, queue="maintenance")
RETELL_UNMUTED = Job("relationships.retell_unmuted", Unmuted, _retell, queue="maintenance")
RETELL_UNBLOCKED = Job("relationships.retell_unblocked", Unblocked, _retell, queue="maintenance")
ERASE = Job("relationships.erase", AccountDeleted, _erase, queue="maintenance", batch_max=1)

PERIODICS = (Periodic("relationships.drop_expired_mutes", PURGE_EVERY_S, drop_expired_mutes),)
