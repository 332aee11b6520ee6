"""Rows of words and domains that moderators listed."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, LiteralString

import asyncpg

from linnet.platform.paging import Window
from linnet.platform.postgres import Queries

if TYPE_CHECKING:
    from linnet.features.moderation.listed import NewListed


async def everything(db: Queries, at: datetime, limit: int) -> list[asyncpg.Record]:
    """All that have not expired, at most `limit`, newest first (primary key)."""
    return await db.rows(
        """
        select id, kind, value, measure, comment, added_by, created_at, expires_at from listed
        where expires_at is null or expires_at > $1 order by id desc limit $2
        """,
        at,
        limit,
    )


async def number(db: Queries) -> int:
    """How many there are; they are few."""
    return await db.value("select count(*) from listed")


async def put(db: Queries, new: "Sequence[NewListed]", added_by: int | None, at: datetime) -> list[int]:
    """List some, or say anew what is to be done about them; the ids in no order (listed_kind_value_key)."""
    rows = await db.rows(
        """
        insert into listed (id, kind, value, measure, comment, added_by, created_at, expires_at)
        select snowflake($6), kind, value, measure, comment, $7, $6, expires_at
        from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
            as new (kind, value, measure, comment, expires_at)
        on conflict (kind, value) do update set measure = excluded.measure, comment = excluded.comment,
            added_by = excluded.added_by, expires_at = excluded.expires_at
        returning id
        """,
        [one.kind for one in new],
        [one.value for one in new],
        [one.measure for one in new],
        [one.comment for one in new],
        [one.expires_at for one in new],
        at,
        added_by,
    )
    return [row["id"] for row in rows]


async def delete(db: Queries, listed_id: int) -> str | None:
    """Take one off; of what kind it was (primary key)."""
    return await db.value("delete from listed where id = $1 returning kind", listed_id)


async def delete_expired(db: Queries, at: datetime, limit: int) -> int:
    """Forget up to `limit` that have expired (listed_expiry)."""
    return await db.execute(
        "delete from listed where id in (select id from listed where expires_at <= $1 order by expires_at limit $2)",
        at,
        limit,
    )


async def load(db: Queries, listed_id: int) -> asyncpg.Record | None:
    """One of them (primary key)."""
    return await db.row(
        """
        select id, kind, value, measure, comment, added_by, created_at, expires_at from listed where id = $1
        """,
        listed_id,
    )


async def page(db: Queries, kind: str, window: Window) -> Sequence[asyncpg.Record]:
    """A page of those of a kind, newest first (listed_page)."""
    asked: LiteralString = """
        select id, kind, value, measure, comment, added_by, created_at, expires_at from listed
        where kind = $4 and id > $1 and id < $2
        """
    order: LiteralString = " order by id asc limit $3" if window.forward else " order by id desc limit $3"
    rows = await db.rows(asked + order, window.floor, window.ceiling, window.limit, kind)
    return rows[::-1] if window.forward else rows
