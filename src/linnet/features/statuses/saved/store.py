"""Rows of saved drafts."""

from collections.abc import Mapping
from datetime import datetime
from typing import LiteralString

import asyncpg

from linnet.features.statuses.drafts import read_again
from linnet.features.statuses.saved.models import Saved
from linnet.platform.paging import Window
from linnet.platform.postgres import Queries


async def insert(db: Queries, account_id: int, draft: Mapping[str, object], at: datetime, limit: int) -> Saved | None:
    """Keep another draft; None when `limit` are kept. Run it in a transaction: others of this account wait for it."""
    await db.execute("select from accounts where id = $1 for no key update", account_id)
    row = await db.row(
        """
        insert into saved_drafts (id, account_id, draft, created_at, updated_at)
        select snowflake($3), $1, $2, $3, $3
        where (select count(*) from saved_drafts where account_id = $1) < $4
        returning id, draft, created_at, updated_at
        """,
        account_id,
        draft,
        at,
        limit,
    )
    return _saved(row) if row else None


async def replace(
    db: Queries, account_id: int, draft_id: int, draft: Mapping[str, object], at: datetime
) -> Saved | None:
    """Give a draft other contents; None when there is no such draft. Uses saved_drafts_pkey."""
    row = await db.row(
        """
        update saved_drafts set draft = $3, updated_at = $4 where id = $2 and account_id = $1
        returning id, draft, created_at, updated_at
        """,
        account_id,
        draft_id,
        draft,
        at,
    )
    return _saved(row) if row else None


async def delete(db: Queries, account_id: int, draft_id: int) -> bool:
    """Remove a draft; False when there is none."""
    return await db.execute("delete from saved_drafts where id = $2 and account_id = $1", account_id, draft_id) == 1


async def page(db: Queries, account_id: int, window: Window) -> list[Saved]:
    """A page of an account's drafts, the latest begun first. Uses saved_drafts_account."""
    nearest: LiteralString = " order by id asc limit $4"
    newest: LiteralString = " order by id desc limit $4"
    rows = await db.rows(
        """
        select id, draft, created_at, updated_at from saved_drafts
        where account_id = $1 and id > $2 and id < $3
        """
        + (nearest if window.forward else newest),
        account_id,
        window.floor,
        window.ceiling,
        window.limit,
    )
    found = [_saved(row) for row in rows]
    return found[::-1] if window.forward else found


async def load(db: Queries, account_id: int, draft_id: int) -> Saved | None:
    """One of an account's drafts. Uses saved_drafts_pkey."""
    row = await db.row(
        "select id, draft, created_at, updated_at from saved_drafts where id = $2 and account_id = $1",
        account_id,
        draft_id,
    )
    return _saved(row) if row else None


async def erase_of(db: Queries, account_id: int) -> list[int]:
    """Remove every draft of an account, at most as many as it may have; their ids."""
    rows = await db.rows("delete from saved_drafts where account_id = $1 returning id", account_id)
    return [row[0] for row in rows]


def _saved(row: asyncpg.Record) -> Saved:
    return Saved(row[0], read_again(row[1]), row[2], row[3])
