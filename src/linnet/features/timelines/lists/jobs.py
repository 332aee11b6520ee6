"""Later work about lists: removing what follows that are over, and deleted accounts, leave behind. It may run twice."""

from collections.abc import Sequence
from typing import Final

from linnet.features.accounts.events import AccountDeleted
from linnet.features.relationships.events import Blocked, FollowRequestRemoved, Unfollowed
from linnet.features.timelines.lists.models import LISTS_MAX
from linnet.features.timelines.lists.store import rows as store
from linnet.platform.engines import Engines
from linnet.platform.jobs import Job

SLICE: Final = 500
"""Rows removed by one statement."""


async def _forget_unfollowed(engines: Engines, works: Sequence[Unfollowed]) -> None:
    """Take who is no longer followed off the lists of who did; reads leave them out from the moment it ended."""
    await store.forget_ended(engines.db, [one.account_id for one in works], [one.target_id for one in works])


async def _forget_requested(engines: Engines, works: Sequence[FollowRequestRemoved]) -> None:
    """The same for who was only asked, and said no or is asked no more."""
    await store.forget_ended(engines.db, [one.account_id for one in works], [one.target_id for one in works])


async def _forget_blocked(engines: Engines, works: Sequence[Blocked]) -> None:
    pairs = [pair for one in works for pair in ((one.account_id, one.target_id), (one.target_id, one.account_id))]
    await store.forget_ended(engines.db, [one for one, _ in pairs], [other for _, other in pairs])


async def _erase(engines: Engines, works: Sequence[AccountDeleted]) -> None:
    """Remove a deleted account's lists, and take it off those of others."""
    for work in works:
        while own := await store.all_of(engines.db, work.account_id, LISTS_MAX):
            for one in own:
                await store.drop(engines.db, [one.id])
        while await store.erase_memberships(engines.db, work.account_id, SLICE):
            pass


FORGET_UNFOLLOWED = Job("lists.forget_unfollowed", Unfollowed, _forget_unfollowed, queue="maintenance")
FORGET_REQUESTED = Job("lists.forget_requested", FollowRequestRemoved, _forget_requested, queue="maintenance")
FORGET_BLOCKED = Job("lists.forget_blocked", Blocked, _forget_blocked, queue="maintenance")
ERASE = Job("lists.erase", AccountDeleted, _erase, queue="maintenance", batch_max=1)
