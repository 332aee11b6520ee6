"""Pages of edges, newest first: followers, following, requests, blocks, mutes.

Each is one statement bounded by its window. Arguments $1 to $4 are always the account whose list it is, the floor, the
ceiling and the limit. Deleted accounts are left out.
"""

from typing import LiteralString

import asyncpg

from linnet.features.relationships.models import Keyed, Muted
from linnet.platform.paging import Window
from linnet.platform.postgres import Queries

_NEWEST: LiteralString = " order by e.id desc limit $4"
_NEAREST: LiteralString = " order by e.id asc limit $4"

_LISTED: LiteralString = """
    a.deleted_at is null and a.suspended_at is null
    and ($1 = $5 or (
        exists (select from accounts o where o.id = $1 and not o.hides_collections
            and o.deleted_at is null and o.suspended_at is null)
        and not exists (select from blocks b where b.account_id = $1 and b.target_id = $5)
        and not exists (select from blocks b where b.account_id = a.id and b.target_id = $5)
        and not exists (select from blocks b where b.account_id = $5 and b.target_id = a.id)))
"""
"""For somebody's list ($1) and a viewer ($5, 0 for the public): nothing of who hides it or has blocked the viewer, and
nobody blocked between themselves and the viewer."""


async def _window(db: Queries, sql: LiteralString, list_id: int, window: Window, *args: object) -> list[asyncpg.Record]:
    rows = await db.rows(
        sql + (_NEAREST if window.forward else _NEWEST), list_id, window.floor, window.ceiling, window.limit, *args
    )
    return rows[::-1] if window.forward else rows


def _keyed(rows: list[asyncpg.Record]) -> Keyed:
    return [(row["id"], row["account_id"]) for row in rows]


async def followers(db: Queries, viewer_id: int, account_id: int, window: Window) -> Keyed:
    """Who follows an account, as far as the viewer may see. Uses follows_by_target."""
    return _keyed(
        await _window(
            db,
            """
            select e.id, e.account_id from follows e join accounts a on a.id = e.account_id
            where e.target_id = $1 and e.id > $2 and e.id < $3 and """
            + _LISTED,
            account_id,
            window,
            viewer_id,
        )
    )


async def following(db: Queries, viewer_id: int, account_id: int, window: Window) -> Keyed:
    """Whom an account follows, as far as the viewer may see. Uses follows_by_account."""
    return _keyed(
        await _window(
            db,
            """
            select e.id, e.target_id as account_id from follows e join accounts a on a.id = e.target_id
            where e.account_id = $1 and e.id > $2 and e.id < $3 and """
            + _LISTED,
            account_id,
            window,
            viewer_id,
        )
    )


async def requests(db: Queries, account_id: int, window: Window) -> Keyed:
    """Who asks to follow an account. Uses follow_requests_target."""
    return _keyed(
        await _window(
            db,
            """
            select e.id, e.account_id from follow_requests e join accounts a on a.id = e.account_id
            where e.target_id = $1 and e.id > $2 and e.id < $3 and a.deleted_at is null and a.suspended_at is null
            """,
            account_id,
            window,
        )
    )


async def blocks(db: Queries, account_id: int, window: Window) -> Keyed:
    """Whom an account blocks. Uses blocks_by_account."""
    return _keyed(
        await _window(
            db,
            """
            select e.id, e.target_id as account_id from blocks e join accounts a on a.id = e.target_id
            where e.account_id = $1 and e.id > $2 and e.id < $3 and a.deleted_at is null
            """,
            account_id,
            window,
        )
    )


async def mutes(db: Queries, account_id: int, window: Window) -> list[Muted]:
    """Whom an account mutes now, and until when. Uses mutes_by_account."""
    rows = await _window(
        db,
        """
        select e.id, e.target_id as account_id, e.expires_at from mutes e join accounts a on a.id = e.target_id
        where e.account_id = $1 and e.id > $2 and e.id < $3 and a.deleted_at is null
            and (e.expires_at is null or e.expires_at > now())
        """,
        account_id,
        window,
    )
    return [Muted(row["id"], row["account_id"], row["expires_at"]) for row in rows]
