"""The directory of accounts that agreed to be found, without people the viewer has silenced or is blocked by."""

from typing import Final

from linnet.features.accounts.models import Viewer
from linnet.features.relationships.store import directory as store
from linnet.platform.postgres import Queries

OFFSET_MAX: Final = 10_000
"""How far down the directory one may look."""


async def newest(db: Queries, viewer: Viewer | None, *, limit: int, offset: int) -> list[int]:
    """Ids of up to `limit` accounts, those made last first."""
    return await store.newest(db, viewer.account_id if viewer else 0, limit=limit, offset=min(offset, OFFSET_MAX))


async def most_active(db: Queries, viewer: Viewer | None, *, limit: int, offset: int) -> list[int]:
    """Ids of up to `limit` accounts, those whose last post is the latest first."""
    return await store.most_active(db, viewer.account_id if viewer else 0, limit=limit, offset=min(offset, OFFSET_MAX))
