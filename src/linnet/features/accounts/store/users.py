"""Rows of users: the private half of an account, which only its owner and the operator see."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from linnet.features.accounts.models import Role
from linnet.platform.postgres import Queries


async def taken(db: Queries, username: str, email: str) -> tuple[bool, bool]:
    """Whether the name, and whether the address, belongs to somebody (`accounts_username`, `users_email`)."""
    row = await db.row(
        """
        select exists (select from accounts where lower(username) = lower($1)) as username,
            exists (select from users where lower(email) = lower($2)) as email
        """,
        username,
        email,
    )
    assert row is not None
    return row["username"], row["email"]


async def insert(
    db: Queries,
    username: str,
    email: str,
    *,
    password_hash: str,
    role: Role,
    locale: str,
    reason: str,
    approved_at: datetime | None,
    confirmed_at: datetime | None,
    at: datetime,
) -> int:
    """Write an account, its user and its counters in one statement; the account's id.

    A name or address that somebody took meanwhile is a unique violation of `accounts_username` or `users_email`.
    """
    return await db.value(
        """
        with account as (
            insert into accounts (id, username, created_at) values (snowflake($8), $1, $8) returning id
        ), person as (
            insert into users (account_id, email, password_hash, role, locale, signup_reason, approved_at,
                confirmed_at, created_at)
            select id, $2, $3, $4::text::role, $5, $6, $7, $9, $8 from account
        ), counters as (
            insert into account_counters (account_id) select id from account
        )
        select id from account
        """,
        username,
        email,
        password_hash,
        role,
        locale,
        reason,
        approved_at,
        at,
        confirmed_at,
    )


async def note_entry(
    db: Queries,
    account_id: int,
    *,
    invite_id: int | None,
    invited_by: int | None,
    age_confirmed_at: datetime | None,
    app_id: int | None,
) -> None:
    """Write down how a new member came in (primary key)."""
    await db.execute(
        "update users set invite_id = $2, invited_by = $3, age_confirmed_at = $4, app_id = $5 where account_id = $1",
        account_id,
        invite_id,
        invited_by,
        age_confirmed_at,
        app_id,
    )


async def with_identifier(db: Queries, identifier: str) -> asyncpg.Record | None:
    """`account_id, password_hash, admitted, open` of whoever has this name or address.

    `open` is false for the disabled, the suspended and the deleted (`accounts_username`, `users_email`).
    """
    return await db.row(
        """
        select users.account_id, users.password_hash,
            users.approved_at is not null or users.confirmed_at is null as admitted,
            users.disabled_at is null and accounts.suspended_at is null and accounts.deleted_at is null as open
        from users join accounts on accounts.id = users.account_id
        where users.account_id = coalesce(
            (select id from accounts where lower(username) = lower($1)),
            (select account_id from users where lower(email) = lower($1))
        )
        """,
        identifier,
    )


async def with_id(db: Queries, account_id: int) -> asyncpg.Record | None:
    """The same of the account with this id (primary keys)."""
    return await db.row(
        """
        select users.account_id, users.password_hash,
            users.approved_at is not null or users.confirmed_at is null as admitted,
            users.disabled_at is null and accounts.suspended_at is null and accounts.deleted_at is null as open
        from users join accounts on accounts.id = users.account_id
        where users.account_id = $1
        """,
        account_id,
    )


async def page(db: Queries, *, above_id: int, limit: int, username: str | None) -> Sequence[asyncpg.Record]:
    """Users by id, oldest first, beginning above `above_id`; only the one with this name if given (primary keys)."""
    return await db.rows(
        """
        select accounts.id, accounts.username, users.email, users.role::text as role, users.created_at,
            users.approved_at, users.disabled_at, accounts.suspended_at, accounts.deleted_at
        from users join accounts on accounts.id = users.account_id
        where users.account_id > $1 and ($3::text is null or lower(accounts.username) = lower($3))
        order by users.account_id limit $2
        """,
        above_id,
        limit,
        username,
    )


async def set_password_hash(db: Queries, account_id: int, password_hash: str) -> int:
    """Change a password; rows touched (primary key)."""
    return await db.execute("update users set password_hash = $2 where account_id = $1", account_id, password_hash)


async def holds_password_hash(db: Queries, account_id: int, hash_: str) -> bool:
    """Whether this is the hash of the account's password, which stays so until the transaction ends (primary key)."""
    sql = "select true from users where account_id = $1 and password_hash = $2 for share"
    return await db.value(sql, account_id, hash_) is True


async def replace_password_hash(db: Queries, account_id: int, old: str, new: str) -> None:
    """Store another hash of the same password, unless the password was changed meanwhile (primary key)."""
    await db.execute(
        "update users set password_hash = $3 where account_id = $1 and password_hash = $2", account_id, old, new
    )
