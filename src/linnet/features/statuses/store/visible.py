"""Who may see a status: the one condition every read of statuses carries."""

from collections.abc import Collection
from typing import LiteralString

from linnet.features.media.statements import SAID
from linnet.platform.postgres import Queries

VISIBLE: LiteralString = """
    s.deleted_at is null
    and (s.withheld_at is null or s.account_id = $1)
    and (
        s.visibility in ('public', 'unlisted')
        or s.account_id = $1
        or (s.visibility = 'private'
            and (select true from follows f where f.account_id = $1 and f.target_id = s.account_id limit 1))
        or (select true from mentions m where m.status_id = s.id and m.account_id = $1 limit 1)
    )
    and (select true from blocks b where b.account_id = s.account_id and b.target_id = $1 limit 1) is null
    and (select a.deleted_at is null and a.suspended_at is null from accounts a where a.id = s.account_id)
"""
"""For `statuses s` and the viewer's account id as `$1` (0 for the public, whom nobody follows, mentions or blocks).

Each edge is looked up by itself: `exists` would let the planner hash, and so read, everyone who mentions or blocks a
popular viewer, or all accounts.
"""

WIDE: LiteralString = """
    s.limited_at is null and (select w.silenced_at is null from accounts w where w.id = s.account_id)
"""
"""For whatever brings statuses to strangers: neither it nor its author's account is limited by staff."""

FOLLOWED_OR_WIDE: LiteralString = """
    ((select w.silenced_at is null from accounts w where w.id = s.account_id) or s.account_id = $1
        or (select true from follows w where w.account_id = $1 and w.target_id = s.account_id limit 1))
"""
"""For threads: what limited accounts answer is there for who follows them."""

UNSILENCED: LiteralString = """
    (select true from blocks b where b.account_id = $1 and b.target_id = s.account_id limit 1) is null
    and (select true from mutes u where u.account_id = $1 and u.target_id = s.account_id
         and (u.expires_at is null or u.expires_at > now()) limit 1) is null
"""
"""For timelines: additionally nothing by people the viewer has blocked or muted."""


async def visible_pairs(db: Queries, pairs: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    """Of pairs (viewer id, status id) those whose viewer may see the status. One statement. Uses statuses_pkey."""
    rows = await db.rows(
        """
        select x.viewer_id, x.status_id from unnest($1::bigint[], $2::bigint[]) as x (viewer_id, status_id)
        cross join lateral (select * from statuses where id = x.status_id limit 1) s
        where """
        + VISIBLE.replace("$1", "x.viewer_id"),
        [viewer_id for viewer_id, _ in pairs],
        [status_id for _, status_id in pairs],
    )
    return {(row["viewer_id"], row["status_id"]) for row in rows}


async def visible_words(db: Queries, pairs: Collection[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """Of pairs (viewer id, status id) whose viewer may see the status: its warning, its text or else what it shows.

    By pair; one statement. Uses statuses_pkey.
    """
    rows = await db.rows(
        """
        select x.viewer_id, x.status_id, coalesce(nullif(s.spoiler_text, ''), nullif(s.text, ''), """
        + SAID
        + """, '') as words
        from unnest($1::bigint[], $2::bigint[]) as x (viewer_id, status_id)
        cross join lateral (select * from statuses where id = x.status_id limit 1) s
        where """
        + VISIBLE.replace("$1", "x.viewer_id"),
        [viewer_id for viewer_id, _ in pairs],
        [status_id for _, status_id in pairs],
    )
    return {(row["viewer_id"], row["status_id"]): row["words"] for row in rows}
