"""The circles of those who read timelines, kept by each process as long as they are true."""

import asyncio
import time
from collections.abc import Sequence
from typing import Final

from linnet.features.accounts.models import Viewer
from linnet.features.relationships.models import Circle
from linnet.features.relationships.store import circles as store
from linnet.platform.changes import Change, Changes, Kind
from linnet.platform.engines import Engines
from linnet.platform.kept import Kept
from linnet.platform.postgres import Queries
from linnet.platform.together import Asked

CIRCLES_MAX: Final = 10_000
"""Circles of one process: those of people with 150 follows take about 3 KB each."""

EDGES_MAX: Final = 15_000
"""Edges of one kind that a circle holds; who has more is asked about in SQL, page by page."""


class Circles:
    """A bounded memory of circles; one in each process, in `engines.configs`."""

    def __init__(self, changes: Changes) -> None:
        self.kept: Kept[int, Circle] = Kept(CIRCLES_MAX)
        self.asked: Asked[int, Circle | None] = Asked(self._load)
        """For the circles of accounts: what it gives is kept as well."""
        changes.hear(self._hear, self.kept.clear)

    async def _load(self, db: Queries, account_ids: Sequence[int]) -> list[Circle | None]:
        began = self.kept.now()
        circles = await store.load(db, set(account_ids), EDGES_MAX)
        for account_id, circle in circles.items():
            self.kept.put(account_id, circle, began)
        return [circles.get(account_id) for account_id in account_ids]

    def _hear(self, change: Change) -> None:
        if change[0] is Kind.VIEWER:
            self.kept.drop(change[1])


def glance(engines: Engines, viewer: Viewer) -> Circle | None:
    """The viewer's circle, if this process keeps it."""
    return engines.config(Circles).kept.get(viewer.account_id, time.monotonic())


async def circle_of(engines: Engines, viewer: Viewer) -> Circle | None:
    """Everything between the viewer and others that a timeline asks about; None when that is too much to keep.

    At most one statement, which readers who come together share. Call it only after `changes.catch_up()` was true.
    """
    known = glance(engines, viewer)
    return known if known is not None else await engines.config(Circles).asked.ask(engines.db, viewer.account_id)


def expect(engines: Engines, viewer: Viewer) -> "asyncio.Future[Circle | None] | None":
    """Ask for the viewer's circle without waiting for it; None when this process keeps it. As `circle_of` otherwise."""
    if glance(engines, viewer) is not None:
        return None
    return engines.config(Circles).asked.put(engines.db, viewer.account_id)
