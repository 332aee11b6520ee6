"""Whom accounts recommend on their profiles."""

from datetime import datetime
from typing import LiteralString

from linnet.features.relationships.models import Keyed
from linnet.platform.paging import Window
from linnet.platform.postgres import Queries


async def endorse(db: Queries, account_id: int, target_id: int, at: datetime) -> None:
    """Write an endorsement; one there is stays. Uses endorsements_pkey."""
    await db.execute(
        """
        insert into endorsements (account_id, target_id, id, created_at) values ($1, $2, snowflake($3), $3)
        on conflict do nothing
        """,
        account_id,
        target_id,
        at,
    )


async def unendorse(db: Queries, account_id: int, target_id: int) -> None:
    """Remove an endorsement. Uses endorsements_pkey."""
    await db.execute("delete from endorsements where account_id = $1 and target_id = $2", account_id, target_id)


async def page(db: Queries, viewer_id: int, account_id: int, window: Window) -> Keyed:
    """A page of whom an account endorses, the latest first, as far as the viewer (0: the public) may see.

    Nothing of a suspended account or of one that has blocked the viewer, and nobody blocked between themselves and the
    viewer. Uses endorsements_by_account.
    """
    order: LiteralString = " order by e.id asc limit $4" if window.forward else " order by e.id desc limit $4"
    rows = await db.rows(
        """
        select e.id, e.target_id from endorsements e
        join accounts a on a.id = e.target_id and a.deleted_at is null and a.suspended_at is null
        where e.account_id = $1 and e.id > $2 and e.id < $3
            and exists (select from accounts o where o.id = $1 and o.deleted_at is null and o.suspended_at is null)
            and not exists (select from blocks b where b.account_id = $1 and b.target_id = $5)
            and not exists (select from blocks b where b.account_id = a.id and b.target_id = $5)
            and not exists (select from blocks b where b.account_id = $5 and b.target_id = a.id)
        """
        + order,
        account_id,
        window.floor,
        window.ceiling,
        window.limit,
        viewer_id,
    )
    found = [(row[0], row[1]) for row in rows]
    return found[::-1] if window.forward else found
