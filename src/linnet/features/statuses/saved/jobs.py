"""Later work about saved drafts: they go with their account. May run twice."""

from collections.abc import Sequence

from linnet.features.accounts.events import AccountDeleted
from linnet.features.media.attachments import actions as attachments
from linnet.features.statuses.saved import store
from linnet.platform.engines import Engines
from linnet.platform.jobs import Job


async def _erase(engines: Engines, works: Sequence[AccountDeleted]) -> None:
    for work in works:
        async with engines.transaction() as tx:
            await attachments.release(tx, await store.erase_of(tx, work.account_id))


ERASE = Job("saved_drafts.erase", AccountDeleted, _erase, queue="maintenance")
