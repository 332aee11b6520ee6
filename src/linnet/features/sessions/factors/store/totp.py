"""Rows of authenticator apps' secrets."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from linnet.platform.postgres import Queries


async def enrol(db: Queries, account_id: int, key_id: bytes, sealed: bytes, at: datetime) -> bool:
    """Keep a secret that waits for its first code, instead of another that waits; false beside a confirmed one."""
    sql = """
        insert into totp_secrets (account_id, key_id, sealed, created_at) values ($1, $2, $3, $4)
        on conflict (account_id) do update
            set key_id = excluded.key_id, sealed = excluded.sealed, created_at = excluded.created_at, step_used = 0
            where totp_secrets.confirmed_at is null
        """
    return await db.execute(sql, account_id, key_id, sealed, at) == 1


async def find(db: Queries, account_id: int) -> asyncpg.Record | None:
    """`key_id, sealed, created_at, confirmed_at` of an account (primary key)."""
    return await db.row(
        "select key_id, sealed, created_at, confirmed_at from totp_secrets where account_id = $1", account_id
    )


async def confirm(db: Queries, account_id: int, sealed: bytes, step: int, at: datetime) -> bool:
    """Let this secret count, whose code of that time step came; whether it still waited for one (primary key)."""
    sql = """
        update totp_secrets set confirmed_at = $4, step_used = $3
        where account_id = $1 and sealed = $2 and confirmed_at is null
        """
    return await db.execute(sql, account_id, sealed, step, at) == 1


async def use(db: Queries, account_id: int, step: int) -> bool:
    """Use up a time step and all before it; false when that one was used already (primary key)."""
    sql = "update totp_secrets set step_used = $2 where account_id = $1 and step_used < $2"
    return await db.execute(sql, account_id, step) == 1


async def reseal(db: Queries, account_id: int, *, was: bytes, key_id: bytes, sealed: bytes) -> None:
    """Keep the same secret under another key, unless it is another secret by now (primary key)."""
    await db.execute(
        "update totp_secrets set key_id = $3, sealed = $4 where account_id = $1 and sealed = $2",
        account_id,
        was,
        key_id,
        sealed,
    )


async def under_other_keys(db: Queries, key_id: bytes, *, above_id: int, limit: int) -> Sequence[asyncpg.Record]:
    """`account_id, key_id, sealed` of secrets not under this key, by account above `above_id` (primary key)."""
    return await db.rows(
        """
        select account_id, key_id, sealed from totp_secrets
        where key_id <> $1 and account_id > $2 order by account_id limit $3
        """,
        key_id,
        above_id,
        limit,
    )


async def remove(db: Queries, account_id: int) -> bool:
    """Delete an account's secret; whether a confirmed one was there (primary key)."""
    sql = "delete from totp_secrets where account_id = $1 returning confirmed_at is not null"
    return await db.value(sql, account_id) is True
