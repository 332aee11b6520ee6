"""Rows of accounts as staff change them: roles, locks, approvals, suspensions."""

from datetime import datetime

import asyncpg

from linnet.features.accounts.models import Role
from linnet.platform.postgres import Queries


async def queue_for_admins(db: Queries) -> None:
    """Wait for every other transaction that may take an admin away; the next one waits for the end of this one."""
    await db.execute("select pg_advisory_xact_lock(hashtextextended('linnet: the last admin', 0))")


async def is_last_admin(db: Queries, account_id: int) -> bool:
    """Whether the account is an admin who can act, and the only one (users_admins)."""
    return await db.value(
        """
        with able as (
            select users.account_id from users join accounts on accounts.id = users.account_id
            where users.role = 'admin' and users.disabled_at is null
                and users.approved_at is not null and users.confirmed_at is not null
                and accounts.suspended_at is null and accounts.deleted_at is null
        )
        select exists (select from able where account_id = $1) and not exists (select from able where account_id <> $1)
        """,
        account_id,
    )


async def stand(db: Queries, account_id: int) -> asyncpg.Record | None:
    """`role, approved_at, disabled_at, suspended_at` of an account that is not deleted, locked to the end (pkeys)."""
    return await db.row(
        """
        select users.role::text as role, users.approved_at, users.disabled_at, accounts.suspended_at
        from users join accounts on accounts.id = users.account_id
        where users.account_id = $1 and accounts.deleted_at is null for update
        """,
        account_id,
    )


async def role_of(db: Queries, account_id: int) -> str | None:
    """The role of an account that can act now; None for any other (primary keys)."""
    return await db.value(
        """
        select users.role::text from users join accounts on accounts.id = users.account_id
        where users.account_id = $1 and users.disabled_at is null and users.approved_at is not null
            and accounts.suspended_at is null and accounts.deleted_at is null
        """,
        account_id,
    )


async def set_role(db: Queries, account_id: int, role: Role) -> None:
    """Change what an account may do for the server (primary key)."""
    await db.execute("update users set role = $2::text::role where account_id = $1", account_id, role)


async def set_disabled(db: Queries, account_id: int, at: datetime | None) -> None:
    """Keep an account from signing in from `at` on, or with None let it again (primary key)."""
    await db.execute("update users set disabled_at = $2 where account_id = $1", account_id, at)


async def set_approved(db: Queries, account_id: int, at: datetime) -> None:
    """Let an account in (primary key)."""
    await db.execute("update users set approved_at = $2 where account_id = $1", account_id, at)


async def set_suspended(db: Queries, account_id: int, at: datetime | None, erase_after: datetime | None) -> None:
    """Hide an account from `at` on until it is erased, or with None show it again (primary key)."""
    await db.execute(
        "update accounts set suspended_at = $2, erase_after = $3 where id = $1", account_id, at, erase_after
    )


async def set_silenced(db: Queries, account_id: int, at: datetime | None) -> None:
    """Limit an account to those who follow it from `at` on, or with None no longer (primary key)."""
    await db.execute("update accounts set silenced_at = $2 where id = $1", account_id, at)


async def set_sensitized(db: Queries, account_id: int, at: datetime | None) -> None:
    """Put all that an account shows behind a warning from `at` on, or with None no longer (primary key)."""
    await db.execute("update accounts set sensitized_at = $2 where id = $1", account_id, at)


async def set_frozen(db: Queries, account_id: int, at: datetime | None) -> None:
    """Let an account write nothing from `at` on, or with None let it again (primary key)."""
    await db.execute("update accounts set frozen_at = $2 where id = $1", account_id, at)


async def due_for_erasing(db: Queries, at: datetime, limit: int) -> list[int]:
    """Suspended accounts whose time is over, the longest waiting first; nobody else takes them (accounts_erase)."""
    rows = await db.rows(
        """
        select id from accounts
        where erase_after <= $1 and suspended_at is not null and deleted_at is null
        order by erase_after limit $2 for update skip locked
        """,
        at,
        limit,
    )
    return [row["id"] for row in rows]


async def remove(db: Queries, account_id: int) -> None:
    """Delete every row of an account that never was let in; its name and address are free again (primary keys)."""
    await db.execute(
        """
        with counters as (delete from account_counters where account_id = $1)
        delete from accounts where id = $1
        """,
        account_id,
    )
