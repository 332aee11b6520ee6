"""What timelines ask PostgreSQL: homes from the ground up, whom to merge, and who was here lately.

What fan-out asks is in `fanout`.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

import asyncpg

from linnet.features.timelines import packed
from linnet.platform.postgres import Queries


async def home_ids(db: Queries, viewer_id: int, above: int, below: int, limit: int) -> list[int]:
    """The newest `limit` statuses with above < id < below by the viewer and whom the viewer follows, newest first."""
    found = await homes_ids(db, [viewer_id], above, below, limit)
    return packed.unpacked(found[viewer_id]).tolist()[::-1]


async def homes_ids(db: Queries, viewer_ids: Collection[int], above: int, below: int, limit: int) -> dict[int, bytes]:
    """The same for each of several viewers, oldest first and packed: rows of their own would cost as much again.

    Candidates only: rules and visibility are applied when they are read. A few of each author bound how old the page
    can be, and nothing older is then read, however many authors there are. Uses follows_pkey and statuses_by_account.
    """
    rows = await db.rows(
        """
        select viewer.id, home.ids from unnest((select $1::bigint[])::bigint[]) as viewer (id) cross join lateral (
            with author as materialized (
                select target_id as account_id from follows where account_id = viewer.id union all select viewer.id
            ), oldest as materialized (
                select s.id from author cross join lateral (
                    select id from statuses
                    where account_id = author.account_id and deleted_at is null and id > $2 and id < $3
                    order by id desc limit greatest($4::int / 100, 1)
                ) s
                order by s.id desc offset $4::int - 1 limit 1
            ), newest as (
                select s.id from author cross join lateral (
                    select id from statuses
                    where account_id = author.account_id and deleted_at is null
                        and id >= coalesce((select id from oldest), $2 + 1) and id < $3
                    order by id desc limit $4::int
                ) s
                order by s.id desc limit $4::int
            )
            select string_agg(int8send(newest.id), ''::bytea order by newest.id) as ids from newest
        ) home
        """,
        list(viewer_ids),
        above,
        below,
        limit,
    )
    return {row[0]: row[1] or b"" for row in rows}


async def home_ids_forward(db: Queries, viewer_id: int, above: int, below: int, limit: int) -> list[int]:
    """The oldest `limit` candidates with above < id < below, newest first. Uses statuses_by_account backwards."""
    rows = await db.rows(
        """
        select s.id from (
            select target_id as account_id from follows where account_id = $1 union all select $1::bigint
        ) author
        cross join lateral (
            select id from statuses
            where account_id = author.account_id and deleted_at is null and id > $2 and id < $3
            order by id limit $4
        ) s
        order by s.id limit $4
        """,
        viewer_id,
        above,
        below,
        limit,
    )
    return [row["id"] for row in reversed(rows)]


async def ids_of_authors(db: Queries, author_ids: Sequence[int], above: int, below: int, limit: int) -> list[int]:
    """The newest `limit` statuses of some authors with above < id < below, newest first. Uses statuses_by_account."""
    rows = await db.rows(
        """
        select s.id from (select unnest($1::bigint[]) as account_id) author
        cross join lateral (
            select id from statuses
            where account_id = author.account_id and deleted_at is null and id > $2 and id < $3
            order by id desc limit $4
        ) s
        order by s.id desc limit $4
        """,
        list(author_ids),
        above,
        below,
        limit,
    )
    return [row["id"] for row in rows]


async def followed_merged_authors(db: Queries, viewer_id: int, limit: int) -> list[int]:
    """Whom the viewer follows of the few authors whose posts were not all pushed. Uses follows_pkey."""
    rows = await db.rows(
        """
        select m.account_id from merged_authors m
        join follows f on f.account_id = $1 and f.target_id = m.account_id limit $2
        """,
        viewer_id,
        limit,
    )
    return [row["account_id"] for row in rows]


async def merged_authors(db: Queries, limit: int) -> list[int]:
    """Up to `limit` of the authors whose posts were not all pushed."""
    rows = await db.rows("select account_id from merged_authors limit $1", limit)
    return [row["account_id"] for row in rows]


async def recent_ids(db: Queries, author_ids: Sequence[int], limit: int) -> dict[int, list[int]]:
    """The newest `limit` statuses of each of some authors, newest first. Uses statuses_by_account."""
    rows = await db.rows(
        """
        select author.id, array(
            select id from statuses where account_id = author.id and deleted_at is null order by id desc limit $2)
        from unnest($1::bigint[]) as author (id)
        """,
        list(author_ids),
        limit,
    )
    return {row[0]: row[1] for row in rows}


async def merge_author(db: Queries, author_id: int) -> None:
    """From now on readers merge this author's own statuses."""
    await db.execute("insert into merged_authors (account_id) values ($1) on conflict do nothing", author_id)


