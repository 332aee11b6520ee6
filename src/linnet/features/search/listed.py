"""Searches on lists: what they find is on the list, beside what its people post and its hashtags carry.

All raise `NotFound` for a list that is not the viewer's.
"""

from collections.abc import Sequence

from linnet.features.accounts.models import Viewer
from linnet.features.search import reads
from linnet.features.search.models import LISTED_MAX, SavedSearch
from linnet.features.search.store import saved as store
from linnet.features.statuses.models import Hydrated
from linnet.features.timelines.lists import actions as list_actions
from linnet.features.timelines.lists import reads as lists
from linnet.platform.changes import Kind
from linnet.platform.engines import Engines
from linnet.platform.errors import Invalid, NotFound
from linnet.platform.paging import Window


async def on_list(engines: Engines, viewer: Viewer, list_id: int) -> list[SavedSearch]:
    """The searches on one of the viewer's lists, the one put there last first."""
    await lists.show(engines.db, viewer, list_id)
    return await store.on_list(engines.db, viewer.account_id, list_id, LISTED_MAX)


async def put(engines: Engines, viewer: Viewer, list_id: int, search_ids: Sequence[int]) -> None:
    """Put searches that the viewer keeps on one of their lists, all or none.

    Raises `NotFound` when one is not theirs, and `Invalid` for more than `LISTED_MAX`.
    """
    wanted = list(dict.fromkeys(search_ids))[: LISTED_MAX + 1]
    async with list_actions.one(engines, viewer, list_id) as (tx, _):
        if await store.put_on_list(tx, viewer.account_id, list_id, wanted, engines.clock.now()) < len(wanted):
            raise NotFound
        if len(await store.on_list(tx, viewer.account_id, list_id, LISTED_MAX + 1)) > LISTED_MAX:
            raise Invalid(f"Validation failed: A list has room for {LISTED_MAX} searches")
        tx.changed(Kind.SEARCHES, viewer.account_id)


async def take(engines: Engines, viewer: Viewer, list_id: int, search_ids: Sequence[int]) -> None:
    """Take searches off one of the viewer's lists; what is not on it does not matter."""
    async with list_actions.one(engines, viewer, list_id) as (tx, _):
        await store.take_off_list(tx, list_id, search_ids[:LISTED_MAX])
        tx.changed(Kind.SEARCHES, viewer.account_id)


async def timeline(engines: Engines, viewer: Viewer, list_id: int, window: Window) -> Hydrated:
    """A page of all that is on one of the viewer's lists, newest first.

    A statement more than without searches, and those of a search for each that is on it.
    """
    searches = await store.on_list(engines.db, viewer.account_id, list_id, LISTED_MAX)

    async def found(above: int, below: int, wanted: int) -> list[int]:
        """The nearest candidates of all searches that are asked one after the other, each at most `wanted`."""
        ids: set[int] = set()
        ends = Window(min_id=above, max_id=below, limit=wanted) if window.forward else None
        asked = ends or Window(since_id=above, max_id=below, limit=wanted)
        for one in searches:
            ids.update(await reads.posts(engines, viewer, one.query, asked))
        return sorted(ids, reverse=True)

    return await lists.timeline(engines, viewer, list_id, window, found if searches else None)
