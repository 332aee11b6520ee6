"""Direct statuses, which are messages of conversations now: how those of earlier releases leave this feature."""

from collections.abc import Sequence

from linnet.features.statuses.store import direct as store
from linnet.platform.changes import Kind
from linnet.platform.engines import Transaction


async def forget(tx: Transaction, status_ids: Sequence[int]) -> None:
    """Remove direct statuses that live on as messages, or were deleted, with all about them."""
    if not status_ids:
        return
    counted = await store.forget(tx, status_ids)
    for status_id in {*status_ids, *counted}:
        tx.changed(Kind.STATUS, status_id)
