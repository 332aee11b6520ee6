"""Rows of direct statuses, which are to be none."""

from collections.abc import Sequence

from linnet.platform.postgres import Queries


async def forget(db: Queries, status_ids: Sequence[int]) -> list[int]:
    """Remove these direct statuses; which others they answered or quoted, whose counts change.

    Their authors' counts change as well. Uses statuses_pkey and the indexes by status of every mark.
    """
    rows = await db.rows(
        """
        with gone as (
            delete from statuses where id = any($1) and visibility = 'direct'
            returning id, account_id, in_reply_to_id, quote_of_id, deleted_at
        ), mentioned as (delete from mentions where status_id in (select id from gone)),
            tagged as (delete from status_tags where status_id in (select id from gone)),
            edits as (delete from status_edits where status_id in (select id from gone)),
            favoured as (delete from favourites where status_id in (select id from gone)),
            marked as (delete from bookmarks where status_id in (select id from gone)),
            counters as (delete from status_counters where status_id in (select id from gone)),
            changes as (delete from status_counter_changes where status_id in (select id from gone)
        ), author as (
            insert into account_counter_changes (account_id, statuses)
            select account_id, -1 from gone where deleted_at is null
        ), counted as (
            insert into status_counter_changes (status_id, replies, quotes)
            select in_reply_to_id, -1, 0 from gone where deleted_at is null and in_reply_to_id is not null
                and in_reply_to_id not in (select id from gone)
            union all select quote_of_id, 0, -1 from gone where deleted_at is null and quote_of_id is not null
        )
        select in_reply_to_id as id from gone where in_reply_to_id is not null
        union select quote_of_id from gone where quote_of_id is not null
        """,
        list(status_ids),
    )
    return [row["id"] for row in rows]
