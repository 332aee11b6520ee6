"""Rows of decisions."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, LiteralString

import asyncpg

from linnet.features.moderation.measures import Ruling
from linnet.platform.ids import first_id_at
from linnet.platform.paging import Window
from linnet.platform.postgres import Queries

_COLUMNS: LiteralString = """
    d.id, d.account_id, d.about, d.subject_id, d.surface, d.measure, d.findings, d.reputation, d.policy_version,
    d.model_version, d.language, d.text, d.source, d.failed, d.decided_at, d.reviewed_at, d.reviewed_by, d.upheld
"""


async def insert(db: Queries, ruling: Ruling, findings: Sequence[dict[str, Any]], at: datetime) -> int:
    """Keep a decision; its id."""
    return await db.value(
        """
        insert into decisions (id, account_id, about, subject_id, surface, measure, findings, reputation,
            policy_version, model_version, language, text, source, failed, decided_at)
        values (snowflake($14), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) returning id
        """,
        ruling.account_id,
        ruling.about,
        ruling.subject_id,
        ruling.surface,
        ruling.measure,
        findings,
        ruling.reputation,
        ruling.policy_version,
        ruling.model_version,
        ruling.language,
        ruling.text,
        ruling.source,
        ruling.failed,
        at,
    )


async def by_id(db: Queries, decision_id: int) -> asyncpg.Record | None:
    """One decision. Primary key."""
    return await db.row("select " + _COLUMNS + " from decisions d where d.id = $1", decision_id)


async def by_ids(db: Queries, decision_ids: Collection[int]) -> list[asyncpg.Record]:
    """Some decisions. Primary key."""
    return await db.rows("select " + _COLUMNS + " from decisions d where d.id = any($1)", list(decision_ids))


async def of_account(db: Queries, account_id: int, window: Window, measures: Sequence[str]) -> list[asyncpg.Record]:
    """A page of an account's decisions with one of these measures, newest first. Uses decisions_account."""
    rows = await db.rows(
        "select "
        + _COLUMNS
        + """ from decisions d
        where d.account_id = $1 and d.id > $2 and d.id < $3 and d.measure = any($5)
        order by d.id """
        + ("asc" if window.forward else "desc")
        + " limit $4",
        account_id,
        window.floor,
        window.ceiling,
        window.limit,
        measures,
    )
    return rows[::-1] if window.forward else rows


async def of_subjects(db: Queries, about: str, subject_ids: Collection[int]) -> list[asyncpg.Record]:
    """The latest decision about each of some things of a kind. Uses decisions_subject."""
    return await db.rows(
        "select "
        + _COLUMNS
        + """ from unnest($2::bigint[]) as wanted (id) cross join lateral (
            select * from decisions where subject_id = wanted.id and about = $1 order by id desc limit 1) d
        """,
        about,
        list(subject_ids),
    )


async def waiting(db: Queries, window: Window) -> list[asyncpg.Record]:
    """A page of those that nobody has looked at and somebody should, newest first. Uses decisions_waiting."""
    rows = await db.rows(
        "select "
        + _COLUMNS
        + """ from decisions d
        where d.reviewed_at is null and (d.failed or d.measure in ('hold', 'limit_account'))
            and d.id > $1 and d.id < $2
        order by d.id """
        + ("asc" if window.forward else "desc")
        + " limit $3",
        window.floor,
        window.ceiling,
        window.limit,
    )
    return rows[::-1] if window.forward else rows


async def review(
    db: Queries, decision_id: int, actor_id: int | None, at: datetime, *, upheld: bool, again: bool
) -> asyncpg.Record | None:
    """Keep what somebody says of a decision; None when it is not there or, unless `again`, reviewed. Primary key."""
    return await db.row(
        """
        update decisions d set reviewed_at = $3, reviewed_by = $2, upheld = $4
        where d.id = $1 and ($5 or d.reviewed_at is null)
        returning """
        + _COLUMNS,
        decision_id,
        actor_id,
        at,
        upheld,
        again,
    )


async def erase(db: Queries, account_id: int, limit: int) -> int:
    """Forget up to `limit` decisions about an account; how many. Uses decisions_account."""
    return await db.execute(
        "delete from decisions where id in (select id from decisions where account_id = $1 limit $2)", account_id, limit
    )


async def forget(db: Queries, before: datetime, limit: int) -> int:
    """Forget up to `limit` decisions made before then, the oldest first; how many. Primary key."""
    return await db.execute(
        "delete from decisions where id in (select id from decisions where id < $1 order by id limit $2)",
        first_id_at(before),
        limit,
    )
