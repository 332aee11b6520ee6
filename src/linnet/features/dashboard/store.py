"""Counting for staff. Every statement reads a bounded stretch of an index."""

from collections.abc import Sequence
from datetime import date

import asyncpg

from linnet.platform.postgres import Queries


async def active_by_day(db: Queries, first: date, last: date) -> dict[date, int]:
    """How many accounts read their home on each day; days without any are left out. Uses activity_months_pkey."""
    rows = await db.rows(
        """
        select kept.month + bit as day, sum(kept.number)::bigint as number
        from (
            select month, days, count(*) as number from activity_months
            where month >= date_trunc('month', $1::date)::date and month <= $2
            group by month, days
        ) kept cross join generate_series(0, 30) as bit
        where (kept.days >> bit) & 1 = 1 and kept.month + bit between $1 and $2
        group by 1
        """,
        first,
        last,
    )
    return {row["day"]: row["number"] for row in rows}


async def active_between(db: Queries, first: date, last: date) -> int:
    """How many accounts read their home on any of these days. Uses activity_months_pkey."""
    return await db.value(
        """
        select count(*) from (
            select distinct account_id from activity_months
            where month >= date_trunc('month', $1::date)::date and month <= $2
                and days & ((1::bigint << (least($2 - month, 30) + 1)) - (1::bigint << greatest($1 - month, 0))) <> 0
        ) active
        """,
        first,
        last,
    )


async def locales_between(db: Queries, first: date, last: date, limit: int) -> list[asyncpg.Record]:
    """`key, number`: languages of those who were active, the most first. Uses activity_months_pkey, users_pkey."""
    return await db.rows(
        """
        select u.locale as key, count(*) as number from (
            select distinct account_id from activity_months
            where month >= date_trunc('month', $1::date)::date and month <= $2
                and days & ((1::bigint << (least($2 - month, 30) + 1)) - (1::bigint << greatest($1 - month, 0))) <> 0
        ) active join users u using (account_id)
        group by 1 order by 2 desc, 1 limit $3
        """,
        first,
        last,
        limit,
    )


async def joined_between(db: Queries, bounds: Sequence[int], limit: int) -> list[int]:
    """How many members have ids from each bound to the next one, each counted up to `limit`. Uses users_pkey."""
    rows = await db.rows(
        """
        select (select count(*) from (
            select from users where account_id >= span.first_id and account_id < span.end_id limit $3) u) as joined
        from unnest($1::bigint[], $2::bigint[]) with ordinality as span (first_id, end_id, place)
        order by span.place
        """,
        list(bounds[:-1]),
        list(bounds[1:]),
        limit,
    )
    return [row["joined"] for row in rows]


async def sources_between(
    db: Queries, first_id: int, end_id: int, counted_max: int, limit: int
) -> list[asyncpg.Record]:
    """`key, number`: names of the apps that members joined with, null for the website. Uses users_pkey."""
    return await db.rows(
        """
        select a.name as key, count(*) as number
        from (select app_id from users where account_id >= $1 and account_id < $2 limit $3) u
        left join oauth_apps a on a.id = u.app_id
        group by 1 order by 2 desc, 1 limit $4
        """,
        first_id,
        end_id,
        counted_max,
        limit,
    )


async def interactions_by_day(db: Queries, first: date, last: date) -> dict[date, int]:
    """Replies, reblogs, favourites and quotes of each day. Uses interaction_days_pkey."""
    rows = await db.rows(
        """
        select day, replies + reblogs + favourites + quotes as number from interaction_days where day between $1 and $2
        """,
        first,
        last,
    )
    return {row["day"]: row["number"] for row in rows}


async def tag_by_day(db: Queries, tag_id: int, first_id: int, end_id: int, limit: int) -> list[asyncpg.Record]:
    """`day, uses, accounts` of a hashtag in public statuses, and a row without a day for all. Uses status_tags_pkey."""
    return await db.rows(
        """
        select (s.created_at at time zone 'utc')::date as day, count(*) as uses,
            count(distinct s.account_id) as accounts
        from (select status_id from status_tags where tag_id = $1 and status_id >= $2 and status_id < $3
              order by status_id desc limit $4) t
        join statuses s on s.id = t.status_id and s.visibility = 'public' and s.deleted_at is null
        group by grouping sets ((1), ())
        """,
        tag_id,
        first_id,
        end_id,
        limit,
    )


async def tag_languages(
    db: Queries, tag_id: int, first_id: int, end_id: int, uses_max: int, limit: int
) -> list[asyncpg.Record]:
    """`key, number`: languages of public statuses under a hashtag, the most first. Uses status_tags_pkey."""
    return await db.rows(
        """
        select s.language as key, count(*) as number
        from (select status_id from status_tags where tag_id = $1 and status_id >= $2 and status_id < $3
              order by status_id desc limit $4) t
        join statuses s on s.id = t.status_id and s.visibility = 'public' and s.deleted_at is null
            and s.language is not null
        group by 1 order by 2 desc, 1 limit $5
        """,
        tag_id,
        first_id,
        end_id,
        uses_max,
        limit,
    )


async def stayed_by_day(db: Queries, first: date, last: date, first_id: int, end_id: int) -> list[asyncpg.Record]:
    """`cohort, at, number`: of those who joined on a day, how many were active on each. Uses activity_months_pkey."""
    return await db.rows(
        """
        select kept.cohort, kept.month + bit as at, sum(kept.number)::bigint as number
        from (
            select (to_timestamp((account_id >> 16) / 1000.0) at time zone 'utc')::date as cohort, month, days,
                count(*) as number
            from activity_months
            where month >= date_trunc('month', $1::date)::date and month <= $2
                and account_id >= $3 and account_id < $4
            group by 1, 2, 3
        ) kept cross join generate_series(0, 30) as bit
        where (kept.days >> bit) & 1 = 1 and kept.month + bit between kept.cohort and $2
        group by 1, 2
        """,
        first,
        last,
        first_id,
        end_id,
    )


async def stayed_by_month(db: Queries, first: date, last: date, first_id: int, end_id: int) -> list[asyncpg.Record]:
    """The same by months, named by their first days."""
    return await db.rows(
        """
        select date_trunc('month', to_timestamp((account_id >> 16) / 1000.0) at time zone 'utc')::date as cohort,
            month as at, count(*) as number
        from activity_months where month between $1 and $2 and account_id >= $3 and account_id < $4
        group by 1, 2
        """,
        first,
        last,
        first_id,
        end_id,
    )


async def database(db: Queries) -> asyncpg.Record:
    """`bytes, version` of the database."""
    row = await db.row(
        """
        select pg_database_size(current_database()) as bytes, current_setting('server_version') as version
        """
    )
    assert row is not None
    return row
