"""What staff do with somebody's posts, as part of one act of theirs; they have made sure that they may."""

from collections.abc import Sequence

from linnet.features.accounts.models import Viewer
from linnet.features.statuses.actions import retract_within
from linnet.features.statuses.store import edits
from linnet.platform.changes import Kind
from linnet.platform.engines import Engines, Transaction


async def take_down(engines: Engines, tx: Transaction, account_id: int, status_ids: Sequence[int]) -> list[int]:
    """Delete those of the posts that are this account's and still there; which."""
    author = Viewer(account_id)
    return [one for one in sorted(set(status_ids)) if await retract_within(engines, tx, author, one)]


async def put_behind_warning(
    tx: Transaction, account_id: int, status_ids: Sequence[int], *, sensitive: bool
) -> list[int]:
    """Show those of this account's posts behind a warning, or no longer; which were not so before."""
    changed = await edits.set_sensitive(tx, account_id, status_ids, sensitive=sensitive)
    for status_id in changed:
        tx.changed(Kind.STATUS, status_id)
    return changed
