"""Rows of users as those who write letters need them."""

import asyncpg

from linnet.platform.postgres import Queries


async def recipient(db: Queries, account_id: int) -> asyncpg.Record | None:
    """`account_id, username, email, new_email, is_confirmed` of an account that is not deleted (primary keys)."""
    return await db.row(
        """
        select accounts.id, accounts.username, users.email, users.new_email, users.confirmed_at is not null
        from users join accounts on accounts.id = users.account_id and accounts.deleted_at is null
        where users.account_id = $1
        """,
        account_id,
    )


async def recipient_named(db: Queries, identifier: str) -> asyncpg.Record | None:
    """The same for whoever has this name or address (`accounts_username`, `users_email`)."""
    return await db.row(
        """
        select accounts.id, accounts.username, users.email, users.new_email, users.confirmed_at is not null
        from users join accounts on accounts.id = users.account_id and accounts.deleted_at is null
        where users.account_id = coalesce(
            (select id from accounts where lower(username) = lower($1)),
            (select account_id from users where lower(email) = lower($1))
        )
        """,
        identifier,
    )
