"""Accounts that somebody might want to follow, and those they do not want to hear of again."""

from datetime import datetime
from typing import LiteralString

from linnet.platform.postgres import Queries

_FOLLOWABLE: LiteralString = """
    a.discoverable and a.deleted_at is null and a.suspended_at is null and a.silenced_at is null and a.id <> $1
    and exists (select from users u where u.account_id = a.id and u.approved_at is not null)
    and not exists (select from follows f where f.account_id = $1 and f.target_id = a.id)
    and not exists (select from follow_requests q where q.account_id = $1 and q.target_id = a.id)
    and not exists (select from blocks b where b.account_id = $1 and b.target_id = a.id)
    and not exists (select from blocks b where b.account_id = a.id and b.target_id = $1)
    and not exists (select from mutes m where m.account_id = $1 and m.target_id = a.id
                    and (m.expires_at is null or m.expires_at > now()))
    and not exists (select from suggestion_dismissals d where d.account_id = $1 and d.target_id = a.id)
"""
"""Whether an account `a` agreed to be found, and the viewer $1 may follow it, does not, and has not dismissed it."""


async def friends_of_friends(db: Queries, viewer_id: int, *, friends: int, each: int, limit: int) -> list[int]:
    """Whom most of those whom the viewer follows follow, the most first.

    Looked at are the viewer's latest `friends` follows, and of each of them the latest `each`, so `friends` times
    `each` rows at most. Who hides whom they follow is passed by. Uses follows_by_account.
    """
    rows = await db.rows(
        """
        with friend as materialized (
            select f.target_id as id from (
                select target_id from follows where account_id = $1 order by id desc limit $2) f
            join accounts a on a.id = f.target_id and not a.hides_collections
                and a.deleted_at is null and a.suspended_at is null
        ), found as materialized (
            select g.target_id as id, count(*) as friends from friend cross join lateral (
                select target_id from follows where account_id = friend.id order by id desc limit $3
            ) g group by g.target_id
        )
        select a.id from found join accounts a on a.id = found.id where """
        + _FOLLOWABLE
        + """ order by found.friends desc, a.id desc limit $4
        """,
        viewer_id,
        friends,
        each,
        limit,
    )
    return [row[0] for row in rows]


async def most_followed(db: Queries, viewer_id: int, *, active: int, limit: int) -> list[int]:
    """Of the `active` accounts that posted last those with the most followers. Uses accounts_active."""
    rows = await db.rows(
        """
        select a.id from (
            select * from accounts where discoverable and deleted_at is null and suspended_at is null
            order by last_status_on desc nulls last, id desc limit $2
        ) a left join account_counters n on n.account_id = a.id where """
        + _FOLLOWABLE
        + """ order by coalesce(n.followers, 0) desc, a.id desc limit $3
        """,
        viewer_id,
        active,
        limit,
    )
    return [row[0] for row in rows]


async def dismiss(db: Queries, viewer_id: int, target_id: int, at: datetime) -> None:
    """Suggest an account to the viewer no more. Uses suggestion_dismissals_pkey."""
    await db.execute(
        """
        insert into suggestion_dismissals (account_id, target_id, created_at) values ($1, $2, $3)
        on conflict do nothing
        """,
        viewer_id,
        target_id,
        at,
    )