async def forget_author(db: Queries, account_id: int) -> None:
    """Remove a deleted account from the bookkeeping of timelines."""
    await db.execute("delete from merged_authors where account_id = $1", account_id)
    await db.execute("delete from home_visits where account_id = $1", account_id)
    await db.execute("delete from activity_months where account_id = $1", account_id)
    await db.execute("delete from markers where account_id = $1", account_id)


async def note_visits(db: Queries, account_ids: Sequence[int], days: Sequence[date]) -> None:
    """Remember that each account read its home on the day beside it; the same account may come more than once.

    Who is known to have been here then is not written to, nor locked. In the order of ids, so that two do not deadlock.
    Uses home_visits_pkey and activity_months_pkey.
    """
    await db.execute(
        """
        with visits as (
            select x.account_id, max(x.day) as day
            from unnest((select $1::bigint[])::bigint[], (select $2::date[])::date[]) as x (account_id, day)
            where not exists (select from home_visits where account_id = x.account_id and visited_on >= x.day)
            group by x.account_id
        ), kept as (
            insert into activity_months as a (month, account_id, days)
            select date_trunc('month', day)::date, account_id, 1 << (extract(day from day)::int - 1)
            from visits order by account_id
            on conflict (month, account_id) do update set days = a.days | excluded.days
        )
        insert into home_visits as v (account_id, visited_on)
        select account_id, day from visits order by account_id
        on conflict (account_id) do update set visited_on = excluded.visited_on where v.visited_on < excluded.visited_on
        """,
        list(account_ids),
        list(days),
    )


async def visitors_since(db: Queries, day: date, limit: int) -> int:
    """How many accounts read their home on or after `day`, counted up to `limit`. Reads home_visits through."""
    return await db.value(
        "select count(*) from (select from home_visits where visited_on >= $1 limit $2) v", day, limit
    )


async def markers(db: Queries, account_id: int, timelines: Sequence[str]) -> list[asyncpg.Record]:
    """`timeline, last_read_id, version, updated_at` of an account's markers. Uses markers_pkey."""
    return await db.rows(
        """
        select timeline, last_read_id, version, updated_at from markers
        where account_id = $1 and timeline = any($2)
        """,
        account_id,
        list(timelines),
    )


async def move_markers(db: Queries, account_id: int, last_read_ids: Mapping[str, int], at: datetime) -> None:
    """Set an account's markers, each with its next version. Uses markers_pkey."""
    await db.execute(
        """
        insert into markers as m (account_id, timeline, last_read_id, updated_at)
        select $1, x.timeline, x.last_read_id, $4 from unnest($2::text[], $3::bigint[]) as x (timeline, last_read_id)
        order by x.timeline
        on conflict (account_id, timeline) do update set
            last_read_id = excluded.last_read_id, version = m.version + 1, updated_at = excluded.updated_at
        """,
        account_id,
        list(last_read_ids.keys()),
        list(last_read_ids.values()),
        at,
    )
