"""What people do with statuses: favourites, bookmarks, pins, muted threads."""

from collections.abc import Iterable
from datetime import datetime

from linnet.platform.postgres import Queries


async def favourite(db: Queries, account_id: int, status_id: int, at: datetime) -> bool:
    """Add a favourite and count it; False when it was there."""
    made = await db.value(
        """
        with made as (
            insert into favourites (account_id, status_id, id, created_at) values ($1, $2, snowflake($3), $3)
            on conflict do nothing returning status_id
        ), counted as (
            insert into status_counter_changes (status_id, favourites) select status_id, 1 from made
        ), trending as (
            insert into trend_changes (kind, status_id, account_id, made_at)
            select 'favourited', status_id, $1, $3 from made
        )
        select status_id from made
        """,
        account_id,
        status_id,
        at,
    )
    return made is not None


async def unfavourite(db: Queries, account_id: int, status_id: int) -> bool:
    """Take a favourite back; False when there was none."""
    gone = await db.value(
        """
        with gone as (
            delete from favourites where account_id = $1 and status_id = $2 returning status_id
        ), counted as (
            insert into status_counter_changes (status_id, favourites) select status_id, -1 from gone
        )
        select status_id from gone
        """,
        account_id,
        status_id,
    )
    return gone is not None


async def bookmark(db: Queries, account_id: int, status_id: int, at: datetime, folder_id: int | None = None) -> None:
    """Add a bookmark, which nobody else ever learns of, or move it.

    Into a folder, with 0 into none; None leaves a bookmark that is there where it is.
    """
    await db.execute(
        """
        insert into bookmarks as b (account_id, status_id, id, folder_id, created_at)
        values ($1, $2, snowflake($3), nullif($4::bigint, 0), $3)
        on conflict (account_id, status_id) do update set folder_id = nullif($4::bigint, 0)
            where $4::bigint is not null and b.folder_id is distinct from nullif($4::bigint, 0)
        """,
        account_id,
        status_id,
        at,
        folder_id,
    )


async def unbookmark(db: Queries, account_id: int, status_id: int) -> None:
    """Take a bookmark back."""
    await db.execute("delete from bookmarks where account_id = $1 and status_id = $2", account_id, status_id)


async def pin(db: Queries, account_id: int, status_id: int, at: datetime, limit: int) -> bool:
    """Pin a status to its author's profile; False when `limit` others are pinned.

    The author's account row is locked meanwhile, so that two requests cannot both take the last place.
    """
    await db.execute("select from accounts where id = $1 for no key update", account_id)
    pinned = await db.value(
        """
        insert into pins (account_id, status_id, id, created_at)
        select $1, $2, snowflake($3), $3
        where (select count(*) from pins where account_id = $1 and status_id <> $2) < $4
        on conflict (account_id, status_id) do update set status_id = excluded.status_id
        returning status_id
        """,
        account_id,
        status_id,
        at,
        limit,
    )
    return pinned is not None


async def unpin(db: Queries, account_id: int, status_id: int) -> None:
    """Take a status off the profile."""
    await db.execute("delete from pins where account_id = $1 and status_id = $2", account_id, status_id)


async def mute_thread(db: Queries, account_id: int, thread_id: int) -> None:
    """Stop notifications from a thread."""
    await db.execute(
        "insert into thread_mutes (account_id, thread_id) values ($1, $2) on conflict do nothing", account_id, thread_id
    )


async def unmute_thread(db: Queries, account_id: int, thread_id: int) -> None:
    """Let a thread notify again."""
    await db.execute("delete from thread_mutes where account_id = $1 and thread_id = $2", account_id, thread_id)


async def thread_muters(db: Queries, thread_id: int, account_ids: Iterable[int]) -> set[int]:
    """Those of `account_ids` who have muted the thread."""
    rows = await db.rows(
        "select account_id from thread_mutes where thread_id = $1 and account_id = any($2)",
        thread_id,
        list(account_ids),
    )
    return {row["account_id"] for row in rows}
