"""What ends with the password that opened it."""

from datetime import datetime

from linnet.platform.postgres import Queries


async def revoke_others(db: Queries, account_id: int, session_id: int, at: datetime) -> None:
    """End every session of an account but one (`sessions_account`)."""
    await db.execute(
        "update sessions set revoked_at = $3 where account_id = $1 and id <> $2 and revoked_at is null",
        account_id,
        session_id,
        at,
    )


async def drop_codes(db: Queries, account_id: int) -> None:
    """Delete authorization codes of an account that no app has redeemed yet (`oauth_codes_account`)."""
    await db.execute("delete from oauth_codes where account_id = $1 and spent_at is null", account_id)
