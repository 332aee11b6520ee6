"""What fan-out asks PostgreSQL: what to deliver to whom, and what the choice of a strategy goes by."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from linnet.platform.postgres import Queries


async def follower_ids(db: Queries, author_id: int, after_id: int, limit: int) -> tuple[int, ...]:
    """A slice of an author's followers, by id, after `after_id`. Uses follows_target.

    As one string of bytes, as in `deliveries`.
    """
    sent: bytes | None = await db.value(
        """
        select string_agg(int8send(f.account_id), '' order by f.account_id) from (
            select account_id from follows where target_id = $1 and account_id > $2 order by account_id limit $3
        ) f
        """,
        author_id,
        after_id,
        limit,
    )
    return _ids(sent) if sent else ()


async def recent_follower_ids(db: Queries, author_id: int, after_id: int, limit: int, since: date) -> tuple[int, ...]:
    """The same, only those who read their home on or after `since`. Uses follows_target and home_visits_pkey."""
    sent: bytes | None = await db.value(
        """
        select string_agg(int8send(r.account_id), '' order by r.account_id) from (
            select f.account_id from follows f
            join home_visits v on v.account_id = f.account_id and v.visited_on >= $4
            where f.target_id = $1 and f.account_id > $2 order by f.account_id limit $3
        ) r
        """,
        author_id,
        after_id,
        limit,
        since,
    )
    return _ids(sent) if sent else ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """What fan-out needs to know of one status."""

    author_id: int
    followers: int
    mentioned_ids: tuple[int, ...] | None
    """For a direct status the only homes it goes to but the author's, for a withheld one none; None for followers'."""
    follower_ids: tuple[int, ...] | None
    """The first slice of them, if it goes to followers; None of who has too many for them to come along."""


async def deliveries(db: Queries, status_ids: Sequence[int], limit: int, large: int) -> dict[int, Delivery]:
    """How to deliver each of `status_ids`; deleted statuses are left out. One statement.

    Up to `limit` followers come along, by id, of authors with fewer than `large`: as one string of bytes, for so many
    values cost ten times as much. Uses statuses_pkey, mentions_pkey and follows_target.

    A follower more or less does not change a strategy, so counter changes still pending are not added. The planner
    sees no arguments through the inner selects: else it plans each call anew, which takes longer than the answer.
    """
    rows = await db.rows(
        """
        select s.id, s.account_id, coalesce(c.followers, 0),
            case when s.withheld_at is not null then '{}' when s.visibility = 'direct' then
                array(select m.account_id from mentions m where m.status_id = s.id) end,
            case when s.withheld_at is null and s.visibility <> 'direct'
                and coalesce(c.followers, 0) < (select $3::bigint) then (
                select string_agg(int8send(f.account_id), '' order by f.account_id) from (
                    select account_id from follows where target_id = s.account_id
                    order by account_id limit (select $2::int)
                ) f) end
        from statuses s left join account_counters c on c.account_id = s.account_id
        where s.id = any((select $1::bigint[])::bigint[]) and s.deleted_at is null
        """,
        list(status_ids),
        limit,
        large,
    )
    return {
        status_id: Delivery(
            author_id,
            followers,
            None if mentioned is None else tuple(mentioned),
            None if followers >= large else _ids(sent) if sent else (),
        )
        for status_id, author_id, followers, mentioned, sent in rows
    }


async def reaches(
    db: Queries, author_ids: Sequence[int], *, active_since: date, looked_at: int, posted_since: int, posts_max: int
) -> dict[int, tuple[float, int, bool]]:
    """Of each author the share of followers who read their home on or after `active_since`, posts, whether merged.

    The share is that of up to `looked_at` followers, or 1 of who has none. They are taken in 20 runs that begin at even
    distances between the first and the last id, for ids go by when people signed up: of the first thousand many have
    left. Posts are those with ids from `posted_since` on that are not deleted, counted up to `posts_max`.

    Uses follows_target, home_visits_pkey, statuses_by_account and merged_authors_pkey. As a join, home_visits might be
    read through, for the planner does not know how few followers are taken.
    """
    rows = await db.rows(
        """
        select author.id, coalesce(sample.share, 1), posted.number,
            exists (select from merged_authors where account_id = author.id)
        from unnest((select $1::bigint[])::bigint[]) as author (id)
        cross join lateral (
            select (select min(account_id) from follows where target_id = author.id) as first,
                (select max(account_id) from follows where target_id = author.id) as last
        ) follower
        cross join lateral (
            select avg(coalesce(
                (select visited_on >= (select $2::date) from home_visits where account_id = f.account_id), false
            )::int)::float8 as share from (
                select distinct f.account_id from generate_series(0, 19) as run (number) cross join lateral (
                    select account_id from follows
                    where target_id = author.id
                        and account_id >= follower.first + (follower.last - follower.first) / 20 * run.number
                    order by account_id limit (select greatest($3::int / 20, 1))
                ) f
            ) f
        ) sample
        cross join lateral (
            select count(*) as number from (
                select id from statuses where account_id = author.id and deleted_at is null
                order by id desc limit (select $5::int)
            ) s where s.id >= (select $4::bigint)
        ) posted
        """,
        list(author_ids),
        active_since,
        looked_at,
        posted_since,
        posts_max,
    )
    return {author_id: (share, posts, is_merged) for author_id, share, posts, is_merged in rows}


def _ids(sent: bytes) -> tuple[int, ...]:
    """Ids out of a string of 8 big-endian bytes for each."""
    return struct.unpack(f">{len(sent) // 8}q", sent)
