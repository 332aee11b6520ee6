"""Counting accounts as a whole, and whom the server names as its contact."""

from collections.abc import Sequence

from linnet.platform.postgres import Queries


async def members(db: Queries, exact_max: int) -> int:
    """How many people may sign in; about how many, from PostgreSQL's own statistics, above `exact_max`."""
    return await db.value(
        """
        select case when reltuples > $1 then reltuples::bigint
            else (select count(*) from users where approved_at is not null) end
        from pg_class where oid = 'users'::regclass
        """,
        exact_max,
    )


async def made_between(db: Queries, bounds: Sequence[int], limit: int) -> list[int]:
    """How many accounts have ids from each bound to the next one, each counted up to `limit`. Uses accounts_pkey."""
    rows = await db.rows(
        """
        select (select count(*) from (
            select from accounts where id >= span.first_id and id < span.end_id limit $3) counted) as made
        from unnest($1::bigint[], $2::bigint[]) with ordinality as span (first_id, end_id, place)
        order by span.place
        """,
        list(bounds[:-1]),
        list(bounds[1:]),
        limit,
    )
    return [row["made"] for row in rows]


async def first_admin_id(db: Queries) -> int | None:
    """The oldest admin's account that is neither deleted nor suspended. Uses users_admins."""
    return await db.value(
        """
        select u.account_id from users u
        join accounts a on a.id = u.account_id and a.deleted_at is null and a.suspended_at is null
        where u.role = 'admin' order by u.account_id limit 1
        """
    )
