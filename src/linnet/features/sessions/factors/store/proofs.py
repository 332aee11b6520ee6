"""What an account can prove itself with, and when the person at a session last did."""

from datetime import datetime

import asyncpg

from linnet.platform.postgres import Queries


async def factors(db: Queries, account_id: int) -> asyncpg.Record:
    """`totp, passkeys, codes_left` of an account (primary keys, `passkeys_account`)."""
    row = await db.row(
        """
        select exists (select from totp_secrets where account_id = $1 and confirmed_at is not null) as totp,
            (select count(*) from passkeys where account_id = $1) as passkeys,
            (select count(*) from recovery_codes where account_id = $1 and spent_at is null) as codes_left
        """,
        account_id,
    )
    assert row is not None
    return row


async def hold(db: Queries, account_id: int) -> None:
    """Let one transaction at a time change an account's factors, which depend on each other (`users_pkey`)."""
    await db.execute("select from users where account_id = $1 for update", account_id)


async def prove(db: Queries, session_id: int, at: datetime) -> None:
    """Note that the person at a session has just proved who they are (primary key)."""
    await db.execute("update sessions set proved_at = $2 where id = $1", session_id, at)


async def distrust_others(db: Queries, account_id: int, session_id: int) -> None:
    """Nobody at an account's other living sessions has proved who they are (`sessions_account`)."""
    await db.execute(
        "update sessions set proved_at = 'epoch' where account_id = $1 and id <> $2 and revoked_at is null",
        account_id,
        session_id,
    )


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
