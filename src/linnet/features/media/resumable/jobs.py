"""Later work about uploads in parts. Every job here may run twice."""

from collections.abc import Sequence
from typing import Final

from linnet.features.accounts.events import AccountDeleted
from linnet.features.media.resumable import composing, store
from linnet.features.media.resumable.models import Whole
from linnet.platform.engines import Engines
from linnet.platform.jobs import Job, Periodic

AGAIN_AFTER_S: Final = 60.0
ERASE_SLICE: Final = 50
EXPIRE_EVERY_S: Final = 600.0
EXPIRED_SLICE: Final = 50


async def _compose(engines: Engines, works: Sequence[Whole]) -> None:
    """Put uploads together that their last request did not."""
    for work in works:
        if not await composing.compose(engines, work.upload_id):
            async with engines.transaction() as tx:
                await tx.enqueue(COMPOSE, [work], delay_s=AGAIN_AFTER_S)


async def _erase(engines: Engines, works: Sequence[AccountDeleted]) -> None:
    for work in works:
        while ids := await store.of_account(engines.db, work.account_id, ERASE_SLICE):
            await composing.drop(engines, ids)


async def drop_expired(engines: Engines) -> None:
    """Forget uploads to which nothing was added for a day, and those that have long been media."""
    while expired := await store.expired(engines.db, engines.clock.now(), EXPIRED_SLICE):
        await composing.drop(engines, [upload.id for upload in expired])


COMPOSE = Job("media.compose", Whole, _compose, batch_max=1, timeout_s=900.0)
ERASE = Job("media.erase_resumable", AccountDeleted, _erase, queue="maintenance")

PERIODICS = (Periodic("media.drop_expired_uploads", EXPIRE_EVERY_S, drop_expired),)
