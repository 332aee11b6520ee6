"""The lenses of those who read, kept by each process as long as they are true: who filters nothing costs nothing."""

import asyncio
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from linnet.features.accounts.models import Viewer
from linnet.features.filters.matching import NO_FILTERS, Lens
from linnet.features.filters.store import rows
from linnet.platform.changes import Change, Changes, Kind
from linnet.platform.engines import Engines
from linnet.platform.kept import Kept
from linnet.platform.postgres import Queries
from linnet.platform.together import Asked

LENSES_MAX: Final = 20_000
"""Lenses of one process; one without filters is the same object for everybody."""


class Lenses:
    """A bounded memory of lenses; one in each process, in `engines.configs`."""

    def __init__(self, changes: Changes) -> None:
        self.kept: Kept[int, Lens] = Kept(LENSES_MAX)
        changes.hear(self._hear, self.kept.clear)

    def _hear(self, change: Change) -> None:
        if change[0] is Kind.FILTERS:
            self.kept.drop(change[1])


@dataclass(frozen=True, slots=True)
class _Question:
    """Whose lens, at which moment, and what keeps the answer."""

    account_id: int
    at: datetime
    lenses: Lenses


def glance(engines: Engines, viewer: Viewer) -> Lens | None:
    """The viewer's lens, if this process keeps it. Only after the log of changes was read."""
    lens = engines.config(Lenses).kept.get(viewer.account_id, time.monotonic())
    if lens is None or (lens.until_s is not None and engines.clock.now().timestamp() >= lens.until_s):
        return None
    return lens


def expect(engines: Engines, viewer: Viewer) -> "asyncio.Future[Lens] | None":
    """The same as `lens_of` to come; None when this process keeps it. Whoever waits lets go of their connection."""
    return None if glance(engines, viewer) is not None else _lenses.put(engines.db, _question(engines, viewer))


async def lens_of(engines: Engines, viewer: Viewer) -> Lens:
    """The viewer's filters, compiled; at most one statement, shared with whoever else asks at that moment."""
    if await engines.changes.catch_up():
        known = glance(engines, viewer)
        return known if known is not None else await _lenses.ask(engines.db, _question(engines, viewer))
    return (await load(engines, [viewer.account_id]))[viewer.account_id]


async def load(engines: Engines, account_ids: Collection[int]) -> dict[int, Lens]:
    """The lens of each of these accounts as PostgreSQL has it now, for who keeps them elsewhere. One statement."""
    found = await rows.active(engines.db, account_ids, engines.clock.now())
    return {i: Lens.of(found[i]) if i in found else NO_FILTERS for i in account_ids}


def _question(engines: Engines, viewer: Viewer) -> _Question:
    return _Question(viewer.account_id, engines.clock.now(), engines.config(Lenses))


async def _load(db: Queries, questions: Sequence[_Question]) -> list[Lens]:
    began = [one.lenses.kept.now() for one in questions]
    found = await rows.active(db, {one.account_id for one in questions}, min(one.at for one in questions))
    lenses = list[Lens]()
    for one, serial in zip(questions, began, strict=True):
        filters = found.get(one.account_id)
        lens = NO_FILTERS if filters is None else Lens.of(filters)
        one.lenses.kept.put(one.account_id, lens, serial)
        lenses.append(lens)
    return lenses


_lenses: Asked[_Question, Lens] = Asked(_load)
