"""The directory of accounts that agreed to be found, without people the viewer has silenced or is blocked by."""

from typing import Final

from linnet.features.accounts.models import Viewer
from linnet.features.relationships.store import directory as store
from linnet.features.relationships.store import findable
from linnet.platform.engines import Engines
from linnet.platform.postgres import Queries

OFFSET_MAX: Final = 10_000
"""How far down the directory one may look."""


async def newest(engines: Engines, viewer: Viewer | None, *, limit: int, offset: int) -> list[int]:
    """Ids of up to `limit` accounts, those made last first."""
    asking = viewer.account_id if viewer else 0
    db = await engines.replica_for(asking)
    found = await store.newest(db, asking, limit=limit, offset=min(offset, OFFSET_MAX))
    return await _still(engines, db, asking, found)


async def most_active(engines: Engines, viewer: Viewer | None, *, limit: int, offset: int) -> list[int]:
    """Ids of up to `limit` accounts, those whose last post is the latest first."""
    asking = viewer.account_id if viewer else 0
    db = await engines.replica_for(asking)
    found = await store.most_active(db, asking, limit=limit, offset=min(offset, OFFSET_MAX))
    return await _still(engines, db, asking, found)


async def _still(engines: Engines, found_in: Queries, viewer_id: int, ids: list[int]) -> list[int]:
    if found_in is engines.db:
        return ids
    return await findable.still(engines.db, viewer_id, ids, listed=True)
