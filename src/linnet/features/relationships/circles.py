"""The circles of those who read timelines, kept by each process as long as they are true."""

import time
from typing import Final

from linnet.features.accounts.models import Viewer
from linnet.features.relationships.models import Circle
from linnet.features.relationships.store import circles as store
from linnet.platform.changes import Change, Changes, Kind
from linnet.platform.engines import Engines
from linnet.platform.kept import Kept

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


async def circle_of(engines: Engines, viewer: Viewer) -> Circle | None:
    """Everything between the viewer and others that a timeline asks about; None when that is too much to keep.

    At most one statement. Call it only after `changes.catch_up()` was true.
    """
    known = glance(engines, viewer)
    if known is not None:
        return known
    kept = engines.config(Circles).kept
    began = kept.now()
    circle = await store.load(engines.db, viewer.account_id, EDGES_MAX)
    if circle is not None:
        kept.put(viewer.account_id, circle, began)
    return circle
