"""What the timelines of lists ask PostgreSQL: statuses by those on a list, or under its hashtags."""

from linnet.features.timelines.lists.models import Opened
from linnet.platform.postgres import Queries


async def ids(db: Queries, opened: Opened, above: int, below: int, limit: int) -> list[int]:
    """The newest `limit` statuses with above < id < below of a list, newest first. Candidates only.

    As in homes, the newest of each author bounds how old the page can be, and nothing older is then read, however many
    are on the list. Uses statuses_by_account and status_tags_pkey.
    """
    rows = await db.rows(
        """
        with author as materialized (
            select unnest((select $1::bigint[])::bigint[]) as account_id
        ), oldest as materialized (
            select s.id from author cross join lateral (
                select id from statuses
                where account_id = author.account_id and deleted_at is null and id > $3 and id < $4
                order by id desc limit 1
            ) s
            order by s.id desc offset $5::int - 1 limit 1
        ), newest as (
            select s.id from author cross join lateral (
                select id from statuses
                where account_id = author.account_id and deleted_at is null
                    and id >= coalesce((select id from oldest), $3) and id > $3 and id < $4
                order by id desc limit $5::int
            ) s
        ), tagged as (
            select s.id from unnest((select $2::bigint[])::bigint[]) as tag (id) cross join lateral (
                select status_id as id from status_tags
                where tag_id = tag.id and status_id > $3 and status_id < $4
                order by status_id desc limit $5::int
            ) s
        )
        select id from newest union select id from tagged order by id desc limit $5
        """,
        list(opened.account_ids),
        list(opened.tags.values()),
        above,
        below,
        limit,
    )
    return [row[0] for row in rows]


async def ids_forward(db: Queries, opened: Opened, above: int, below: int, limit: int) -> list[int]:
    """The oldest `limit` candidates with above < id < below, newest first. Uses the same indexes backwards."""
    rows = await db.rows(
        """
        with posted as (
            select s.id from unnest((select $1::bigint[])::bigint[]) as author (id) cross join lateral (
                select id from statuses
                where account_id = author.id and deleted_at is null and id > $3 and id < $4 order by id limit $5::int
            ) s
        ), tagged as (
            select s.id from unnest((select $2::bigint[])::bigint[]) as tag (id) cross join lateral (
                select status_id as id from status_tags
                where tag_id = tag.id and status_id > $3 and status_id < $4 order by status_id limit $5::int
            ) s
        )
        select id from posted union select id from tagged order by id limit $5
        """,
        list(opened.account_ids),
        list(opened.tags.values()),
        above,
        below,
        limit,
    )
    return [row[0] for row in reversed(rows)]
