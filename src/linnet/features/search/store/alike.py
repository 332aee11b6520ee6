"""Rows of posts by words of theirs, for staff."""

from collections.abc import Sequence

import asyncpg

from linnet.platform.postgres import Queries


async def with_words(db: Queries, query: str, after_id: int, limit: int) -> Sequence[asyncpg.Record]:
    """`id, account_id, text, created_at` of the newest posts that match, of those not meant for few.

    Uses search_documents_words, which has nothing of deleted posts.
    """
    return await db.rows(
        """
        select s.id, s.account_id, s.text, s.created_at from (
            select d.status_id + 0 as id from search_documents d
            where d.words @@ $1::text::tsquery and d.status_id + 0 > $2
            order by d.status_id + 0 desc limit $3
        ) m
        cross join lateral (select * from statuses where id = m.id limit 1) s
        where s.visibility in ('public', 'unlisted') and s.deleted_at is null and s.reblog_of_id is null
        order by s.id desc
        """,
        query,
        after_id,
        limit,
    )
