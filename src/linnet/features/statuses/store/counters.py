"""Counters of statuses: changes are appended with their facts and folded here, so a viral post is no hot row."""

from datetime import date

from linnet.platform.postgres import Queries


async def fold(db: Queries, limit: int, today: date) -> int:
    """Move up to `limit` pending changes into the counters, exactly once; how many. Run it in a transaction.

    A change row and the counter it belongs to move together, so a crash between the two is no crash between the two.
    What came is added to the numbers of the day `today`, from which nothing is ever taken away.
    Search hears of a status whose favourites have one digit more, or less: it is indexed under powers of ten.
    """
    return await db.value(
        """
        with taken as (
            delete from status_counter_changes where id in (
                select id from status_counter_changes order by id limit $1 for update skip locked)
            returning status_id, replies, reblogs, favourites, quotes
        ), summed as (
            select status_id, sum(replies) as replies, sum(reblogs) as reblogs, sum(favourites) as favourites,
                sum(quotes) as quotes
            from taken group by status_id
        ), folded as (
            insert into status_counters as c (status_id, replies, reblogs, favourites, quotes)
            select status_id, replies, reblogs, favourites, quotes from summed order by status_id
            on conflict (status_id) do update set
                replies = c.replies + excluded.replies, reblogs = c.reblogs + excluded.reblogs,
                favourites = c.favourites + excluded.favourites, quotes = c.quotes + excluded.quotes
            returning c.status_id, c.favourites
        ), counted as (
            insert into interaction_days as d (day, replies, reblogs, favourites, quotes)
            select $2, sum(greatest(replies, 0)), sum(greatest(reblogs, 0)), sum(greatest(favourites, 0)),
                sum(greatest(quotes, 0))
            from taken having count(*) > 0
            on conflict (day) do update set
                replies = d.replies + excluded.replies, reblogs = d.reblogs + excluded.reblogs,
                favourites = d.favourites + excluded.favourites, quotes = d.quotes + excluded.quotes
        ), searched as (
            insert into search_changes (status_id)
            select f.status_id from folded f join summed s using (status_id)
            where s.favourites <> 0 and length(f.favourites::text) <> length((f.favourites - s.favourites)::text)
        )
        select count(*) from taken
        """,
        limit,
        today,
    )
