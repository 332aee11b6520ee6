"""Rows of cases and of what happened in them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, LiteralString

import asyncpg

from linnet.features.cases.models import Case, Category, Choice, Entry, EntryKind, Outcome
from linnet.features.moderation.reporters import reports_weight
from linnet.platform.paging import Window
from linnet.platform.postgres import Queries

WEIGHED_MAX: Final = 32
"""The heaviest reporters of a case; of each next one half as much counts, so of all others together nothing is left."""

_COLUMNS: LiteralString = """
    select c.id, c.account_id, c.category, c.weight, c.reporters, c.assigned_to, c.opened_at, c.updated_at,
        c.resolved_at, c.resolved_by, c.outcome
    from cases c
"""

_CHOSEN: LiteralString = """
    where c.id > $1 and c.id < $2 and ($4::boolean is null or (c.resolved_at is not null) = $4)
        and ($5::bigint is null or c.account_id = $5) and ($6::text is null or c.category = $6)
        and ($7::bigint is null or c.assigned_to = $7) and c.account_id is distinct from $8
"""


async def open_one(db: Queries, account_id: int, category: Category, at: datetime) -> tuple[int, bool]:
    """The open case of an account for a category, begun if need be, and whether it was; locked. Uses cases_open.

    Legal matters always begin one of their own.
    """
    row = await db.row(
        """
        insert into cases (id, account_id, category, opened_at, updated_at)
        values (snowflake($3), $1, $2, $3, $3)
        on conflict (account_id, category) where resolved_at is null and category <> 'legal'
            do update set updated_at = excluded.updated_at
        returning id, xmax = 0 as is_new
        """,
        account_id,
        category,
        at,
    )
    assert row is not None
    return row["id"], row["is_new"]


async def weigh(db: Queries, case_id: int) -> None:
    """Count the reporters of a case, and put down what they weigh together, each once. Uses reports_by_case."""
    rows = await db.rows(
        """
        select count(*) over () as reporters, weight from (
            select max(weight) as weight from reports where case_id = $1 group by account_id) once
        order by weight desc limit $2
        """,
        case_id,
        WEIGHED_MAX,
    )
    await db.execute(
        "update cases set reporters = $2, weight = $3 where id = $1",
        case_id,
        rows[0]["reporters"] if rows else 0,
        reports_weight(row["weight"] for row in rows),
    )


async def load(db: Queries, ids: Sequence[int]) -> dict[int, Case]:
    """Cases by id. Uses cases_pkey."""
    rows = await db.rows(_COLUMNS + " where c.id = any($1)", list(ids))
    return {row["id"]: _case(row) for row in rows}


async def locked(db: Queries, case_id: int) -> Case | None:
    """A case, which nobody else changes until the end of the transaction. Uses cases_pkey."""
    row = await db.row(_COLUMNS + " where c.id = $1 for update", case_id)
    return _case(row) if row else None


async def page(db: Queries, window: Window, choice: Choice, asking_id: int | None) -> list[Case]:
    """A page of cases but those about who asks, newest first. By cases_pkey, cases_by_account or cases_assigned."""
    order: LiteralString = " order by c.id asc limit $3" if window.forward else " order by c.id desc limit $3"
    rows = await db.rows(
        _COLUMNS + _CHOSEN + order,
        window.floor,
        window.ceiling,
        window.limit,
        choice.resolved,
        choice.account_id,
        choice.category,
        choice.assigned_to,
        asking_id,
    )
    found = [_case(row) for row in rows]
    return found[::-1] if window.forward else found


async def queue(db: Queries, asking_id: int | None, limit: int, offset: int) -> list[Case]:
    """Open cases but those about who asks, heaviest first, then the oldest. Uses cases_queue."""
    rows = await db.rows(
        _COLUMNS
        + """
        where c.resolved_at is null and c.account_id is distinct from $1
        order by c.weight desc, c.id limit $2 offset $3
        """,
        asking_id,
        limit,
        offset,
    )
    return [_case(row) for row in rows]


async def assign(db: Queries, case_id: int, account_id: int | None, at: datetime) -> None:
    """Give a case to somebody, or with None to nobody. Uses cases_pkey."""
    await db.execute("update cases set assigned_to = $2, updated_at = $3 where id = $1", case_id, account_id, at)


async def resolve(db: Queries, case_id: int, outcome: Outcome, by: int | None, at: datetime) -> bool:
    """Close a case; False when it is closed. Uses cases_pkey."""
    return bool(
        await db.execute(
            """
            update cases set resolved_at = $4, resolved_by = $3, outcome = $2, updated_at = $4
            where id = $1 and resolved_at is null
            """,
            case_id,
            outcome,
            by,
            at,
        )
    )


async def reopen(db: Queries, case_id: int, at: datetime) -> bool:
    """Open a closed case again; False where another of its kind is open. Uses cases_pkey and cases_open."""
    return bool(
        await db.execute(
            """
            update cases c set resolved_at = null, resolved_by = null, outcome = null, updated_at = $2
            where c.id = $1 and c.resolved_at is not null and (c.category = 'legal' or not exists (
                select from cases o where o.account_id = c.account_id and o.category = c.category
                    and o.resolved_at is null))
            """,
            case_id,
            at,
        )
    )


async def add_entry(db: Queries, case_id: int, by: int | None, kind: EntryKind, text: str, at: datetime) -> int:
    """Write down what happened in a case; the entry's id."""
    return await db.value(
        """
        insert into case_entries (id, case_id, account_id, kind, text, made_at)
        values (snowflake($5), $1, $2, $3, $4, $5) returning id
        """,
        case_id,
        by,
        kind,
        text,
        at,
    )


async def entries(db: Queries, case_id: int, limit: int) -> list[Entry]:
    """The first `limit` entries of a case, oldest first. Uses case_entries_by_case."""
    rows = await db.rows(
        "select id, account_id, kind, text, made_at from case_entries where case_id = $1 order by id limit $2",
        case_id,
        limit,
    )
    return [Entry(row[0], row[1], EntryKind(row[2]), row[3], row[4]) for row in rows]


def _case(row: asyncpg.Record) -> Case:
    return Case(
        id=row["id"],
        account_id=row["account_id"],
        category=Category(row["category"]),
        weight=row["weight"],
        reporters=row["reporters"],
        assigned_to=row["assigned_to"],
        opened_at=row["opened_at"],
        updated_at=row["updated_at"],
        resolved_at=row["resolved_at"],
        resolved_by=row["resolved_by"],
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
    )
