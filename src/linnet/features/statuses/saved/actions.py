"""What people do with saved drafts: keep one, go on with it, throw it away."""

from linnet.features.accounts.models import Viewer
from linnet.features.media.attachments import actions as attachments
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
        if draft.media_ids:
            await attachments.hold(tx, viewer.account_id, saved.id, draft.media_ids)
    return saved


async def save_again(engines: Engines, viewer: Viewer, draft_id: int, draft: Draft) -> Saved:
    """Replace the contents of one's draft; `NotFound` when there is none, `Invalid` for one too large."""
    check(draft)
    async with engines.transaction() as tx:
        saved = await store.replace(tx, viewer.account_id, draft_id, written_down(draft), engines.clock.now())
        if saved is None:
            raise NotFound
        await attachments.hold(tx, viewer.account_id, draft_id, draft.media_ids)
    return saved


async def throw_away(engines: Engines, viewer: Viewer, draft_id: int) -> None:
    """Delete one's draft, or `NotFound`."""
    async with engines.transaction() as tx:
        if not await store.delete(tx, viewer.account_id, draft_id):
            raise NotFound
        await attachments.release(tx, [draft_id])
