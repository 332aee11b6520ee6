"""Rows of sessions as those who write letters need them."""

from datetime import datetime

import asyncpg

from linnet.platform.postgres import Queries


async def sighting(db: Queries, session_id: int) -> asyncpg.Record | None:
    """`agent, address, created_at` of a session (primary key)."""
    return await db.row("select agent, address, created_at from sessions where id = $1", session_id)


async def last_seen(db: Queries, account_id: int) -> datetime | None:
    """The last use of any session or token of an account (`sessions_account`, `oauth_tokens_account`)."""
    return await db.value(
        """
        select greatest(
            (select max(used_at) from sessions where account_id = $1),
            (select max(used_at) from oauth_tokens where account_id = $1)
        )
        """,
        account_id,
    )
