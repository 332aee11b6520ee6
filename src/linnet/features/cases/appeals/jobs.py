"""Later work of appeals: forgetting those of who is gone, and telling Prometheus what waits and what came of it."""

from collections.abc import Sequence
from typing import Final

from linnet.features.accounts.events import AccountDeleted
from linnet.features.accounts.permissions import OPERATOR
from linnet.features.cases.appeals import metrics, reads, store
from linnet.platform.engines import Engines
from linnet.platform.jobs import Job, Periodic

SLICE: Final = 1_000
MEASURE_EVERY_S: Final = 60.0


async def _erase(engines: Engines, works: Sequence[AccountDeleted]) -> None:
    for work in works:
        while await store.erase(engines.db, work.account_id, SLICE) == SLICE:
            pass


async def measure(engines: Engines) -> None:
    """Set the gauges of what waits, and of how good decisions were in the last 30 days."""
    metrics.show(await reads.measured(engines, OPERATOR), engines.clock.now())


ERASE: Final = Job("appeals.erase", AccountDeleted, _erase, queue="maintenance", batch_max=1)

PERIODICS: Final = (Periodic("appeals.measure", MEASURE_EVERY_S, measure),)
"""Work that comes back by the clock."""
