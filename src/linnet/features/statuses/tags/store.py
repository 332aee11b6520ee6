"""All SQL about who follows and features which hashtags."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import LiteralString

from linnet.features.statuses.tags.models import FeaturedTag
from linnet.platform.paging import Window
from linnet.platform.postgres import Queries


async def follow(db: Queries, account_id: int, tag_id: int, at: datetime, limit: int) -> bool:
    """Follow a hashtag; False when the account follows `limit` others already. Uses tag_follows_pkey.

    Two at the same moment may pass the limit by one, which harms nobody.
    """
    return await db.value(
        """
        with made as (
            insert into tag_follows (account_id, tag_id, id, created_at) select $1, $2, snowflake($3), $3
            where (select count(*) from (
                select from tag_follows where account_id = $1 and tag_id <> $2 limit $4) other) < $4
            on conflict do nothing returning 1
        )
        select exists (select from made)
            or exists (select from tag_follows where account_id = $1 and tag_id = $2)
        """,
        account_id,
        tag_id,
        at,
        limit,
    )


async def unfollow(db: Queries, account_id: int, name: str) -> bool:
    """Follow a hashtag (normalised name) no more; False when it was not followed. Uses tag_follows_pkey."""
    gone = await db.execute(
        "delete from tag_follows where account_id = $1 and tag_id = (select id from tags where name = $2)",
        account_id,
        name,
    )
    return gone == 1


async def page(db: Queries, account_id: int, window: Window) -> list[tuple[int, int]]:
    """(row id, hashtag id) of a page of what an account follows, the latest first. Uses tag_follows_by_account."""
    order: LiteralString = "asc" if window.forward else "desc"
    rows = await db.rows(
        "select id, tag_id from tag_follows where account_id = $1 and id > $2 and id < $3 order by id "
        + order
        + " limit $4",
        account_id,
        window.floor,
        window.ceiling,
        window.limit,
    )
    found = [(row[0], row[1]) for row in rows]
    return found[::-1] if window.forward else found


async def followed(db: Queries, account_id: int, limit: int) -> dict[str, int]:
    """Ids of the hashtags an account follows by their normalised names. Uses tag_follows_pkey and tags_pkey."""
    rows = await db.rows(
        """
        select t.name, t.id from tag_follows f join tags t on t.id = f.tag_id
        where f.account_id = $1 order by f.tag_id limit $2
        """,
        account_id,
        limit,
    )
    return {row[0]: row[1] for row in rows}


async def followed_by_each(db: Queries, account_ids: Collection[int], limit: int) -> dict[int, dict[str, int]]:
    """The same of each of several accounts; of who follows none nothing is given. Uses tag_follows_pkey."""
    rows = await db.rows(
        """
        select reader.id, followed.tags from unnest($1::bigint[]) as reader (id) cross join lateral (
            select jsonb_object_agg(t.name, t.id) as tags from (
                select tag_id from tag_follows where account_id = reader.id order by tag_id limit $2
            ) f join tags t on t.id = f.tag_id
        ) followed where followed.tags is not null
        """,
        list(account_ids),
        limit,
    )
    return {row[0]: row[1] for row in rows}


async def followed_by_any(db: Queries, tag_ids: Collection[int]) -> set[int]:
    """Those of the hashtags that anybody follows. Uses tag_follows_tag."""
    rows = await db.rows(
        """
        select x.id from unnest($1::bigint[]) as x (id)
        where (select true from tag_follows where tag_id = x.id limit 1)
        """,
        list(tag_ids),
    )
    return {row[0] for row in rows}


async def between(db: Queries, account_id: int, tag_ids: Iterable[int]) -> dict[int, tuple[bool, bool]]:
    """Whether an account follows, and whether it features, each hashtag. Uses the unique indexes of both."""
    rows = await db.rows(
        """
        select x.id, (select true from tag_follows where account_id = $1 and tag_id = x.id limit 1) is not null,
            (select true from featured_tags where account_id = $1 and tag_id = x.id limit 1) is not null
        from unnest($2::bigint[]) as x (id)
        """,
        account_id,
        list(tag_ids),
    )
    return {row[0]: (row[1], row[2]) for row in rows}


async def feature(db: Queries, account_id: int, tag_id: int, name: str, at: datetime, limit: int) -> int | None:
    """Feature a hashtag as it is spelt here; the row's id, also of one there was; None for more than `limit`."""
    return await db.value(
        """
        with made as (
            insert into featured_tags (id, account_id, tag_id, name, created_at) select snowflake($4), $1, $2, $3, $4
            where (select count(*) from featured_tags where account_id = $1) < $5
            on conflict do nothing returning id
        )
        select id from made union all select id from featured_tags where account_id = $1 and tag_id = $2
        """,
        account_id,
        tag_id,
        name,
        at,
        limit,
    )


async def unfeature(db: Queries, account_id: int, row_id: int) -> bool:
    """Feature a hashtag no more; False when the row is not there or another's. Uses featured_tags_pkey."""
    return await db.execute("delete from featured_tags where id = $2 and account_id = $1", account_id, row_id) == 1


async def unfeature_named(db: Queries, account_id: int, name: str) -> None:
    """Feature a hashtag (normalised name) no more. Uses the unique index of featured_tags."""
    await db.execute(
        "delete from featured_tags where account_id = $1 and tag_id = (select id from tags where name = $2)",
        account_id,
        name,
    )


async def featured(db: Queries, account_id: int, counted_max: int, limit: int) -> list[FeaturedTag]:
    """What an account features, the most used first, counted among its latest `counted_max` statuses with hashtags.

    Uses the unique index of featured_tags, and statuses_tagged_by_account once for all.
    """
    rows = await db.rows(
        """
        with lately as materialized (
            select tags, created_at from (
                select tags, created_at, visibility from statuses
                where account_id = $1 and tags <> '{}' and deleted_at is null and withheld_at is null
                order by id desc limit $2
            ) s where visibility in ('public', 'unlisted')
        )
        select f.id, t.name, f.name, used.number, used.last_on
        from featured_tags f join tags t on t.id = f.tag_id
        cross join lateral (
            select count(*) as number, (max(created_at) at time zone 'utc')::date as last_on
            from lately where tags @> array[t.name]
        ) used
        where f.account_id = $1 order by used.number desc, f.id limit $3
        """,
        account_id,
        counted_max,
        limit,
    )
    return [FeaturedTag(*row) for row in rows]


async def most_used(db: Queries, account_id: int, lately: int, limit: int) -> list[int]:
    """Ids of the hashtags an account has used most in its latest statuses, without those it features.

    Uses statuses_tagged_by_account and tags_name_key.
    """
    rows = await db.rows(
        """
        select t.id from (
            select unnest(tags) as name from (
                select tags, visibility from statuses
                where account_id = $1 and tags <> '{}' and deleted_at is null and withheld_at is null
                order by id desc limit $2
            ) s where visibility in ('public', 'unlisted')
        ) used
        join tags t on t.name = used.name
        where not exists (select from featured_tags f where f.account_id = $1 and f.tag_id = t.id)
        group by t.id order by count(*) desc, t.id limit $3
        """,
        account_id,
        lately,
        limit,
    )
    return [row[0] for row in rows]
