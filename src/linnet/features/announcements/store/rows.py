"""Rows of announcements, who has put them away, and what was said to them."""

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString

import asyncpg

from linnet.features.announcements.models import Announcement, Marked
from linnet.platform.postgres import Queries

_COLUMNS: LiteralString = """
    a.id, a.text, a.all_day, a.starts_at, a.ends_at, a.scheduled_at, a.published_at, a.updated_at
"""
_ACTIVE: LiteralString = "a.published_at is not null and (a.ends_at is null or a.ends_at > $1)"


async def active(db: Queries, at: datetime, limit: int) -> list[Announcement]:
    """The newest `limit` announcements that are shown, the oldest first. Uses announcements_published."""
    rows = await db.rows(
        "select " + _COLUMNS + " from announcements a where " + _ACTIVE + " order by a.id desc limit $2", at, limit
    )
    found = [announcement(row) for row in rows]
    return sorted(found, key=lambda one: (one.starts_at or one.published_at or one.updated_at, one.id))


async def show(db: Queries, announcement_id: int, at: datetime) -> Announcement | None:
    """One announcement that is shown. Uses announcements_pkey."""
    row = await db.row(
        "select " + _COLUMNS + " from announcements a where a.id = $2 and " + _ACTIVE, at, announcement_id
    )
    return announcement(row) if row else None


async def newest(db: Queries, limit: int) -> list[Announcement]:
    """The newest `limit` announcements, shown or not, newest first. Uses announcements_pkey."""
    rows = await db.rows("select " + _COLUMNS + " from announcements a order by a.id desc limit $1", limit)
    return [announcement(row) for row in rows]


async def insert(
    db: Queries,
    text: str,
    *,
    all_day: bool,
    starts_at: datetime | None,
    ends_at: datetime | None,
    scheduled_at: datetime | None,
    at: datetime,
) -> int:
    """Write an announcement, published at once unless it is scheduled; its id."""
    return await db.value(
        """
        insert into announcements
            (id, text, all_day, starts_at, ends_at, scheduled_at, published_at, created_at, updated_at)
        values (snowflake($1), $2, $3, $4, $5, $6, case when $6::timestamptz is null then $1 end, $1, $1)
        returning id
        """,
        at,
        text,
        all_day,
        starts_at,
        ends_at,
        scheduled_at,
    )


async def reword(db: Queries, announcement_id: int, text: str, at: datetime) -> bool | None:
    """Give an announcement another text; whether it is published, None when there is none."""
    return await db.value(
        "update announcements set text = $2, updated_at = $3 where id = $1 returning published_at is not null",
        announcement_id,
        text,
        at,
    )


async def unpublish(db: Queries, announcement_id: int) -> bool:
    """Show an announcement no more, nor later; whether there was anything to do."""
    return bool(
        await db.execute(
            """
            update announcements set published_at = null, scheduled_at = null
            where id = $1 and (published_at is not null or scheduled_at is not null)
            """,
            announcement_id,
        )
    )


async def publish_due(db: Queries, at: datetime, limit: int) -> list[int]:
    """Publish up to `limit` announcements whose time has come; which. Uses announcements_scheduled."""
    rows = await db.rows(
        """
        update announcements set published_at = $1, scheduled_at = null where id in (
            select id from announcements where scheduled_at <= $1 order by scheduled_at limit $2
            for update skip locked)
        returning id
        """,
        at,
        limit,
    )
    return [row["id"] for row in rows]


async def end_over(db: Queries, at: datetime, limit: int) -> list[int]:
    """Unpublish up to `limit` announcements that are over; which. Uses announcements_published."""
    rows = await db.rows(
        """
        update announcements set published_at = null where id in (
            select id from announcements where published_at is not null and ends_at <= $1 limit $2
            for update skip locked)
        returning id
        """,
        at,
        limit,
    )
    return [row["id"] for row in rows]


