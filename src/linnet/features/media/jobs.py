"""Later work of media. Every job here may run twice."""

from collections.abc import Sequence
from typing import Final

from linnet.features.accounts.events import AccountDeleted
from linnet.features.media import actions
from linnet.features.media.store import uploads
from linnet.platform.engines import Engines
from linnet.platform.jobs import Job

ERASE_SLICE: Final = 200


async def _erase(engines: Engines, works: Sequence[AccountDeleted]) -> None:
    """Remove all that accounts uploaded; their files go by the job of what is dropped."""
    for work in works:
        while ids := await uploads.ids_of(engines.db, work.account_id, ERASE_SLICE):
            async with engines.transaction() as tx:
                await actions.drop(tx, ids)


ERASE = Job("media.erase", AccountDeleted, _erase, queue="maintenance")
