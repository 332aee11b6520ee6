"""Rows of invitations. Whoever uses one locks its row, so that its count is exact."""

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString

import asyncpg

from linnet.platform.paging import Window
from linnet.platform.postgres import Queries

_COLUMNS: LiteralString = """
    invites.id, invites.code, invites.account_id, invites.uses, invites.uses_max, invites.expires_at,
    invites.created_at
"""


async def insert(
    db: Queries, code: str, account_id: int | None, *, uses_max: int | None, expires_at: datetime | None, at: datetime
) -> asyncpg.Record:
    """Make an invitation; its row."""
    row = await db.row(
        "insert into invites (id, code, account_id, uses_max, expires_at, created_at)"
        " values (snowflake($5), $1, $2, $3, $4, $5) returning " + _COLUMNS + ", true as alive",
        code,
        account_id,
        uses_max,
        expires_at,
        at,
    )
    assert row is not None
    return row


async def alive_of(db: Queries, account_id: int, at: datetime) -> int:
    """How many of an account's invitations can be used, with its user locked until the end (invites_account)."""
    await db.execute("select from users where account_id = $1 for update", account_id)
    return await db.value(
        """
        select count(*) from invites
        where account_id = $1 and revoked_at is null and (expires_at is null or expires_at > $2)
            and (uses_max is null or uses < uses_max)
        """,
        account_id,
        at,
    )


async def page(db: Queries, window: Window, account_id: int | None, at: datetime) -> Sequence[asyncpg.Record]:
    """A page of an account's invitations, or of all, newest first (invites_account, primary key)."""
    asked: LiteralString = (
        "select "
        + _COLUMNS
        + """, revoked_at is null and (expires_at is null or expires_at > $5)
            and (uses_max is null or uses < uses_max) as alive
        from invites where id > $1 and id < $2 and ($4::bigint is null or account_id = $4)
        """
    )
    order: LiteralString = " order by id asc limit $3" if window.forward else " order by id desc limit $3"
    rows = await db.rows(asked + order, window.floor, window.ceiling, window.limit, account_id, at)
    return rows[::-1] if window.forward else rows


async def with_code(db: Queries, code: str, at: datetime) -> asyncpg.Record | None:
    """The invitation with a code (invites_code)."""
    return await db.row(
        "select "
        + _COLUMNS
        + """, revoked_at is null and (expires_at is null or expires_at > $2)
            and (uses_max is null or uses < uses_max) as alive
        from invites where code = $1
        """,
        code,
        at,
    )


async def revoke(db: Queries, invite_id: int, owner_id: int | None, at: datetime) -> bool | None:
    """End an invitation (of this owner only, if given): whether it was alive; None when there is none (pkey)."""
    return await db.value(
        """
        update invites set revoked_at = coalesce(invites.revoked_at, $3)
        from (select id, revoked_at from invites where id = $1 for update) before
        where invites.id = before.id and ($2::bigint is null or invites.account_id = $2)
        returning before.revoked_at is null
        """,
        invite_id,
        owner_id,
        at,
    )


async def usable(db: Queries, code: str, at: datetime) -> asyncpg.Record | None:
    """`id, account_id, role` of an invitation that can be used now, and of its maker's role (invites_code)."""
    return await db.row(
        """
        select invites.id, invites.account_id, users.role::text as role from invites
        left join users on users.account_id = invites.account_id and users.disabled_at is null
        left join accounts on accounts.id = users.account_id
            and accounts.suspended_at is null and accounts.deleted_at is null
        where invites.code = $1 and invites.revoked_at is null
            and (invites.expires_at is null or invites.expires_at > $2)
            and (invites.uses_max is null or invites.uses < invites.uses_max)
            and (invites.account_id is null or accounts.id is not null)
        """,
        code,
        at,
    )


async def use(db: Queries, code: str, at: datetime) -> asyncpg.Record | None:
    """The same, and one use less; None when there is none left or its maker may not sign in (invites_code)."""
    return await db.row(
        """
        with used as (
            update invites set uses = uses + 1
            where code = $1 and revoked_at is null and (expires_at is null or expires_at > $2)
                and (uses_max is null or uses < uses_max)
            returning id, account_id
        )
        select used.id, used.account_id, users.role::text as role from used
        left join users on users.account_id = used.account_id and users.disabled_at is null
        left join accounts on accounts.id = users.account_id
            and accounts.suspended_at is null and accounts.deleted_at is null
        where used.account_id is null or accounts.id is not null
        """,
        code,
        at,
    )
