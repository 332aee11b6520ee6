"""Rows of proofs: one for each account and purpose."""

from datetime import datetime

import asyncpg

from linnet.platform.postgres import Queries


async def put(
    db: Queries, account_id: int, purpose: str, hash_: bytes, *, detail: str, at: datetime, expires_at: datetime
) -> None:
    """Keep a proof in place of the older one (primary key)."""
    await db.execute(
        """
        insert into proofs (account_id, purpose, hash, detail, created_at, expires_at)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (account_id, purpose) do update set hash = excluded.hash, detail = excluded.detail,
            created_at = excluded.created_at, expires_at = excluded.expires_at
        """,
        account_id,
        purpose,
        hash_,
        detail,
        at,
        expires_at,
    )


async def look(db: Queries, hash_: bytes, purpose: str, at: datetime) -> asyncpg.Record | None:
    """`account_id, detail` of a proof that is good now (`proofs_hash`)."""
    return await db.row(
        "select account_id, detail from proofs where hash = $1 and purpose = $2 and expires_at > $3",
        hash_,
        purpose,
        at,
    )


async def take(db: Queries, hash_: bytes, purpose: str, at: datetime) -> asyncpg.Record | None:
    """`account_id, detail` of a proof that was good until now; it is gone (`proofs_hash`)."""
    return await db.row(
        "delete from proofs where hash = $1 and purpose = $2 and expires_at > $3 returning account_id, detail",
        hash_,
        purpose,
        at,
    )


async def end_all(db: Queries, account_id: int) -> None:
    """Delete an account's proofs (primary key)."""
    await db.execute("delete from proofs where account_id = $1", account_id)


async def forget_expired(db: Queries, before: datetime, rows_max: int) -> int:
    """Delete proofs that expired before that moment; how many (`proofs_expiry`)."""
    return await db.execute(
        """
        delete from proofs where (account_id, purpose) in (
            select account_id, purpose from proofs where expires_at < $1
            order by expires_at limit $2 for update skip locked
        )
        """,
        before,
        rows_max,
    )
