"""Which of many sessions and tokens still give access."""

from collections.abc import Collection
from datetime import datetime

from linnet.platform.postgres import Queries


async def living(db: Queries, session_ids: Collection[int], token_ids: Collection[int], at: datetime) -> set[int]:
    """Those of both that speak for an account which is there and let in (primary keys)."""
    rows = await db.rows(
        """
        select opened.id from (
            select id, account_id from sessions
            where id = any((select $1::bigint[])::bigint[]) and revoked_at is null and expires_at > $3
            union all
            select id, account_id from oauth_tokens
            where id = any((select $2::bigint[])::bigint[]) and revoked_at is null
        ) opened
        join users on users.account_id = opened.account_id and users.disabled_at is null
            and users.approved_at is not null and users.confirmed_at is not null
        join accounts on accounts.id = opened.account_id
            and accounts.suspended_at is null and accounts.deleted_at is null
        """,
        list(session_ids),
        list(token_ids),
        at,
    )
    return {row["id"] for row in rows}
