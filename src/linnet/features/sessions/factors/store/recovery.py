"""Rows of recovery codes, as hashes."""

from collections.abc import Sequence
from datetime import datetime

from linnet.platform.postgres import Queries


async def insert(db: Queries, account_id: int, hashes: Sequence[bytes], at: datetime) -> None:
    """Keep new codes."""
    await db.execute(
        "insert into recovery_codes (account_id, hash, created_at) select $1, unnest($2::bytea[]), $3",
        account_id,
        list(hashes),
        at,
    )


async def remove(db: Queries, account_id: int) -> int:
    """Delete an account's codes, used or not; how many (primary key)."""
    return await db.execute("delete from recovery_codes where account_id = $1", account_id)


async def spend(db: Queries, account_id: int, hash_: bytes, at: datetime) -> bool:
    """Use up a code; of two at the same moment one does (primary key)."""
    sql = "update recovery_codes set spent_at = $3 where account_id = $1 and hash = $2 and spent_at is null"
    return await db.execute(sql, account_id, hash_, at) == 1
