"""Rows of strikes."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import LiteralString

import asyncpg

from linnet.features.cases.models import Act, Action, Strike
from linnet.platform.paging import Window
from linnet.platform.postgres import Queries

_COLUMNS: LiteralString = """
    select s.id, s.account_id, s.case_id, s.action, s.text, s.status_ids, s.by, s.at, s.undone_at from strikes s
"""


async def insert(db: Queries, act: Act, status_ids: Sequence[int], by: int | None, at: datetime) -> int:
    """Write down what was done; the strike's id."""
    return await db.value(
        """
        insert into strikes (id, account_id, case_id, action, text, status_ids, by, at)
        values (snowflake($7), $1, $2, $3, $4, $5, $6, $7) returning id
        """,
        act.account_id,
        act.case_id,
        act.action,
        act.text,
        list(status_ids),
        by,
        at,
    )


async def load(db: Queries, ids: Collection[int]) -> dict[int, Strike]:
    """Strikes by id. Uses strikes_pkey."""
    rows = await db.rows(_COLUMNS + " where s.id = any($1)", list(ids))
    return {row["id"]: _strike(row) for row in rows}


async def page(db: Queries, account_id: int, window: Window) -> list[Strike]:
    """A page of an account's strikes, newest first. Uses strikes_by_account."""
    order: LiteralString = " order by s.id asc limit $4" if window.forward else " order by s.id desc limit $4"
    rows = await db.rows(
        _COLUMNS + " where s.account_id = $1 and s.id > $2 and s.id < $3" + order,
        account_id,
        window.floor,
        window.ceiling,
        window.limit,
    )
    found = [_strike(row) for row in rows]
    return found[::-1] if window.forward else found


async def undo(db: Queries, strike_id: int, by: int | None, at: datetime) -> bool:
    """Mark a strike as taken back; False when it was. Uses strikes_pkey."""
    return bool(
        await db.execute(
            "update strikes set undone_at = $3, undone_by = $2 where id = $1 and undone_at is null", strike_id, by, at
        )
    )


async def stands(db: Queries, account_id: int, action: Action, but_for_id: int) -> bool:
    """Whether another strike with this action holds against an account. Uses strikes_by_account."""
    return await db.value(
        """
        select exists (select from strikes
            where account_id = $1 and action = $2 and undone_at is null and id <> $3)
        """,
        account_id,
        action,
        but_for_id,
    )


async def standing(db: Queries, account_id: int, action: Action) -> list[Strike]:
    """Every strike with this action that holds against an account. Uses strikes_by_account."""
    holding: LiteralString = " where s.account_id = $1 and s.action = $2 and s.undone_at is null order by s.id"
    rows = await db.rows(_COLUMNS + holding, account_id, action)
    return [_strike(row) for row in rows]


def _strike(row: asyncpg.Record) -> Strike:
    return Strike(
        id=row["id"],
        account_id=row["account_id"],
        case_id=row["case_id"],
        action=Action(row["action"]),
        text=row["text"],
        status_ids=tuple(row["status_ids"]),
        by=row["by"],
        at=row["at"],
        undone_at=row["undone_at"],
    )
