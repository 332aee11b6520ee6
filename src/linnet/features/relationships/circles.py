"""The circles of those who read timelines, kept by each process as long as they are true.

Who reads them from PostgreSQL has more to read of the same people (`statuses.readers`), so here are only their columns.
"""

import time
from collections.abc import Collection
from typing import Final

from linnet.features.accounts.models import Viewer
from linnet.features.relationships.models import Circle
from linnet.features.relationships.store import circles as store
from linnet.features.relationships.store.circles import EDGES, EDGES_COLUMNS, circle_of
from linnet.platform.changes import Change, Changes, Kind
from linnet.platform.engines import Engines
from linnet.platform.kept import Kept
from linnet.platform.postgres import Queries

__all__ = ["CIRCLES_MAX", "EDGES", "EDGES_COLUMNS", "EDGES_MAX", "Circles", "circle_of", "glance", "load"]

CIRCLES_MAX: Final = 10_000
"""Circles of one process: those of people with 150 follows take about 3 KB each."""

EDGES_MAX: Final = 15_000
"""Edges of one kind that a circle holds; who has more is asked about in SQL, page by page."""


class Circles:
    """A bounded memory of circles; one in each process, in `engines.configs`."""

    def __init__(self, changes: Changes) -> None:
        self.kept: Kept[int, Circle] = Kept(CIRCLES_MAX)
        changes.hear(self._hear, self.kept.clear)

    def _hear(self, change: Change) -> None:
        if change[0] is Kind.VIEWER:
            self.kept.drop(change[1])


def glance(engines: Engines, viewer: Viewer) -> Circle | None:
    """The viewer's circle, if this process keeps it."""
    return engines.config(Circles).kept.get(viewer.account_id, time.monotonic())


async def load(db: Queries, account_ids: Collection[int]) -> dict[int, Circle]:
    """The circle of each account as PostgreSQL has it now, for who keeps it themselves. One statement.

    One whose `largest` is above `EDGES_MAX` lacks edges of that kind, but no follows, of which nobody has as many.
    """
    return await store.load(db, account_ids, EDGES_MAX + 1)
