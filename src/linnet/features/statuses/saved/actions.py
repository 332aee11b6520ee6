"""What people do with saved drafts: keep one, go on with it, throw it away."""

from linnet.features.accounts.models import Viewer
from linnet.features.statuses.drafts import written_down
from linnet.features.statuses.models import Draft
from linnet.features.statuses.saved import store
from linnet.features.statuses.saved.models import SAVED_MAX, Saved, check
from linnet.platform.engines import Engines
from linnet.platform.errors import Invalid, NotFound


async def save(engines: Engines, viewer: Viewer, draft: Draft) -> Saved:
    """Keep a draft; `Invalid` for one too large, or when there are `SAVED_MAX` already."""
    check(draft)
    async with engines.transaction() as tx:
        saved = await store.insert(tx, viewer.account_id, written_down(draft), engines.clock.now(), SAVED_MAX)
    if saved is None:
        raise Invalid(f"Validation failed: You can keep at most {SAVED_MAX} drafts")
    return saved


async def save_again(engines: Engines, viewer: Viewer, draft_id: int, draft: Draft) -> Saved:
    """Replace the contents of one's draft; `NotFound` when there is none, `Invalid` for one too large."""
    check(draft)
    saved = await store.replace(engines.db, viewer.account_id, draft_id, written_down(draft), engines.clock.now())
    if saved is None:
        raise NotFound
    return saved


async def throw_away(engines: Engines, viewer: Viewer, draft_id: int) -> None:
    """Delete one's draft, or `NotFound`."""
    if not await store.delete(engines.db, viewer.account_id, draft_id):
        raise NotFound
