"""Rows of sessions and of the secrets that prove them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

import asyncpg

from linnet.platform.postgres import Queries

Kind = Literal["api", "web"]


async def insert(
    db: Queries,
    account_id: int,
    kind: Kind,
    *,
    address: str,
    agent: str,
    device_hash: bytes,
    at: datetime,
    expires_at: datetime,
) -> int:
    """Begin a session; its id."""
    return await db.value(
        """
        insert into sessions (id, account_id, kind, address, agent, device_hash, created_at, used_at, expires_at)
        values (snowflake($6), $1, $2, $3, $4, $5, $6, $6, $7) returning id
        """,
        account_id,
        kind,
        address,
        agent,
        device_hash,
        at,
        expires_at,
    )


async def insert_secret(db: Queries, session_id: int, hash_: bytes, at: datetime) -> None:
    """Let this secret prove the session."""
    await db.execute(
        "insert into session_secrets (hash, session_id, created_at) values ($1, $2, $3)", hash_, session_id, at
    )


async def spend_secret(db: Queries, hash_: bytes, at: datetime) -> int | None:
    """Use up an unspent refresh token; its session, or None. Of two at the same moment one gets it (primary key)."""
    return await db.value(
        """
        update session_secrets set spent_at = $2 from sessions
        where session_secrets.hash = $1 and session_secrets.spent_at is null
            and sessions.id = session_secrets.session_id and sessions.kind = 'api'
        returning sessions.id
        """,
        hash_,
        at,
    )


async def comes_again(
    db: Queries, hash_: bytes, successor_hashes: Sequence[bytes], since: datetime, at: datetime
) -> asyncpg.Record | None:
    """What is known of a spent refresh token whose session lives: `session_id, account_id, successor`.

    `successor` is which of those hashes the unused token has that followed it, if it was spent after `since`; else null
    (primary keys).
    """
    return await db.row(
        """
        select sessions.id as session_id, sessions.account_id, following.hash as successor
        from session_secrets as spent
        join sessions on sessions.id = spent.session_id and sessions.kind = 'api'
            and sessions.revoked_at is null and sessions.expires_at > $4
        join users on users.account_id = sessions.account_id and users.disabled_at is null
        join accounts on accounts.id = sessions.account_id
            and accounts.suspended_at is null and accounts.deleted_at is null
        left join session_secrets as following on following.hash = any ($2)
            and following.session_id = sessions.id and following.spent_at is null and spent.spent_at > $3
        where spent.hash = $1 and spent.spent_at is not null
        """,
        hash_,
        successor_hashes,
        since,
        at,
    )


async def session_of_secret(db: Queries, hash_: bytes, kind: Kind) -> int | None:
    """The session that this secret, spent or not, belongs to (primary key)."""
    return await db.value(
        """
        select sessions.id from session_secrets join sessions on sessions.id = session_secrets.session_id
        where session_secrets.hash = $1 and sessions.kind = $2
        """,
        hash_,
        kind,
    )


async def renew(db: Queries, session_id: int, at: datetime, *, idle: timedelta, lifetime: timedelta) -> int | None:
    """Move a living session's end: `idle` from now, but no further than `lifetime` after it began; its account.

    None when either has no access any more (primary keys).
    """
    return await db.value(
        """
        update sessions set used_at = $2, expires_at = least($2 + $3::interval, sessions.created_at + $4::interval)
        from users, accounts
        where sessions.id = $1 and sessions.revoked_at is null and sessions.expires_at > $2
            and users.account_id = sessions.account_id and users.disabled_at is null
            and accounts.id = sessions.account_id and accounts.suspended_at is null and accounts.deleted_at is null
        returning sessions.account_id
        """,
        session_id,
        at,
        idle,
        lifetime,
    )


async def revoke(db: Queries, session_id: int, at: datetime) -> bool:
    """End a session; whether it had not ended (primary key)."""
    return (
        await db.execute("update sessions set revoked_at = $2 where id = $1 and revoked_at is null", session_id, at) > 0
    )


async def revoke_all(db: Queries, account_id: int, at: datetime) -> None:
    """End every session of an account (`sessions_account`)."""
    await db.execute("update sessions set revoked_at = $2 where account_id = $1 and revoked_at is null", account_id, at)


async def access(db: Queries, asked: Sequence[tuple[int, datetime]]) -> dict[tuple[int, datetime], asyncpg.Record]:
    """What first-party sessions that live at the moment beside them give, by both (primary keys).

    `account_id, role, approved, confirmed, frozen, session_id`.
    """
    rows = await db.rows(
        """
        select sessions.account_id, users.role::text as role, sessions.id as session_id,
            users.approved_at is not null as approved, users.confirmed_at is not null as confirmed,
            accounts.frozen_at is not null as frozen, asked.at
        from unnest((select $1::bigint[])::bigint[], (select $2::timestamptz[])::timestamptz[]) as asked (id, at)
        join sessions on sessions.id = asked.id and sessions.kind = 'api' and sessions.revoked_at is null
            and sessions.expires_at > asked.at
        join users on users.account_id = sessions.account_id and users.disabled_at is null
        join accounts on accounts.id = sessions.account_id
            and accounts.suspended_at is null and accounts.deleted_at is null
        """,
        [session_id for session_id, _ in asked],
        [at for _, at in asked],
    )
    return {(row["session_id"], row["at"]): row for row in rows}


async def web_access(db: Queries, hash_: bytes, at: datetime) -> asyncpg.Record | None:
    """`account_id, role, approved, confirmed, frozen, session_id` of a browser's living session (primary keys)."""
    return await db.row(
        """
        select sessions.account_id, users.role::text as role, sessions.id as session_id,
            users.approved_at is not null as approved, users.confirmed_at is not null as confirmed,
            accounts.frozen_at is not null as frozen
        from session_secrets
        join sessions on sessions.id = session_secrets.session_id and sessions.kind = 'web'
            and sessions.revoked_at is null and sessions.expires_at > $2
        join users on users.account_id = sessions.account_id and users.disabled_at is null
        join accounts on accounts.id = sessions.account_id
            and accounts.suspended_at is null and accounts.deleted_at is null
        where session_secrets.hash = $1 and session_secrets.spent_at is null
        """,
        hash_,
        at,
    )


async def forget_ended(db: Queries, before: datetime, rows_max: int) -> int:
    """Delete sessions that ended before that moment, and their secrets; how many (`sessions_expiry`)."""
    return await db.execute(
        """
        delete from sessions where id in (
            select id from sessions where expires_at < $1 order by expires_at limit $2 for update skip locked
        )
        """,
        before,
        rows_max,
    )


async def forget_account(db: Queries, account_id: int, rows_max: int) -> int:
    """Delete an account's sessions with their addresses; how many (`sessions_account`)."""
    return await db.execute(
        "delete from sessions where id in (select id from sessions where account_id = $1 order by id desc limit $2)",
        account_id,
        rows_max,
    )
