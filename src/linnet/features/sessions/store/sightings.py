"""Rows of sessions as those who write letters need them."""

import asyncpg

from linnet.platform.postgres import Queries


async def sighting(db: Queries, session_id: int) -> asyncpg.Record | None:
    """`agent, address, created_at` of a session (primary key)."""
    return await db.row("select agent, address, created_at from sessions where id = $1", session_id)
