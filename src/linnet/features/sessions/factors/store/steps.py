"""Rows of sign-ins that wait for a second factor, and of when a session's person last proved who they are."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from linnet.platform.postgres import Queries


async def methods(db: Queries, account_id: int) -> asyncpg.Record:
    """`totp, passkey, recovery`: which of them an account could answer with (primary keys, `passkeys_account`)."""
    row = await db.row(
        """
        select exists (select from totp_secrets where account_id = $1 and confirmed_at is not null) as totp,
            exists (select from passkeys where account_id = $1) as passkey,
            exists (select from recovery_codes where account_id = $1 and spent_at is null) as recovery
        """,
        account_id,
    )
    assert row is not None
    return row


async def insert(
    db: Queries,
    hash_: bytes,
    account_id: int,
    *,
    kind: str,
    methods: Sequence[str],
    at: datetime,
    expires_at: datetime,
) -> None:
    """Begin a step."""
    await db.execute(
        """
        insert into sign_in_steps (hash, account_id, kind, methods, created_at, expires_at)
        values ($1, $2, $3, $4, $5, $6)
        """,
        hash_,
        account_id,
        kind,
        list(methods),
        at,
        expires_at,
    )


async def find(db: Queries, hash_: bytes, at: datetime, tries_max: int) -> asyncpg.Record | None:
    """`account_id, kind, methods` of a step that can still be answered (primary key)."""
    return await db.row(
        """
        select account_id, kind, methods from sign_in_steps
        where hash = $1 and finished_at is null and expires_at > $2 and tries < $3
        """,
        hash_,
        at,
        tries_max,
    )


async def take_try(db: Queries, hash_: bytes, at: datetime, tries_max: int) -> asyncpg.Record | None:
    """Use up one try; `account_id, kind, methods`, or None when there is none left (primary key).

    The row is locked by the update, so that of many tries at once no more than `tries_max` are made.
    """
    return await db.row(
        """
        update sign_in_steps set tries = tries + 1
        where hash = $1 and finished_at is null and expires_at > $2 and tries < $3
        returning account_id, kind, methods
        """,
        hash_,
        at,
        tries_max,
    )


async def finish(db: Queries, hash_: bytes, at: datetime) -> bool:
    """Close a step that was answered rightly; of two at the same moment one does (primary key)."""
    sql = "update sign_in_steps set finished_at = $2 where hash = $1 and finished_at is null"
    return await db.execute(sql, hash_, at) == 1


async def wrong_since(db: Queries, account_id: int, since: datetime) -> int:
    """How many tries of an account's steps were in vain since then (`sign_in_steps_account`)."""
    return await db.value(
        """
        select coalesce(sum(tries - (finished_at is not null)::int), 0)::bigint from sign_in_steps
        where account_id = $1 and created_at > $2
        """,
        account_id,
        since,
    )


async def forget_expired(db: Queries, before: datetime, rows_max: int) -> int:
    """Delete steps that expired before then; how many (`sign_in_steps_expiry`)."""
    return await db.execute(
        """
        delete from sign_in_steps where hash in (
            select hash from sign_in_steps where expires_at < $1 order by expires_at limit $2 for update skip locked
        )
        """,
        before,
        rows_max,
    )


async def prove(db: Queries, session_id: int, at: datetime) -> None:
    """Note that the person at a session has just proved who they are (primary key)."""
    await db.execute("update sessions set proved_at = $2 where id = $1", session_id, at)


async def proved_since(db: Queries, session_id: int, since: datetime) -> bool:
    """Whether the person at a living session signed in, or proved themselves again, since then (primary key)."""
    return await db.value(
        """
        select exists (
            select from sessions where id = $1 and revoked_at is null and coalesce(proved_at, created_at) > $2
        )
        """,
        session_id,
        since,
    )
