"""Rows of notifications: written where the rules allow it, read by their account, dismissed."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import LiteralString

import asyncpg

from linnet.features.notifications.models import Choice, Kind, Notice, Notification
from linnet.platform.paging import Window
from linnet.platform.postgres import Queries

WELCOME: LiteralString = """
    (select a.deleted_at is null and a.suspended_at is null from accounts a where a.id = n.from_account_id)
    and (select true from blocks b
         where b.account_id = n.account_id and b.target_id = n.from_account_id limit 1) is null
    and (select true from blocks b
         where b.account_id = n.from_account_id and b.target_id = n.account_id limit 1) is null
    and (select true from mutes u
         where u.account_id = n.account_id and u.target_id = n.from_account_id and u.hides_notifications
             and (u.expires_at is null or u.expires_at > now()) limit 1) is null
"""
"""Whether account `n.account_id` wants to hear of `n.from_account_id`: the condition of writing and of reading.

Each edge is looked up by itself: `exists` would let the planner read everyone who blocks a popular recipient.
"""


async def insert(db: Queries, notices: Collection[Notice], at: datetime) -> list[tuple[int, int]]:
    """Write the notices that their recipients want to hear of; (id, recipient) of each row written. One statement.

    Nobody hears of themselves, of threads they have muted, or of the same thing twice; an edit replaces the notice of
    the edit before. Whether the recipient may see the status is for the caller to ask before.
    """
    told = list(dict.fromkeys(notices))
    written = await db.rows(
        """
        insert into notifications (id, account_id, kind, from_account_id, status_id, created_at)
        select snowflake($5), n.account_id, n.kind, n.from_account_id, n.status_id, $5
        from unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[]) with ordinality
            as n (account_id, kind, from_account_id, status_id, place)
        join accounts recipient on recipient.id = n.account_id
            and recipient.deleted_at is null and recipient.suspended_at is null
        where n.account_id <> n.from_account_id
            and not exists (select from thread_mutes t join statuses s on s.id = n.status_id
                            where t.account_id = n.account_id and t.thread_id = s.thread_id)
            and """
        + WELCOME
        + """
        order by n.place
        on conflict (account_id, kind, from_account_id, status_id) do update
            set id = excluded.id, created_at = excluded.created_at where notifications.kind = 'update'
        returning id, account_id
        """,
        [notice.account_id for notice in told],
        [notice.kind for notice in told],
        [notice.from_account_id for notice in told],
        [notice.status_id for notice in told],
        at,
    )
    return [(row["id"], row["account_id"]) for row in written]


async def page(db: Queries, account_id: int, window: Window, choice: Choice) -> list[Notification]:
    """A page of an account's notifications from people it wants to hear of. Uses notifications_by_account."""
    nearest: LiteralString = " order by n.id asc limit $4"
    newest: LiteralString = " order by n.id desc limit $4"
    rows = await db.rows(
        """
        select n.id, n.kind, n.from_account_id, n.status_id, n.created_at from notifications n
        where n.account_id = $1 and n.id > $2 and n.id < $3
            and ($5::text[] is null or n.kind = any($5)) and n.kind <> all($6::text[])
            and ($7::bigint is null or n.from_account_id = $7)
            and """
        + WELCOME
        + (nearest if window.forward else newest),
        account_id,
        window.floor,
        window.ceiling,
        window.limit,
        None if choice.kinds is None else list(choice.kinds),
        list(choice.excluded_kinds),
        choice.from_account_id,
    )
    found = [_notification(row) for row in rows]
    return found[::-1] if window.forward else found


async def load(db: Queries, account_id: int, notification_id: int) -> Notification | None:
    """One of an account's notifications, if it wants to hear of its sender. Uses notifications_pkey."""
    row = await db.row(
        """
        select n.id, n.kind, n.from_account_id, n.status_id, n.created_at from notifications n
        where n.id = $2 and n.account_id = $1 and """
        + WELCOME,
        account_id,
        notification_id,
    )
    return _notification(row) if row else None


async def unread(db: Queries, account_id: int, choice: Choice, limit: int) -> list[int | None]:
    """The status id, or None, of each of the newest `limit` notifications past the account's marker.

    Uses markers_pkey and notifications_by_account.
    """
    rows = await db.rows(
        """
        select n.status_id from notifications n
        where n.account_id = $1
            and n.id > coalesce(
                (select last_read_id from markers where account_id = $1 and timeline = 'notifications'), 0)
            and ($3::text[] is null or n.kind = any($3)) and n.kind <> all($4::text[])
            and ($5::bigint is null or n.from_account_id = $5)
            and """
        + WELCOME
        + " order by n.id desc limit $2",
        account_id,
        limit,
        None if choice.kinds is None else list(choice.kinds),
        list(choice.excluded_kinds),
        choice.from_account_id,
    )
    return [row["status_id"] for row in rows]


async def dismiss(db: Queries, account_id: int, notification_id: int) -> bool:
    """Remove one of an account's notifications; whether it was there. Uses notifications_pkey."""
    return bool(
        await db.execute("delete from notifications where id = $2 and account_id = $1", account_id, notification_id)
    )


async def clear(db: Queries, account_id: int, up_to_id: int, limit: int) -> int:
    """Remove up to `limit` of an account's notifications up to an id; how many. Uses notifications_by_account."""
    return await db.execute(
        """
        delete from notifications where id in (
            select id from notifications where account_id = $1 and id <= $2 order by id desc limit $3)
        """,
        account_id,
        up_to_id,
        limit,
    )


async def newest_id(db: Queries, account_id: int) -> int:
    """The id of an account's newest notification; 0 when it has none. Uses notifications_by_account."""
    found: Sequence[asyncpg.Record] = await db.rows(
        "select id from notifications where account_id = $1 order by id desc limit 1", account_id
    )
    return found[0]["id"] if found else 0


def _notification(row: asyncpg.Record) -> Notification:
    notification_id, kind, from_account_id, status_id, created_at = row
    return Notification(notification_id, Kind(kind), from_account_id, status_id, created_at)


async def some(db: Queries, account_id: int, ids: Sequence[int]) -> list[Notification]:
    """Those of an account's notifications with these ids from people it wants to hear of, oldest first.

    Uses notifications_pkey.
    """
    rows = await db.rows(
        """
        select n.id, n.kind, n.from_account_id, n.status_id, n.created_at from notifications n
        where n.id = any($2) and n.account_id = $1 and """
        + WELCOME
        + " order by n.id",
        account_id,
        list(ids),
    )
    return [_notification(row) for row in rows]
