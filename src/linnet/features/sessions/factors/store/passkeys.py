"""Rows of passkeys, and of the challenges that authenticators are to sign."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from linnet.platform.postgres import Queries


async def insert(
    db: Queries,
    account_id: int,
    *,
    credential_id: bytes,
    public_key: bytes,
    sign_count: int,
    name: str,
    transports: Sequence[str],
    backup_eligible: bool,
    backed_up: bool,
    at: datetime,
) -> int | None:
    """Keep a new passkey; its id, or None when somebody has this credential already (`passkeys_credential_id_key`)."""
    return await db.value(
        """
        insert into passkeys (id, account_id, credential_id, public_key, sign_count, name, transports, backup_eligible,
            backed_up, created_at)
        values (snowflake($9), $1, $2, $3, $4, $5, $6, $7, $8, $9)
        on conflict (credential_id) do nothing returning id
        """,
        account_id,
        credential_id,
        public_key,
        sign_count,
        name,
        list(transports),
        backup_eligible,
        backed_up,
        at,
    )


async def of_account(db: Queries, account_id: int, limit: int) -> Sequence[asyncpg.Record]:
    """An account's passkeys, oldest first (`passkeys_account`)."""
    return await db.rows(
        """
        select id, credential_id, name, transports, backup_eligible, backed_up, created_at, used_at
        from passkeys where account_id = $1 order by id limit $2
        """,
        account_id,
        limit,
    )


async def with_credential(db: Queries, credential_id: bytes) -> asyncpg.Record | None:
    """`id, account_id, public_key, backup_eligible` of who has this credential (`passkeys_credential_id_key`)."""
    return await db.row(
        "select id, account_id, public_key, backup_eligible from passkeys where credential_id = $1", credential_id
    )


async def use(db: Queries, passkey_id: int, *, sign_count: int, backed_up: bool, at: datetime) -> bool:
    """Note a use; false when the counter did not go up, which a copy's would not (primary key).

    Authenticators that do not count always say 0.
    """
    sql = """
        update passkeys set sign_count = $2, backed_up = $3, used_at = $4
        where id = $1 and (sign_count < $2 or (sign_count = 0 and $2 = 0))
        """
    return await db.execute(sql, passkey_id, sign_count, backed_up, at) == 1


async def rename(db: Queries, account_id: int, passkey_id: int, name: str) -> bool:
    """Name an account's passkey anew; whether there is such a one (primary key)."""
    sql = "update passkeys set name = $3 where id = $2 and account_id = $1"
    return await db.execute(sql, account_id, passkey_id, name) == 1


async def remove(db: Queries, account_id: int, passkey_id: int) -> bool:
    """Delete an account's passkey; whether there was such a one (primary key)."""
    return await db.execute("delete from passkeys where id = $2 and account_id = $1", account_id, passkey_id) == 1


async def remove_all(db: Queries, account_id: int) -> int:
    """Delete an account's passkeys; how many (`passkeys_account`)."""
    return await db.execute("delete from passkeys where account_id = $1", account_id)


async def insert_challenge(db: Queries, hash_: bytes, purpose: str, bound_to: str, expires_at: datetime) -> None:
    """Keep a challenge until it is answered or expires."""
    await db.execute(
        "insert into passkey_challenges (hash, purpose, bound_to, expires_at) values ($1, $2, $3, $4)",
        hash_,
        purpose,
        bound_to,
        expires_at,
    )


async def spend_challenge(db: Queries, hash_: bytes, purpose: str, bound_to: str, at: datetime) -> bool:
    """Use up a challenge that was given out for this; of two at the same moment one does (primary key)."""
    sql = """
        delete from passkey_challenges where hash = $1 and purpose = $2 and bound_to = $3 and expires_at > $4
        """
    return await db.execute(sql, hash_, purpose, bound_to, at) == 1


async def forget_challenges(db: Queries, before: datetime, rows_max: int) -> int:
    """Delete challenges that expired before then; how many (`passkey_challenges_expiry`)."""
    return await db.execute(
        """
        delete from passkey_challenges where hash in (
            select hash from passkey_challenges where expires_at < $1
            order by expires_at limit $2 for update skip locked
        )
        """,
        before,
        rows_max,
    )
