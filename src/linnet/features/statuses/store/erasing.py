"""Removing what is left of deleted statuses and accounts, in bounded slices. Each call may run twice."""

from collections.abc import Sequence
from datetime import datetime

from linnet.features.statuses.gone import Gone
from linnet.features.statuses.models import Visibility
from linnet.platform.postgres import Queries


async def retract_reblogs(db: Queries, status_id: int, at: datetime, limit: int) -> list[Gone]:
    """Take back up to `limit` reblogs of a deleted status, with their authors' counts; which. Uses statuses_reblogs."""
    rows = await db.rows(
        """
        with gone as (
            update statuses set deleted_at = $2 where id in (
                select id from statuses where reblog_of_id = $1 and deleted_at is null order by id desc limit $3)
                and deleted_at is null
            returning id, account_id, visibility, reblog_of_id
        ), counted as (
            insert into account_counter_changes (account_id, statuses) select account_id, -1 from gone
        )
        select gone.id, gone.account_id, gone.visibility, original.account_id
        from gone join statuses original on original.id = gone.reblog_of_id
        """,
        status_id,
        at,
        limit,
    )
    return [Gone(row[0], row[1], Visibility(row[2]), row[3]) for row in rows]


async def erase_edges(db: Queries, status_ids: Sequence[int], limit: int) -> int:
    """Remove up to `limit` favourites and as many bookmarks of deleted statuses; how many were removed."""
    return await db.value(
        """
        with favoured as (
            delete from favourites where (account_id, status_id) in (
                select account_id, status_id from favourites where status_id = any($1) limit $2) returning 1
        ), marked as (
            delete from bookmarks where (account_id, status_id) in (
                select account_id, status_id from bookmarks where status_id = any($1) limit $2) returning 1
        )
        select (select count(*) from favoured) + (select count(*) from marked)
        """,
        list(status_ids),
        limit,
    )


async def blank(db: Queries, status_ids: Sequence[int]) -> None:
    """Forget the words of deleted statuses: a tombstone keeps its id, its author and its place in the thread."""
    await db.execute(
        """
        with edits as (delete from status_edits where status_id = any($1)),
            mentioned as (delete from mentions where status_id = any($1)),
            tagged as (delete from status_tags where status_id = any($1)),
            counted as (delete from status_counters where status_id = any($1))
        update statuses set text = '', html = '', spoiler_text = '', mention_ids = '{}', tags = '{}', media_count = 0
        where id = any($1) and deleted_at is not null
        """,
        list(status_ids),
    )


async def live_ids_of(db: Queries, account_id: int, limit: int) -> list[int]:
    """Up to `limit` live statuses of an account, newest first. Uses statuses_by_account."""
    rows = await db.rows(
        "select id from statuses where account_id = $1 and deleted_at is null order by id desc limit $2",
        account_id,
        limit,
    )
    return [row["id"] for row in rows]


async def unmark_all(db: Queries, account_id: int, limit: int) -> int:
    """Remove up to `limit` favourites of an account, counts included, and its other marks; how many favourites."""
    return await db.value(
        """
        with favoured as (
            delete from favourites where account_id = $1 and status_id in (
                select status_id from favourites where account_id = $1 limit $2) returning status_id
        ), counted as (
            insert into status_counter_changes (status_id, favourites) select status_id, -1 from favoured
        ), marked as (delete from bookmarks where account_id = $1),
            filed as (delete from bookmark_folders where account_id = $1),
            pinned as (delete from pins where account_id = $1),
            muted as (delete from thread_mutes where account_id = $1),
            following as (delete from tag_follows where account_id = $1),
            featuring as (delete from featured_tags where account_id = $1),
            keyed as (delete from idempotency_keys where account_id = $1),
            mentioned as (delete from mentions where account_id = $1)
        select count(*) from favoured
        """,
        account_id,
        limit,
    )
