"""The words of statuses, for those who judge texts."""

from collections.abc import Collection

import asyncpg

from linnet.platform.postgres import Queries


async def written(db: Queries, status_ids: Collection[int]) -> list[asyncpg.Record]:
    """The words of statuses that are not deleted. Uses statuses_pkey."""
    return await db.rows(
        """
        select id, account_id, spoiler_text, text, coalesce(edited_at, created_at) as written_at
        from statuses where id = any($1) and deleted_at is null
        """,
        list(status_ids),
    )
