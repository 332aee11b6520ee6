"""Rows of mailboxes that are blocked."""

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString

import asyncpg

from linnet.platform.paging import Window
from linnet.platform.postgres import Queries


async def by_hash(db: Queries, hash_: bytes) -> asyncpg.Record | None:
    """`id, hash, created_at` of the one with this digest (canonical_email_blocks_hash_key)."""
    return await db.row("select id, hash, created_at from canonical_email_blocks where hash = $1", hash_)


async def insert(db: Queries, hash_: bytes, at: datetime) -> asyncpg.Record | None:
    """Block a mailbox: `id, hash, created_at`; None where it is blocked already (canonical_email_blocks_hash_key)."""
    return await db.row(
        """
        insert into canonical_email_blocks (id, hash, created_at) values (snowflake($2), $1, $2)
        on conflict (hash) do nothing returning id, hash, created_at
        """,
        hash_,
        at,
    )


async def delete(db: Queries, block_id: int) -> bool:
    """Take a mailbox again; whether it was blocked (primary key)."""
    return await db.execute("delete from canonical_email_blocks where id = $1", block_id) == 1


async def load(db: Queries, block_id: int) -> asyncpg.Record | None:
    """`id, hash, created_at` of one (primary key)."""
    return await db.row("select id, hash, created_at from canonical_email_blocks where id = $1", block_id)


async def page(db: Queries, window: Window) -> Sequence[asyncpg.Record]:
    """`id, hash, created_at` of a page of them, newest first (primary key)."""
    asked: LiteralString = "select id, hash, created_at from canonical_email_blocks where id > $1 and id < $2"
    order: LiteralString = " order by id asc limit $3" if window.forward else " order by id desc limit $3"
    rows = await db.rows(asked + order, window.floor, window.ceiling, window.limit)
    return rows[::-1] if window.forward else rows
