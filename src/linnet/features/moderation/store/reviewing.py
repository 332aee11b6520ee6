"""Rows of decisions as those see them who look at what was decided: chosen, queued, counted by outcome, in passing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, LiteralString

import asyncpg

from linnet.features.moderation.reviewed import Choice, Queued
from linnet.platform.paging import Window
from linnet.platform.postgres import Queries

_COLUMNS: Final[LiteralString] = """
    select d.id, d.account_id, d.about, d.subject_id, d.surface, d.measure, d.findings, d.reputation, d.policy_version,
        d.model_version, d.language, d.text, d.source, d.failed, d.decided_at, d.reviewed_at, d.reviewed_by, d.upheld
    from decisions d
    """

_CHOSEN: Final[LiteralString] = """
    and ($1::text is null and d.measure <> 'allow' or d.measure = $1)
    and ($2::text is null or d.surface = $2) and ($3::bigint is null or d.account_id = $3)
    and ($4::jsonb is null or d.findings @> $4)
    and ($5::boolean is null or (d.reviewed_at is not null) = $5)
    """
"""By measure (all that did something to somebody, unless one is named), surface, account, findings, review."""


async def page(db: Queries, window: Window, choice: Choice) -> list[asyncpg.Record]:
    """A page of decisions, newest first.

    Uses decisions_account, decisions_measure, decisions_found (not of what was allowed) or decisions_pkey.
    """
    order: LiteralString = " order by d.id asc limit $8" if window.forward else " order by d.id desc limit $8"
    rows = await db.rows(
        _COLUMNS + " where d.id > $6 and d.id < $7 " + _CHOSEN + order,
        *_chosen(choice),
        window.floor,
        window.ceiling,
        window.limit,
    )
    return rows[::-1] if window.forward else rows


async def queue(db: Queries, choice: Choice, after: Queued | None, limit: int) -> list[asyncpg.Record]:
    """Of those that wait for somebody the first after one: held texts, then limited accounts, then failures; old first.

    Uses decisions_waiting, which holds only what waits.
    """
    return await db.rows(
        _COLUMNS
        + """
        where d.reviewed_at is null and (d.failed or d.measure in ('hold', 'limit_account'))
            and (case d.measure when 'hold' then 0 when 'limit_account' then 1 else 2 end, d.id) > ($6, $7)
        """
        + _CHOSEN.replace("$1::text is null and d.measure <> 'allow'", "$1::text is null")
        + " order by case d.measure when 'hold' then 0 when 'limit_account' then 1 else 2 end, d.id limit $8",
        *_chosen(choice),
        after.urgency if after else -1,
        after.id if after else 0,
        limit,
    )


async def waiting(db: Queries, number_max: int) -> asyncpg.Record:
    """How many wait, counted up to a bound, and since when the oldest does. Uses decisions_waiting."""
    row = await db.row(
        """
        select count(*) as number, min(decided_at) as since from (
            select decided_at from decisions
            where reviewed_at is null and (failed or measure in ('hold', 'limit_account')) order by id limit $1) one
        """,
        number_max,
    )
    assert row is not None, "an aggregate always has a row"
    return row


async def outcomes(db: Queries, since: datetime, rows_max: int) -> list[asyncpg.Record]:
    """Of the latest `rows_max` decisions that were looked at since then, how many stayed, by what they are counted by.

    `kind` is measure, reason or version; a decision counts once for each reason and version of what was found with at
    least even odds, or, where nothing was, for the surest. Uses decisions_reviewed.
    """
    return await db.rows(
        """
        with looked_at as materialized (
            select id, measure, findings, upheld,
                coalesce((select max((f->>'score')::real) from jsonb_array_elements(findings) f), 0) as surest
            from decisions where reviewed_at >= $1 and measure <> 'allow' order by reviewed_at desc limit $2
        ), grounds as (
            select distinct l.id, l.upheld, f->>'reason' as reason, f->>'version' as version
            from looked_at l cross join lateral jsonb_array_elements(l.findings) f
            where (f->>'score')::real >= least(0.5, l.surest)
        )
        select 'measure' as kind, measure as name, count(*) filter (where upheld) as upheld,
            count(*) filter (where not upheld) as overturned from looked_at group by measure
        union all
        select 'reason', reason, count(distinct id) filter (where upheld), count(distinct id) filter (where not upheld)
        from grounds group by reason
        union all
        select 'version', version, count(distinct id) filter (where upheld),
            count(distinct id) filter (where not upheld) from grounds group by version
        order by kind, name
        """,
        since,
        rows_max,
    )


async def passing(db: Queries, after_id: int, until_id: int, limit: int) -> list[asyncpg.Record]:
    """The next `limit` decisions of the engine by id after one, up to another, oldest first. Uses decisions_pkey."""
    return await db.rows(
        _COLUMNS + " where d.id > $1 and d.id <= $2 and d.source <> 'moderator' order by d.id limit $3",
        after_id,
        until_id,
        limit,
    )


async def last_of_subject(db: Queries, about: str, subject_id: int) -> int | None:
    """The latest decision about something that did anything. Uses decisions_subject."""
    return await db.value(
        """
        select id from decisions where subject_id = $2 and about = $1 and measure not in ('allow', 'warn')
        order by id desc limit 1
        """,
        about,
        subject_id,
    )


def _chosen(choice: Choice) -> Sequence[object]:
    return (
        choice.measure,
        choice.surface,
        choice.account_id,
        None if choice.reason is None else [{"reason": choice.reason}],
        choice.reviewed,
    )
