"""Public posts under hashtags, for homes to merge."""

from collections.abc import Collection, Sequence
from typing import LiteralString

from linnet.platform.postgres import Queries

_IS_PUBLIC: LiteralString = """
    (select s.visibility = 'public' and s.deleted_at is null and s.withheld_at is null and s.limited_at is null
        and (select a.silenced_at is null from accounts a where a.id = s.account_id)
    from statuses s where s.id = x.status_id limit 1)
"""


async def recent_ids(db: Queries, tag_ids: Sequence[int], limit: int) -> dict[int, list[int]]:
    """The newest `limit` public statuses under each of some hashtags, newest first. Uses status_tags_pkey."""
    rows = await db.rows(
        """
        select tag.id, array(
            select x.status_id from status_tags x where x.tag_id = tag.id and """
        + _IS_PUBLIC
        + """ order by x.status_id desc limit $2)
        from unnest($1::bigint[]) as tag (id)
        """,
        list(tag_ids),
        limit,
    )
    return {row[0]: row[1] for row in rows}


async def ids(db: Queries, tag_ids: Collection[int], above: int, below: int, limit: int) -> list[int]:
    """The newest `limit` public statuses with above < id < below under any of some hashtags, newest first.

    Uses status_tags_pkey.
    """
    rows = await db.rows(
        """
        select distinct s.id from unnest($1::bigint[]) as tag (id) cross join lateral (
            select x.status_id as id from status_tags x
            where x.tag_id = tag.id and x.status_id > $2 and x.status_id < $3 and """
        + _IS_PUBLIC
        + """ order by x.status_id desc limit $4
        ) s order by s.id desc limit $4
        """,
        list(tag_ids),
        above,
        below,
        limit,
    )
    return [row[0] for row in rows]


async def ids_forward(db: Queries, tag_ids: Collection[int], above: int, below: int, limit: int) -> list[int]:
    """The oldest `limit` of them, newest first. Uses status_tags_pkey backwards."""
    rows = await db.rows(
        """
        select distinct s.id from unnest($1::bigint[]) as tag (id) cross join lateral (
            select x.status_id as id from status_tags x
            where x.tag_id = tag.id and x.status_id > $2 and x.status_id < $3 and """
        + _IS_PUBLIC
        + """ order by x.status_id limit $4
        ) s order by s.id limit $4
        """,
        list(tag_ids),
        above,
        below,
        limit,
    )
    return [row[0] for row in reversed(rows)]
