"""The directory: accounts that agreed to be found."""

from linnet.platform.postgres import Queries


async def newest(db: Queries, viewer_id: int, *, limit: int, offset: int) -> list[int]:
    """Ids of accounts, those made last first. Uses accounts_newest."""
    rows = await db.rows(
        """
        select a.id from accounts a
        join users u on u.account_id = a.id and u.approved_at is not null
        where a.discoverable and a.deleted_at is null and a.suspended_at is null and a.silenced_at is null
            and not exists (select from blocks b where b.account_id = $1 and b.target_id = a.id)
            and not exists (select from blocks b where b.account_id = a.id and b.target_id = $1)
            and not exists (select from mutes m where m.account_id = $1 and m.target_id = a.id
                            and (m.expires_at is null or m.expires_at > now()))
        order by a.id desc limit $2 offset $3
        """,
        viewer_id,
        limit,
        offset,
    )
    return [row["id"] for row in rows]


async def most_active(db: Queries, viewer_id: int, *, limit: int, offset: int) -> list[int]:
    """Ids of accounts, those whose last post is the latest first. Uses accounts_active."""
    rows = await db.rows(
        """
        select a.id from accounts a
        join users u on u.account_id = a.id and u.approved_at is not null
        where a.discoverable and a.deleted_at is null and a.suspended_at is null and a.silenced_at is null
            and not exists (select from blocks b where b.account_id = $1 and b.target_id = a.id)
            and not exists (select from blocks b where b.account_id = a.id and b.target_id = $1)
            and not exists (select from mutes m where m.account_id = $1 and m.target_id = a.id
                            and (m.expires_at is null or m.expires_at > now()))
        order by a.last_status_on desc nulls last, a.id desc limit $2 offset $3
        """,
        viewer_id,
        limit,
        offset,
    )
    return [row["id"] for row in rows]
