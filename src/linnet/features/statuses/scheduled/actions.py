"""What people do with posts for later: write one, move it, call it off."""

from dataclasses import replace
from datetime import datetime, timedelta

from linnet.features.accounts import reads as accounts
from linnet.features.accounts.models import Viewer
from linnet.features.media.attachments import actions as attachments
from linnet.features.media.attachments import reads as attached
from linnet.features.statuses import drafts, judged, quoting, replies, wording
from linnet.features.statuses.models import IDEMPOTENCY_S, Draft
from linnet.features.statuses.scheduled import store
from linnet.features.statuses.scheduled.models import AHEAD_MIN_S, DAILY_MAX, SCHEDULED_MAX, Scheduled
from linnet.features.statuses.store import posts
from linnet.platform.engines import Engines
from linnet.platform.errors import Invalid, NotFound
from linnet.platform.postgres import Queries


async def schedule(engines: Engines, viewer: Viewer, draft: Draft, at: datetime) -> Scheduled:
    """Keep a draft to be published `at`. What its author left open is settled now, and all is checked that can be.

    A repeated idempotency key gives the post of the first time, `NotFound` once that was published. Raises `Invalid`
    for a moment less than `AHEAD_MIN_S` away or a day that is full, and what `statuses.actions.post` raises: what the
    engine does not let pass is refused now, while its author is there.
    """
    now = engines.clock.now()
    draft = drafts.tidied(draft)
    parent = await drafts.parent(engines.db, viewer, draft.in_reply_to_id)
    if parent is not None:
        await replies.check(engines.db, viewer, parent)
    if draft.quoted_id is not None:
        draft = replace(draft, quoted_id=await quoting.quotable(engines.db, viewer, draft.quoted_id))
    await attached.attachable(engines.db, viewer, draft.media_ids)
    words = await wording.parse(engines, engines.db, draft.text)
    await judged.check(engines, viewer, draft, words, parent)
    draft = drafts.with_defaults(draft, await accounts.preferences(engines.db, viewer))
    key, draft = draft.idempotency_key, replace(draft, idempotency_key=None)
    async with engines.transaction() as tx:
        await store.lock(tx, viewer.account_id)
        scheduled_id = await posts.new_id(tx, now)
        if key is not None:
            earlier_id = await store.claim_key(tx, viewer.account_id, key, scheduled_id, now, IDEMPOTENCY_S)
            if earlier_id is not None:
                return await _own(tx, viewer, earlier_id)
        await _check_room(tx, viewer, at, now, scheduled_id)
        await store.insert(tx, scheduled_id, viewer.account_id, at, drafts.written_down(draft), now)
        if draft.media_ids:
            await attachments.hold(tx, viewer.account_id, scheduled_id, draft.media_ids)
    return Scheduled(scheduled_id, viewer.account_id, at, draft)


async def reschedule(engines: Engines, viewer: Viewer, scheduled_id: int, at: datetime) -> Scheduled:
    """Give one's post another time, also one that could not be published. `NotFound` once it was published."""
    async with engines.transaction() as tx:
        await store.lock(tx, viewer.account_id)
        before = await _own(tx, viewer, scheduled_id)
        await _check_room(tx, viewer, at, engines.clock.now(), scheduled_id)
        if not await store.reschedule(tx, viewer.account_id, scheduled_id, at):
            raise NotFound
    return replace(before, scheduled_at=at, failure=None)


async def call_off(engines: Engines, viewer: Viewer, scheduled_id: int) -> None:
    """Delete one's post for later; `NotFound` once it was published."""
    async with engines.transaction() as tx:
        if not await store.delete(tx, viewer.account_id, scheduled_id):
            raise NotFound
        await attachments.release(tx, [scheduled_id])


async def _own(db: Queries, viewer: Viewer, scheduled_id: int) -> Scheduled:
    found = await store.load(db, viewer.account_id, scheduled_id)
    if found is None:
        raise NotFound
    return found


async def _check_room(db: Queries, viewer: Viewer, at: datetime, now: datetime, besides_id: int) -> None:
    if at < now + timedelta(seconds=AHEAD_MIN_S):
        raise Invalid(f"Validation failed: A post can be scheduled from {AHEAD_MIN_S // 60} minutes ahead on")
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    in_all, that_day = await store.numbers(db, viewer.account_id, day, besides_id)
    if in_all >= SCHEDULED_MAX:
        raise Invalid(f"Validation failed: You can have at most {SCHEDULED_MAX} scheduled posts")
    if that_day >= DAILY_MAX:
        raise Invalid(f"Validation failed: You can schedule at most {DAILY_MAX} posts for one day")
