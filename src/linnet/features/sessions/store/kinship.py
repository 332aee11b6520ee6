"""Rows of sessions and devices that tell of accounts in the same hands."""

from collections.abc import Sequence
from datetime import datetime

from linnet.platform.postgres import Queries


async def at_addresses(
    db: Queries, account_id: int, beginnings: Sequence[str], since: datetime, limit: int
) -> list[int]:
    """Other accounts used since then from an address that is one of these, or begins so and ends in a colon there.

    Newest first. Uses sessions_address_begins.
    """
    rows = await db.rows(
        """
        select distinct near.account_id from unnest($2::text[]) as wanted (beginning)
        cross join lateral (
            select account_id from sessions
            where address ~>=~ wanted.beginning
                and address ~<~ (wanted.beginning
                    || case when wanted.beginning like '%:' then chr(127) else chr(1) end)
                and used_at > $3 and account_id <> $1
            limit $4
        ) near
        order by near.account_id desc limit $4
        """,
        account_id,
        list(beginnings),
        since,
        limit,
    )
    return [row["account_id"] for row in rows]


async def with_devices_of(db: Queries, account_id: int, limit: int) -> list[int]:
    """Other accounts that know a device of this one, newest first. Uses known_devices_pkey and known_devices_hash."""
    rows = await db.rows(
        """
        select distinct others.account_id from known_devices mine
        join known_devices others on others.hash = mine.hash and others.account_id <> mine.account_id
        where mine.account_id = $1
        order by others.account_id desc limit $2
        """,
        account_id,
        limit,
    )
    return [row["account_id"] for row in rows]
