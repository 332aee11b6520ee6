"""Later work about posts for later: publishing them when their time has come. Every job here may run twice."""

from collections.abc import Sequence
from dataclasses import replace

from linnet.features.accounts.events import AccountDeleted
from linnet.features.accounts.models import Viewer
from linnet.features.media.attachments import actions as attachments
from linnet.features.moderation.rates import TooOften
from linnet.features.statuses import actions
from linnet.features.statuses.scheduled import store
from linnet.features.statuses.scheduled.models import Due
from linnet.platform.engines import Engines
from linnet.platform.errors import Conflict, Invalid, NotFound
from linnet.platform.jobs import Job, Periodic

SLICE = 500
LOOK_EVERY_S = 1.0
_SUSPENDED = "Your account was suspended or frozen when this was to be posted."


async def queue_due(engines: Engines) -> None:
    """Hand every post whose time has come to the worker."""
    taken = SLICE
    while taken == SLICE:
        async with engines.transaction() as tx:
            ids = await store.take_due(tx, engines.clock.now(), SLICE)
            taken = len(ids)
            await tx.enqueue(PUBLISH, [Due(scheduled_id=scheduled_id) for scheduled_id in ids])


async def _publish(engines: Engines, works: Sequence[Due]) -> None:
    """Publish each once: the statement that writes the status takes it off the list, or does neither.

    What is refused now, such as an answer to what was deleted meanwhile, stays on the list with the reason. What is
    more than its author may post now is posted as soon as they may.
    """
    for work in works:
        now = engines.clock.now()
        due = await store.due(engines.db, work.scheduled_id, now)
        if due is None:
            continue
        one, may_post = due
        if not may_post:
            await store.note_failure(engines.db, one.id, _SUSPENDED, now)
            continue
        try:
            await actions.post(engines, Viewer(one.account_id), replace(one.draft, scheduled_id=one.id))
        except Conflict:
            continue
        except TooOften as refused:
            if not refused.waiting_helps:
                await store.note_failure(engines.db, one.id, refused.message, now)
                continue
            async with engines.transaction() as tx:
                await tx.enqueue(PUBLISH, [work], delay_s=refused.retry_after_s)
        except (Invalid, NotFound) as refused:
            await store.note_failure(engines.db, one.id, refused.message, now)


async def _erase(engines: Engines, works: Sequence[AccountDeleted]) -> None:
    for work in works:
        async with engines.transaction() as tx:
            await attachments.release(tx, await store.erase_of(tx, work.account_id))


PUBLISH = Job("scheduled.publish", Due, _publish)
ERASE = Job("scheduled.erase", AccountDeleted, _erase, queue="maintenance")

PERIODICS = (Periodic("scheduled.queue_due", LOOK_EVERY_S, queue_due),)
