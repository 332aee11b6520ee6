"""Later work about collections: removing what blocks and deleted accounts leave behind. It may run twice."""

from collections.abc import Sequence
from typing import Final

from linnet.features.accounts.events import AccountDeleted
from linnet.features.relationships.collections.store import rows as store
from linnet.features.relationships.events import Blocked
from linnet.platform.engines import Engines
from linnet.platform.jobs import Job

SLICE: Final = 500


async def _part(engines: Engines, works: Sequence[Blocked]) -> None:
    """Take whom a block is between out of one another's collections, where nobody is shown them any more."""
    await store.part(engines.db, [one.account_id for one in works], [one.target_id for one in works])


async def _erase(engines: Engines, works: Sequence[AccountDeleted]) -> None:
    for work in works:
        while await store.erase(engines.db, work.account_id, SLICE):
            pass


PART = Job("collections.part", Blocked, _part, queue="maintenance")
ERASE = Job("collections.erase", AccountDeleted, _erase, queue="maintenance", batch_max=1)
