"""Rows of sign-ins that wait for a second factor."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from linnet.platform.postgres import Queries


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


async def take_try(db: Queries, hash_: bytes, kind: str, at: datetime, tries_max: int) -> asyncpg.Record | None:
    """Use up one try of a step of this kind; its `account_id`, or None when there is none left (primary key).

    The row is locked by the update, so that of many tries at once no more than `tries_max` are made.
    """
    return await db.row(
        """
        update sign_in_steps set tries = tries + 1
        where hash = $1 and kind = $2 and finished_at is null and expires_at > $3 and tries < $4
        returning account_id
        """,
        hash_,
        kind,
        at,
        tries_max,
    )


async def finish(db: Queries, hash_: bytes, at: datetime) -> bool:
    """Close a step that was answered rightly; of two at the same moment one does (primary key)."""
    sql = "update sign_in_steps set finished_at = $2 where hash = $1 and finished_at is null"
    return await db.execute(sql, hash_, at) == 1


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


async def forget_account(db: Queries, account_id: int) -> int:
    """Delete an account's steps; how many (`sign_in_steps_account`)."""
    return await db.execute("delete from sign_in_steps where account_id = $1", account_id)
