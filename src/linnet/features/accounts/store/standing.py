"""What stands between an account and being signed in to."""

import asyncpg

from linnet.platform.postgres import Queries


async def of_account(db: Queries, account_id: int) -> asyncpg.Record | None:
    """`username, password_hash, admitted, open` of an account (primary keys).

    `open` is false for the disabled, the suspended and the deleted.
    """
    return await db.row(
        """
        select accounts.username, users.password_hash,
            users.approved_at is not null and users.confirmed_at is not null as admitted,
            users.disabled_at is null and accounts.suspended_at is null and accounts.deleted_at is null as open
        from users join accounts on accounts.id = users.account_id
        where users.account_id = $1
        """,
        account_id,
    )
