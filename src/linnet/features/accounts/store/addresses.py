"""Rows of users as far as their e-mail address is concerned."""

from datetime import datetime

import asyncpg

from linnet.platform.postgres import Queries


async def address(db: Queries, account_id: int) -> asyncpg.Record | None:
    """`email, new_email, is_confirmed` of a user (primary key)."""
    return await db.row(
        "select email, new_email, confirmed_at is not null as is_confirmed from users where account_id = $1",
        account_id,
    )


async def address_to_change(db: Queries, account_id: int) -> asyncpg.Record | None:
    """The same, and nobody else changes it before the caller's transaction ends (primary key)."""
    return await db.row(
        "select email, new_email, confirmed_at is not null as is_confirmed from users where account_id = $1 for update",
        account_id,
    )


async def taken_by_another(db: Queries, account_id: int, email: str) -> bool:
    """Whether an address belongs to another user (`users_email`)."""
    return await db.value(
        "select exists (select from users where lower(email) = lower($2) and account_id <> $1)", account_id, email
    )


async def put(db: Queries, account_id: int, email: str) -> None:
    """Let an address count; one that somebody else has is a unique violation of `users_email` (primary key)."""
    await db.execute("update users set email = $2, new_email = null where account_id = $1", account_id, email)


async def set_new(db: Queries, account_id: int, email: str | None) -> None:
    """Note the address that is to count once it is confirmed, or None for none (primary key)."""
    await db.execute("update users set new_email = $2 where account_id = $1", account_id, email)


async def confirm(db: Queries, account_id: int, at: datetime) -> None:
    """Note that a letter to the user was answered; the first time counts (primary key)."""
    await db.execute("update users set confirmed_at = coalesce(confirmed_at, $2) where account_id = $1", account_id, at)


async def forget_unconfirmed(db: Queries, before: datetime, rows_max: int) -> list[int]:
    """Delete accounts made before that moment whose user never confirmed an address; their ids (`users_unconfirmed`).

    They could do nothing here, so nothing is left of them but what others did to them.
    """
    rows = await db.rows(
        """
        with late as materialized (
            select account_id from users where confirmed_at is null and created_at < $1
            order by created_at limit $2 for update skip locked
        ), counters as (
            delete from account_counters where account_id in (select account_id from late)
        )
        delete from accounts where id in (select account_id from late) returning id
        """,
        before,
        rows_max,
    )
    return [row["id"] for row in rows]
