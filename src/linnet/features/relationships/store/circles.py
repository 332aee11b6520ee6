"""All of an account's edges that a timeline asks about, in one row."""

from typing import Any

from linnet.features.relationships.models import Circle
from linnet.platform.postgres import Queries


async def load(db: Queries, account_id: int, edges_max: int) -> Circle | None:
    """Whom an account follows, silences and is blocked by; None when there are more than `edges_max` of a kind.

    Uses follows_pkey, blocks_pkey, blocks_target and mutes_pkey.
    """
    row = await db.row(
        """
        select
            (select string_agg(int8send(target_id), ''::bytea order by target_id) from (
                select target_id from follows where account_id = $1 order by target_id limit $2) f),
            (select jsonb_agg(jsonb_build_array(target_id, shows_reblogs, languages)) from (
                select target_id, shows_reblogs, languages from follows
                where account_id = $1 and (not shows_reblogs or languages is not null) limit $2) o),
            array(select target_id from blocks where account_id = $1 limit $2),
            array(select account_id from blocks where target_id = $1 limit $2),
            array(select target_id from mutes where account_id = $1 and expires_at is null limit $2),
            (select jsonb_agg(jsonb_build_array(target_id, extract(epoch from expires_at))) from (
                select target_id, expires_at from mutes
                where account_id = $1 and expires_at > now() limit $2) t)
        """,
        account_id,
        edges_max + 1,
    )
    assert row is not None, "a row of subqueries is always there"
    follows, options, blocks, blockers, mutes, timed = row
    circle = Circle.of(follows or b"", _options(options), blocks, blockers, mutes, dict(timed or ()))
    return circle if circle.largest <= edges_max else None


def _options(rows: list[Any] | None) -> dict[int, tuple[bool, tuple[str, ...] | None]]:
    return {target_id: (shows, tuple(codes) if codes else None) for target_id, shows, codes in rows or ()}
