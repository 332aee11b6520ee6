"""Rows of the audit log: one statement writes, one reads a page, and there will be no other."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, LiteralString

import asyncpg

from linnet.platform.paging import Window
from linnet.platform.postgres import Queries

_PAGE: LiteralString = """
    select id, actor_id, action, target_id, detail, address, made_at from audit_log
    where id > $1 and id < $2 and ($4::bigint is null or actor_id = $4) and ($5::bigint is null or target_id = $5)
        and ($6::text is null or action = $6)
"""


async def insert(
    db: Queries,
    actor_id: int | None,
    action: str,
    target_id: int | None,
    detail: dict[str, Any],
    *,
    address: str,
    at: datetime | None,
) -> None:
    """Write one entry; `at` None is now."""
    await db.execute(
        """
        insert into audit_log (id, actor_id, action, target_id, detail, address, made_at)
        select snowflake(at), $1, $2, $3, $4, $5, at from (select coalesce($6::timestamptz, now()) as at) moment
        """,
        actor_id,
        action,
        target_id,
        detail,
        address,
        at,
    )


async def page(
    db: Queries, window: Window, actor_id: int | None, target_id: int | None, action: str | None
) -> Sequence[asyncpg.Record]:
    """A page of entries, newest first (primary key, audit_log_actor, audit_log_target, audit_log_action)."""
    order: LiteralString = " order by id asc limit $3" if window.forward else " order by id desc limit $3"
    rows = await db.rows(_PAGE + order, window.floor, window.ceiling, window.limit, actor_id, target_id, action)
    return rows[::-1] if window.forward else rows
