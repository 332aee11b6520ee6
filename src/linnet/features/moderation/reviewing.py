"""Decisions for those who look at what was decided: which wait, which were right, and all of them in passing."""

from collections.abc import AsyncGenerator
from datetime import datetime

from linnet.features.moderation.decisions import decision_of
from linnet.features.moderation.measures import About, Decision
from linnet.features.moderation.reviewed import (
    BATCH,
    REVIEWED_MAX,
    WAITING_MAX,
    Choice,
    Counted,
    Outcomes,
    Queued,
    Waiting,
)
from linnet.features.moderation.store import reviewing as store
from linnet.platform.ids import first_id_at
from linnet.platform.paging import Window
from linnet.platform.postgres import Queries


async def page(db: Queries, window: Window, choice: Choice) -> list[Decision]:
    """A page of decisions, newest first."""
    return [decision_of(row) for row in await store.page(db, window, choice)]


async def queue(db: Queries, choice: Choice, after: Decision | None, limit: int) -> list[Decision]:
    """The first that wait for somebody, or those after one: held texts first, then limited accounts, each old first."""
    place = None if after is None else Queued.of(after)
    return [decision_of(row) for row in await store.queue(db, choice, place, limit)]


async def waiting(db: Queries) -> Waiting:
    """How much waits for somebody."""
    row = await store.waiting(db, WAITING_MAX)
    return Waiting(row["number"], row["since"])


async def outcomes(db: Queries, since: datetime) -> Outcomes:
    """What came of decisions that somebody has looked at since then, of the latest `REVIEWED_MAX`."""
    counted: dict[str, list[Counted]] = {"reason": [], "version": [], "measure": []}
    for row in await store.outcomes(db, since, REVIEWED_MAX):
        counted[row["kind"]].append(Counted(row["name"], row["upheld"], row["overturned"]))
    return Outcomes(tuple(counted["reason"]), tuple(counted["version"]), tuple(counted["measure"]))


async def passing(db: Queries, since: datetime, until: datetime) -> AsyncGenerator[list[Decision]]:
    """The engine's decisions made in between, oldest first, batch by batch: no more than one is in memory."""
    after_id, until_id = first_id_at(since) - 1, first_id_at(until)
    while rows := await store.passing(db, after_id, until_id, BATCH):
        yield [decision_of(row) for row in rows]
        after_id = rows[-1]["id"]


async def is_last(db: Queries, decision: Decision) -> bool:
    """Whether no later decision did anything to what this one is about, such as to a newer wording of it."""
    subject_id = decision.ruling.subject_id
    return subject_id is None or await _last_of(db, decision.ruling.about, subject_id) in {None, decision.id}


async def _last_of(db: Queries, about: About, subject_id: int) -> int | None:
    return await store.last_of_subject(db, about, subject_id)
