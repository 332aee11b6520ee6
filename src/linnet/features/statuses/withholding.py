"""What becomes of a status that should not be seen by all: withheld, limited in reach, or shown behind a warning.

Each verb here runs in a transaction of whoever decided so, and may run twice: the second time it gives False.
"""

from collections.abc import Collection

from linnet.features.statuses.events import StatusModerated, StatusReleased, StatusWithheld
from linnet.features.statuses.store import edits
from linnet.features.statuses.store import moderated as store
from linnet.platform.changes import Kind
from linnet.platform.engines import Transaction
from linnet.platform.live import Live


async def withhold(tx: Transaction, status_id: int) -> bool:
    """Let only its author see a status from now on, not even those it mentions; False when it is gone or withheld."""
    await edits.lock(tx, status_id)
    withheld = await store.withhold(tx, status_id)
    if withheld is None:
        return False
    for changed_id in (status_id, *withheld.related_ids):
        tx.changed(Kind.STATUS, changed_id)
    tx.live(Live.WITHHELD, *withheld.gone.numbers)
    await tx.record(StatusWithheld(status_id, withheld.gone.account_id))
    return True


async def release(tx: Transaction, status_id: int) -> bool:
    """Let everybody whom it is for see a withheld status; False when it is gone or not withheld.

    It comes to homes, streams and notifications as if it was posted now. Its id, which says where in a timeline it
    stands, stays that of when it was written: whoever has read beyond that place finds it there, or by a notification.
    """
    await edits.lock(tx, status_id)
    released = await store.release(tx, status_id)
    if released is None:
        return False
    for changed_id in (status_id, *released.related_ids):
        tx.changed(Kind.STATUS, changed_id)
    for tag_id in released.tag_ids:
        tx.changed(Kind.TAGGED, tag_id, status_id)
    await tx.record(
        StatusReleased(status_id, released.account_id, released.notable, released.tag_ids, links=released.links)
    )
    return True


async def limit(tx: Transaction, status_id: int) -> bool:
    """Have a status in its author's followers' homes, on its author's page and in threads only; False as above."""
    return await _note(tx, status_id, await store.limit(tx, status_id))


async def unlimit(tx: Transaction, status_id: int) -> bool:
    """Undo `limit`; False when it is gone or not limited."""
    return await _note(tx, status_id, await store.unlimit(tx, status_id))


async def label(tx: Transaction, status_id: int, labels: Collection[str]) -> bool:
    """Show a status behind a warning that says why, with none behind no warning; False when nothing is changed by it.

    Labels are groups of reasons, as policies name them.
    """
    return await _note(tx, status_id, await store.label(tx, status_id, sorted(set(labels))))


async def _note(tx: Transaction, status_id: int, author_id: int | None) -> bool:
    if author_id is None:
        return False
    tx.changed(Kind.STATUS, status_id)
    tx.live(Live.EDITED, status_id)
    await tx.record(StatusModerated(status_id, author_id))
    return True
