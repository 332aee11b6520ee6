"""Hashtags as people look for them: by how they begin or are spelt, those first that most people have used lately."""

from collections.abc import Sequence
from datetime import date
from typing import LiteralString

from linnet.platform.postgres import Queries

_LAST_CHARACTER = "\U0010ffff"


async def count(db: Queries, tag_ids: Sequence[int], since: date, today: date) -> None:
    """Note how many people used hashtags on the days from `since` on; those nobody did go. Primary keys."""
    await db.execute(
        """
        with counted as (
            select t.id, t.name, coalesce((
                select sum(d.accounts) from trend_days d
                where d.kind = 'tag' and d.subject_id = t.id and d.day >= $2), 0) as people
            from tags t where t.id = any($1)
        ), gone as (
            delete from trend_tags where tag_id in (select id from counted where people = 0)
        )
        insert into trend_tags as t (tag_id, name, people, counted_on)
        select id, name, people, $3 from counted where people > 0 order by id
        on conflict (tag_id) do update set people = excluded.people, counted_on = excluded.counted_on
        """,
        list(tag_ids),
        since,
        today,
    )


async def outdated(db: Queries, today: date, limit: int) -> list[int]:
    """Up to `limit` hashtags that were counted on an earlier day. Uses trend_tags_outdated."""
    rows = await db.rows(
        "select tag_id from trend_tags where counted_on < $1 order by counted_on limit $2", today, limit
    )
    return [row["tag_id"] for row in rows]


_USED: LiteralString = """
    select tag_id, 1 as nearness, people, name from trend_tags where $begins order by people desc, tag_id limit $3
"""
_BEGINS: dict[int, LiteralString] = {1: "left(name, 1) = $1", 2: "left(name, 2) = $1"}
_BEGINS_LONG: LiteralString = "name ~>=~ $1 and name ~<~ $2"

_UNUSED: LiteralString = """
    select t.id, 2, 0, t.name from (
        select id, name from tags where name ~>=~ $1 and name ~<~ $2 order by name using ~<~ limit 200
    ) t
    where (
        select true from (select status_id from status_tags where tag_id = t.id order by status_id desc limit 10) x
        cross join lateral (select * from statuses where id = x.status_id limit 1) s
        where s.visibility = 'public' and s.deleted_at is null and s.withheld_at is null and s.limited_at is null
            and (select silenced_at is null from accounts where id = s.account_id)
        limit 1)
    order by t.name using ~<~ limit $3
"""
"""Not counted yet, or used by nobody for days; only what is there for everybody to read makes a hashtag known."""

_ALIKE: LiteralString = """
    select tag_id, 3, people, name from trend_tags where length($1) > 2 and name % $1
    order by similarity(name, $1) desc, people desc limit $3
"""


async def like(db: Queries, text: str, limit: int, offset: int) -> list[int]:
    """Ids of hashtags that are `text` (normalised), begin with it, or are spelt like it, in this order.

    Among those that begin with it the most used first. Uses trend_tags_first, trend_tags_first_two, trend_tags_prefix,
    tags_prefix and trend_tags_alike.
    """
    begins = _BEGINS.get(len(text), _BEGINS_LONG)
    sql: LiteralString = (
        "select tag_id from (select distinct on (tag_id) tag_id, nearness, people, name from (("
        + _USED.replace("$begins", begins)
        + ") union all ("
        + _UNUSED
        + ") union all ("
        + _ALIKE
        + """)) found order by tag_id, nearness) each
        order by name = $1 desc, nearness, case when nearness = 3 then similarity(name, $1) end desc, people desc, name
        limit $3 - $4 offset $4
        """
    )
    rows = await db.rows(sql, text, text + _LAST_CHARACTER, limit + offset, offset)
    return [row["tag_id"] for row in rows]
