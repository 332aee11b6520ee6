"""Hashtags: found by name or by how they begin, with how much they were used lately."""

from collections.abc import Sequence
from typing import LiteralString

import asyncpg

from linnet.platform.postgres import Queries

_WITH_USE: LiteralString = """
    select t.id, t.name, t.display_name, used.day, used.uses, used.accounts
    from found t
    left join lateral (
        select day, count(*) as uses, count(distinct account_id) as accounts from (
            select s.account_id, (s.created_at at time zone 'utc')::date as day
            from (select status_id from status_tags where tag_id = t.id and status_id >= $1
                  order by status_id desc limit $2) st
            cross join lateral (select * from statuses where id = st.status_id limit 1) s
            where s.deleted_at is null and s.visibility = 'public' and s.withheld_at is null and s.limited_at is null
                and (select a.silenced_at is null from accounts a where a.id = s.account_id)
            ) lately
        group by day) used on true
    order by t.place, used.day desc
"""
"""A row for each hashtag of `found` and each day on which it was used since the id `$1`, looking at `$2` uses.

Of one that was not used there is one row whose day, uses and accounts are null."""


async def named(db: Queries, names: Sequence[str], since_id: int, uses_max: int) -> list[asyncpg.Record]:
    """The hashtags with these normalised names, in their order, with their use by day. Uses tags_name_key."""
    return await db.rows(
        """
        with found as (
            select t.id, t.name, t.display_name, wanted.place
            from unnest($3::text[]) with ordinality as wanted (name, place) join tags t on t.name = wanted.name
        )
        """
        + _WITH_USE,
        since_id,
        uses_max,
        list(names),
    )


async def with_ids(db: Queries, tag_ids: Sequence[int], since_id: int, uses_max: int) -> list[asyncpg.Record]:
    """The hashtags with these ids, in their order, with their use by day. Uses tags_pkey."""
    return await db.rows(
        """
        with found as (
            select t.id, t.name, t.display_name, wanted.place
            from unnest($3::bigint[]) with ordinality as wanted (id, place) join tags t on t.id = wanted.id
        )
        """
        + _WITH_USE,
        since_id,
        uses_max,
        list(tag_ids),
    )


async def known_as(db: Queries, names: Sequence[str], display_names: Sequence[str]) -> list[int]:
    """The ids of the hashtags with these normalised names, by name; those that are new are made. Uses tags_name_key."""
    rows = await db.rows(
        """
        with made as (
            insert into tags (name, display_name) select * from unnest($1::text[], $2::text[]) order by 1
            on conflict (name) do nothing returning id, name
        )
        select id, name from made union all select id, name from tags where name = any($1) order by name
        """,
        names,
        display_names,
    )
    return [row["id"] for row in rows]


async def learn(db: Queries, names: Sequence[str], display_names: Sequence[str]) -> dict[int, bool]:
    """Add the hashtags that are new, shown as first written; whether anybody follows each, by id.

    No statement for none. Uses tags_name_key and tag_follows_tag.
    """
    if not names:
        return {}
    rows = await db.rows(
        """
        with made as (
            insert into tags (name, display_name) select * from unnest($1::text[], $2::text[]) order by 1
            on conflict (name) do nothing returning id
        )
        select id, false from made union all
        select t.id, (select true from tag_follows where tag_id = t.id limit 1) is not null from tags t
            where t.name = any($1)
        """,
        names,
        display_names,
    )
    return {row[0]: row[1] for row in rows}


async def tag(db: Queries, status_id: int, names: Sequence[str], display_names: Sequence[str]) -> dict[int, bool]:
    """Connect an edited status with its hashtags, adding those that are new; whether anybody follows each, by id."""
    if not names:
        return {}
    known = await learn(db, names, display_names)
    await db.execute(
        """
        insert into status_tags (tag_id, status_id) select id, $1 from tags where name = any($2) on conflict do nothing
        """,
        status_id,
        names,
    )
    return known
