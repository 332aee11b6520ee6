"""All of an account's edges that a timeline asks about, in one row."""

from collections.abc import Collection
from typing import Any

import asyncpg

from linnet.features.relationships.models import Circle
from linnet.platform.postgres import Queries


async def load(db: Queries, account_ids: Collection[int], edges_max: int) -> dict[int, Circle]:
    """Whom each account follows, silences and is blocked by; left out with more than `edges_max` of a kind.

    Uses follows_pkey, follows_optioned, blocks_pkey, blocks_target and mutes_pkey.
    """
    rows = await db.rows(
        """
        select reader.id,
            (select string_agg(int8send(target_id), ''::bytea order by target_id) from (
                select target_id from follows where account_id = reader.id order by target_id limit $2) f),
            (select jsonb_agg(jsonb_build_array(target_id, shows_reblogs, languages)) from (
                select target_id, shows_reblogs, languages from follows
                where account_id = reader.id and (not shows_reblogs or languages is not null) limit $2) o),
            array(select target_id from blocks where account_id = reader.id limit $2),
            array(select account_id from blocks where target_id = reader.id limit $2),
            array(select target_id from mutes where account_id = reader.id and expires_at is null limit $2),
            (select jsonb_agg(jsonb_build_array(target_id, extract(epoch from expires_at))) from (
                select target_id, expires_at from mutes
                where account_id = reader.id and expires_at > now() limit $2) t)
        from unnest((select $1::bigint[])::bigint[]) as reader (id)
        """,
        list(account_ids),
        edges_max + 1,
    )
    circles = {row[0]: _circle(row) for row in rows}
    return {account_id: circle for account_id, circle in circles.items() if circle.largest <= edges_max}


def _circle(row: asyncpg.Record) -> Circle:
    _, follows, options, blocks, blockers, mutes, timed = row
    return Circle.of(follows or b"", _options(options), blocks, blockers, mutes, dict(timed or ()))


def _options(rows: list[Any] | None) -> dict[int, tuple[bool, tuple[str, ...] | None]]:
    return {target_id: (shows, tuple(codes) if codes else None) for target_id, shows, codes in rows or ()}
