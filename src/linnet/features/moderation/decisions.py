"""Decisions as they are kept: recorded with what they are about, read by whom they concern, reviewed once.

A decision is made of every text in which something was found, also where it was allowed: precision is measured by them.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import asyncpg

from linnet.features.moderation.measures import About, Decision, Measure, Ruling, Source
from linnet.features.moderation.models import Finding, Reason, Span, Surface
from linnet.features.moderation.store import decisions as store
from linnet.platform.engines import Engines
from linnet.platform.jobs import Periodic
from linnet.platform.paging import Window
from linnet.platform.postgres import Queries

KEPT_DAYS: Final = 180
"""How long decisions are kept, and with them the texts that were not published."""

FORGET_EVERY_S: Final = 3_600.0
SLICE: Final = 1_000


def written(ruling: Ruling) -> list[dict[str, Any]]:
    """The findings of a decision as they are kept, in JSON; `because` marks those that the measure was taken for."""
    return [
        {
            "reason": one.reason.value,
            "score": round(one.score, 4),
            "start": one.span.start,
            "end": one.span.end,
            "version": one.version,
            "because": one in ruling.because,
        }
        for one in ruling.findings
    ]


def columns(ruling: Ruling, decision_id: int | None = None) -> dict[str, Any]:
    """A decision as whoever writes it with its subject, in one statement, writes it: in JSON, by column.

    Without an id it is given one; who wrote what when and in which language is said by the subject.
    """
    return {
        "id": decision_id,
        "surface": ruling.surface.value,
        "measure": ruling.measure.value,
        "findings": written(ruling),
        "reputation": ruling.reputation,
        "policy_version": ruling.policy_version,
        "model_version": ruling.model_version,
        "failed": ruling.failed,
    }


def findings_of(kept: Sequence[dict[str, Any]], *, because: bool = False) -> tuple[Finding, ...]:
    """What `written` gave, on demand only what the measure was taken for.

    Without reasons that this version of Linnet does not know.
    """
    return tuple(
        Finding(Span(one["start"], one["end"]), Reason(one["reason"]), one["score"], one["version"])
        for one in kept
        if one["reason"] in _REASONS and (one["because"] or not because)
    )


_REASONS: Final = frozenset(reason.value for reason in Reason)


async def record(db: Queries, ruling: Ruling, at: datetime) -> int:
    """Keep a decision; its id. In the transaction of what it decides."""
    return await store.insert(db, ruling, written(ruling), at)


async def of_account(
    db: Queries, account_id: int, window: Window, measures: Collection[Measure] = tuple(Measure)
) -> list[Decision]:
    """A page of an account's decisions, newest first, with one of these measures."""
    return [decision_of(row) for row in await store.of_account(db, account_id, window, [one.value for one in measures])]


async def of_subjects(db: Queries, about: About, subject_ids: Collection[int]) -> dict[int, Decision]:
    """The latest decision about each of some things of a kind, where there is one."""
    rows = await store.of_subjects(db, about, subject_ids)
    return {row["subject_id"]: decision_of(row) for row in rows}


async def by_id(db: Queries, decision_id: int) -> Decision | None:
    """One decision; who asks for it looks whether it concerns the viewer."""
    row = await store.by_id(db, decision_id)
    return None if row is None else decision_of(row)


async def by_ids(db: Queries, decision_ids: Collection[int]) -> dict[int, Decision]:
    """Those of some decisions that are kept, by id. One statement, none for no ids."""
    rows = await store.by_ids(db, decision_ids) if decision_ids else []
    return {row["id"]: decision_of(row) for row in rows}


async def waiting(db: Queries, window: Window) -> list[Decision]:
    """A page of those that wait for somebody to look, newest first: held texts, limited accounts, failures."""
    return [decision_of(row) for row in await store.waiting(db, window)]


async def review(
    db: Queries, decision_id: int, actor_account_id: int | None, at: datetime, *, upheld: bool, again: bool = False
) -> Decision | None:
    """Keep what somebody (None: the operator) says of a decision; None when it is not there, or reviewed already.

    `again`: also then, as when an appeal is granted. What follows from it (a release) is for who calls this.
    """
    row = await store.review(db, decision_id, actor_account_id, at, upheld=upheld, again=again)
    return None if row is None else decision_of(row)


async def erase(db: Queries, account_id: int) -> None:
    """Forget all decisions about what an account wrote."""
    while await store.erase(db, account_id, SLICE) == SLICE:
        pass


async def forget_old(engines: Engines) -> None:
    """Forget decisions that are older than `KEPT_DAYS`."""
    before = engines.clock.now() - timedelta(days=KEPT_DAYS)
    while await store.forget(engines.db, before, SLICE) == SLICE:
        pass


def decision_of(row: asyncpg.Record) -> Decision:
    """A decision out of its row."""
    return Decision(
        row["id"],
        Ruling(
            account_id=row["account_id"],
            about=About(row["about"]),
            surface=Surface(row["surface"]),
            measure=Measure(row["measure"]),
            findings=findings_of(row["findings"]),
            because=findings_of(row["findings"], because=True),
            subject_id=row["subject_id"],
            reputation=row["reputation"],
            policy_version=row["policy_version"],
            model_version=row["model_version"],
            language=row["language"],
            text=row["text"],
            source=Source(row["source"]),
            failed=row["failed"],
        ),
        row["decided_at"],
        row["reviewed_at"],
        row["reviewed_by"],
        row["upheld"],
    )


PERIODICS = (Periodic("moderation.forget_decisions", FORGET_EVERY_S, forget_old),)
