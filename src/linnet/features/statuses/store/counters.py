"""Counters of statuses: changes are appended with their facts and folded here, so a viral post is no hot row."""

from linnet.platform.postgres import Queries


async def fold(db: Queries, limit: int) -> int:
    """Move up to `limit` pending changes into the counters, exactly once; how many. Run it in a transaction.

    A change row and the counter it belongs to move together, so a crash between the two is no crash between the two.
    """
    return await db.value(
        """
        with taken as (
            delete from status_counter_changes where id in (
                select id from status_counter_changes order by id limit $1 for update skip locked)
            returning status_id, replies, reblogs, favourites, quotes
        ), folded as (
            insert into status_counters as c (status_id, replies, reblogs, favourites, quotes)
            select status_id, sum(replies), sum(reblogs), sum(favourites), sum(quotes) from taken
            group by status_id order by status_id
            on conflict (status_id) do update set
                replies = c.replies + excluded.replies, reblogs = c.reblogs + excluded.reblogs,
                favourites = c.favourites + excluded.favourites, quotes = c.quotes + excluded.quotes
        )
        select count(*) from taken
        """,
        limit,
    )
