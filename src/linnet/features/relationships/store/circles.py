"""All of an account's edges that a timeline asks about, as columns of one row."""

from collections.abc import Collection, Sequence
from typing import Any, Final, LiteralString

from linnet.features.relationships.models import Circle
from linnet.platform.postgres import Queries

EDGES: LiteralString = """
    (select string_agg(int8send(target_id), ''::bytea order by target_id) from (
        select target_id from follows where account_id = reader.id order by target_id limit $edges) f),
    (select jsonb_agg(jsonb_build_array(target_id, shows_reblogs, languages)) from (
        select target_id, shows_reblogs, languages from follows
        where account_id = reader.id and (not shows_reblogs or languages is not null) limit $edges) o),
    array(select target_id from blocks where account_id = reader.id limit $edges),
    array(select account_id from blocks where target_id = reader.id limit $edges),
    array(select target_id from mutes where account_id = reader.id and expires_at is null limit $edges),
    (select jsonb_agg(jsonb_build_array(target_id, extract(epoch from expires_at))) from (
        select target_id, expires_at from mutes
        where account_id = reader.id and expires_at > now() limit $edges) t),
    array(select target_id from follows where account_id = reader.id and not at_home limit $edges)
"""
"""Whom the account `reader.id` follows, silences and is blocked by, up to `$edges` of each kind: see `circle_of`.

Uses follows_pkey, follows_optioned, follows_away, blocks_pkey, blocks_target and mutes_pkey.
"""

EDGES_COLUMNS: Final = 7


def circle_of(edges: Sequence[Any]) -> Circle:
    """The circle that the columns of `EDGES` describe."""
    follows, options, blocks, blockers, mutes, timed, away = edges
    return Circle.of(follows or b"", _options(options), blocks, blockers, mutes, dict(timed or ()), away)


def _options(rows: list[Any] | None) -> dict[int, tuple[bool, tuple[str, ...] | None]]:
    return {target_id: (shows, tuple(codes) if codes else None) for target_id, shows, codes in rows or ()}


async def load(db: Queries, account_ids: Collection[int], edges_max: int) -> dict[int, Circle]:
    """The circle of each account, up to `edges_max` edges of each kind. Uses the indexes of `EDGES`."""
    rows = await db.rows(
        "select "
        + EDGES.replace("$edges", "$2")
        + ", reader.id from unnest((select $1::bigint[])::bigint[]) as reader (id)",
        list(account_ids),
        edges_max,
    )
    return {row[-1]: circle_of(row[:EDGES_COLUMNS]) for row in rows}
