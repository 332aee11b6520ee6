"""Quotes that their quoted authors take back."""

from datetime import datetime

from linnet.platform.postgres import Queries


async def revoke(db: Queries, quoting_id: int, at: datetime) -> bool:
    """Revoke the quote in a status, and count it no longer; False when it was revoked. Uses statuses_pkey."""
    revoked = await db.value(
        """
        with revoked as (
            update statuses set quote_revoked_at = $2
            where id = $1 and quote_of_id is not null and quote_revoked_at is null and deleted_at is null
            returning quote_of_id
        ), counted as (
            insert into status_counter_changes (status_id, quotes) select quote_of_id, -1 from revoked
        )
        select quote_of_id from revoked
        """,
        quoting_id,
        at,
    )
    return revoked is not None
