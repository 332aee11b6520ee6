"""Questions about collections. Each takes the viewer; what the viewer may not see does not exist."""

from collections.abc import Sequence

from linnet.features.accounts import reads as accounts
from linnet.features.accounts.models import Viewer
from linnet.features.relationships.collections.models import OFFSET_MAX, PAGE_MAX, Recommended
from linnet.features.relationships.collections.store import rows as store
from linnet.platform.errors import Forbidden, NotFound
from linnet.platform.postgres import Queries


async def show(db: Queries, viewer: Viewer | None, collection_id: int) -> Recommended:
    """One collection, or `NotFound`."""
    found = await store.find(db, viewer.account_id if viewer else 0, collection_id)
    if found is None:
        raise NotFound
    return found


async def of_account(
    db: Queries, viewer: Viewer | None, account_id: int, *, limit: int, offset: int
) -> Sequence[Recommended]:
    """The collections on an account's profile, the latest first; for the owner also those it does not show there."""
    await accounts.show(db, account_id)
    return await store.of_account(
        db, viewer.account_id if viewer else 0, account_id, limit=_size(limit), offset=_offset(offset)
    )


async def with_account(
    db: Queries, viewer: Viewer, account_id: int, *, limit: int, offset: int
) -> Sequence[Recommended]:
    """The collections that the viewer is in, the latest first. `Forbidden` for anybody else's."""
    if account_id != viewer.account_id:
        raise Forbidden
    return await store.with_account(db, viewer.account_id, account_id, limit=_size(limit), offset=_offset(offset))


def _size(limit: int) -> int:
    return min(max(limit, 1), PAGE_MAX)


def _offset(offset: int) -> int:
    return min(max(offset, 0), OFFSET_MAX)
