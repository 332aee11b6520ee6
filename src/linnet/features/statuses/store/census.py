"""Counting statuses as a whole."""

from collections.abc import Sequence

from linnet.platform.postgres import Queries


async def published(db: Queries, exact_max: int) -> int:
    """How many statuses there are; about how many, from PostgreSQL's own statistics, above `exact_max`."""
    return await db.value(
        """
        select case when reltuples > $1 then reltuples::bigint
            else (select count(*) from statuses where deleted_at is null and reblog_of_id is null) end
        from pg_class where oid = 'statuses'::regclass
        """,
        exact_max,
    )


async def posted_between(db: Queries, bounds: Sequence[int], limit: int) -> list[int]:
    """How many statuses have ids from each bound to the next one, each counted up to `limit`. Uses statuses_pkey."""
    rows = await db.rows(
        """
        select (select count(*) from (
            select from statuses
            where id >= span.first_id and id < span.end_id and deleted_at is null and reblog_of_id is null
            limit $3) counted) as posted
        from unnest($1::bigint[], $2::bigint[]) with ordinality as span (first_id, end_id, place)
        order by span.place
        """,
        list(bounds[:-1]),
        list(bounds[1:]),
        limit,
    )
    return [row["posted"] for row in rows]
