"""Later work about filters: telling processes again, forgetting what is gone. Every job here may run twice."""

from collections.abc import Sequence

from linnet.features.accounts.events import AccountDeleted
from linnet.features.filters.events import FiltersChanged
from linnet.features.filters.store import writing
from linnet.features.statuses.events import StatusDeleted
from linnet.platform.changes import Kind, change
from linnet.platform.engines import Engines
from linnet.platform.jobs import Job

SLICE = 500
"""Rows removed by one statement, so that none holds locks for long."""


async def _retell(engines: Engines, works: Sequence[FiltersChanged]) -> None:
    """Tell again whose filters are others: the process that changed them may have died before it told."""
    await engines.changes.tell(change(Kind.FILTERS, account_id) for account_id in {one.account_id for one in works})


async def _erase(engines: Engines, works: Sequence[AccountDeleted]) -> None:
    for work in works:
        while await writing.erase_of(engines.db, work.account_id, SLICE) == SLICE:
            pass


async def _forget_statuses(engines: Engines, works: Sequence[StatusDeleted]) -> None:
    ids = [work.status_id for work in works]
    while len(await writing.forget_statuses(engines.db, ids, SLICE)) == SLICE:
        pass


RETELL = Job("filters.retell", FiltersChanged, _retell, queue="maintenance")
ERASE = Job("filters.erase", AccountDeleted, _erase, queue="maintenance", batch_max=1)
FORGET_STATUSES = Job("filters.forget_statuses", StatusDeleted, _forget_statuses, queue="maintenance")