async def own_marks(db: Queries, account_id: int, ids: Sequence[int]) -> dict[int, tuple[bool, list[str]]]:
    """Of each announcement whether an account has put it away, and what it said. Uses both primary keys by account."""
    rows = await db.rows(
        """
        select x.id,
            exists (select from announcement_dismissals d where d.account_id = $1 and d.announcement_id = x.id) as read,
            array(select r.name from announcement_reactions r
                  where r.account_id = $1 and r.announcement_id = x.id order by r.name limit 100) as names
        from unnest($2::bigint[]) as x (id)
        """,
        account_id,
        list(ids),
    )
    return {row["id"]: (row["read"], row["names"]) for row in rows}


async def marked_by(db: Queries, account_id: int, limit: int) -> list[Marked]:
    """What an account did with announcements, of many the latest, the oldest first. Uses both keys by account."""
    rows = await db.rows(
        """
        select announcement_id, bool_or(read) as read, array_remove(array_agg(name order by name), null) as names from (
            (select announcement_id, true as read, null::text as name from announcement_dismissals
                where account_id = $1 order by announcement_id desc limit $2)
            union all
            (select announcement_id, false, name from announcement_reactions
                where account_id = $1 order by announcement_id desc limit $2)) as marks
        group by announcement_id order by announcement_id
        """,
        account_id,
        limit,
    )
    return [Marked(row["announcement_id"], row["read"], tuple(row["names"])) for row in rows]


async def reaction_counts(db: Queries, ids: Sequence[int]) -> list[tuple[int, str, int]]:
    """(announcement, name, how many) of what was said to announcements, what came first first. By the primary key."""
    rows = await db.rows(
        """
        select r.announcement_id, r.name, count(*) as number from announcement_reactions r
        where r.announcement_id = any($1) group by r.announcement_id, r.name
        order by r.announcement_id, min(r.created_at), r.name limit 1000
        """,
        list(ids),
    )
    return [(row["announcement_id"], row["name"], row["number"]) for row in rows]


async def dismiss(db: Queries, account_id: int, announcement_id: int) -> None:
    """Note that an account has put an announcement away."""
    await db.execute(
        """
        insert into announcement_dismissals (account_id, announcement_id) values ($1, $2)
        on conflict do nothing
        """,
        account_id,
        announcement_id,
    )


async def react(
    db: Queries, account_id: int, announcement_id: int, name: str, names_max: int, at: datetime
) -> bool | None:
    """Say something to an announcement; False when it was said before, None beyond `names_max` different names.

    Whoever adds a name locks the announcement, so that two who come together cannot add one too many.
    """
    is_known = await db.value(
        "select exists (select from announcement_reactions where announcement_id = $1 and name = $2)",
        announcement_id,
        name,
    )
    if not is_known:
        await db.execute("select from announcements where id = $1 for update", announcement_id)
        number = await db.value(
            "select count(distinct name) from announcement_reactions where announcement_id = $1 and name <> $2",
            announcement_id,
            name,
        )
        if number >= names_max:
            return None
    return bool(
        await db.execute(
            """
            insert into announcement_reactions (announcement_id, name, account_id, created_at) values ($1, $2, $3, $4)
            on conflict do nothing
            """,
            announcement_id,
            name,
            account_id,
            at,
        )
    )


async def take_back(db: Queries, account_id: int, announcement_id: int, name: str) -> bool:
    """Take back what was said to an announcement; whether it had been."""
    return bool(
        await db.execute(
            "delete from announcement_reactions where announcement_id = $1 and name = $2 and account_id = $3",
            announcement_id,
            name,
            account_id,
        )
    )


async def erase(db: Queries, account_id: int, limit: int) -> int:
    """Remove up to `limit` each of an account's reactions and of what it put away; how many."""
    return await db.value(
        """
        with said as (
            delete from announcement_reactions where (announcement_id, name, account_id) in (
                select announcement_id, name, account_id from announcement_reactions where account_id = $1 limit $2)
            returning 1
        ), seen as (
            delete from announcement_dismissals where account_id = $1 and announcement_id in (
                select announcement_id from announcement_dismissals where account_id = $1 limit $2)
            returning 1
        )
        select (select count(*) from said) + (select count(*) from seen)
        """,
        account_id,
        limit,
    )


def announcement(row: asyncpg.Record) -> Announcement:
    """The announcement of a row, as nobody in particular sees it."""
    return Announcement(**dict(row))
