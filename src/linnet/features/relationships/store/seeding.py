"""Many follows and requests at once, for `linnet demo`."""

from collections.abc import Sequence
from datetime import datetime

from linnet.platform.postgres import Queries


async def follow_all(
    db: Queries, pairs: Sequence[tuple[int, int]], moments: Sequence[datetime]
) -> list[tuple[int, int]]:
    """Write follows (follower, followed) of their moments; those that were new. Uses follows_pkey."""
    rows = await db.rows(
        """
        insert into follows (account_id, target_id, id, created_at)
        select account_id, target_id, snowflake(moment), moment
        from unnest($1::bigint[], $2::bigint[], $3::timestamptz[]) as x (account_id, target_id, moment)
        on conflict do nothing returning account_id, target_id
        """,
        [account_id for account_id, _ in pairs],
        [target_id for _, target_id in pairs],
        moments,
    )
    return [(row["account_id"], row["target_id"]) for row in rows]


async def request_all(db: Queries, pairs: Sequence[tuple[int, int]], moments: Sequence[datetime]) -> None:
    """Write requests to follow (who asks, who is asked) of their moments. Uses follow_requests_pkey."""
    await db.execute(
        """
        insert into follow_requests (account_id, target_id, id, created_at)
        select account_id, target_id, snowflake(moment), moment
        from unnest($1::bigint[], $2::bigint[], $3::timestamptz[]) as x (account_id, target_id, moment)
        on conflict do nothing
        """,
        [account_id for account_id, _ in pairs],
        [target_id for _, target_id in pairs],
        moments,
    )
