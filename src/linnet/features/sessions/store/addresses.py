"""Addresses in the rows of sessions, as staff ask for them."""

from collections.abc import Sequence

import asyncpg

from linnet.platform.postgres import Queries


async def latest(db: Queries, account_ids: Sequence[int], addresses_max: int) -> Sequence[asyncpg.Record]:
    """`account_id, address, used_at` of the latest addresses of each account, newest first (sessions_account)."""
    return await db.rows(
        """
        select wanted.account_id, used.address, used.used_at
        from unnest($1::bigint[]) as wanted (account_id)
        cross join lateral (
            select address, max(used_at) as used_at from sessions
            where sessions.account_id = wanted.account_id and address <> ''
            group by address order by max(used_at) desc limit $2
        ) used
        order by wanted.account_id, used.used_at desc
        """,
        list(account_ids),
        addresses_max,
    )


async def accounts_at(db: Queries, address: str, accounts_max: int) -> Sequence[int]:
    """Accounts with a session from this address, newest first (sessions_address)."""
    rows = await db.rows(
        "select distinct account_id from sessions where address = $1 order by account_id desc limit $2",
        address,
        accounts_max,
    )
    return [row["account_id"] for row in rows]
