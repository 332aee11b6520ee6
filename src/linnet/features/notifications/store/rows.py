"""Rows of notifications: read by their account, dismissed."""

from collections.abc import Sequence
from typing import Final, LiteralString

import asyncpg

from linnet.features.notifications.models import GROUPED_KINDS, OF_CASEWORK, UNGROUPED, Choice, Kind, Notification
from linnet.platform.ids import ID_MAX
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


_CHOSEN: LiteralString = (
    """
    from notifications n
    where n.account_id = $1 and n.id > $2 and n.id < $3 and n.kind = any($5)
        and ($6::bigint is null or n.from_account_id = $6) and ($7 or not n.filtered) and """
    + WELCOME
)
_CHOSEN_UNGROUPED: LiteralString = _CHOSEN + " and n.group_key is null"

ROUNDED_BY: Final = 16
"""How far a number of JavaScript, written down, may be from an id: it has 53 bits, and ids have 57 until 2039."""

COLUMNS: LiteralString = "n.id, n.kind, n.from_account_id, n.status_id, n.created_at, n.group_key"
"""What `notification` makes one of, for notifications `n`."""


async def page(db: Queries, account_id: int, window: Window, choice: Choice) -> list[Notification]:
    """A page of an account's notifications from people it wants to hear of.

    Uses notifications_by_account, or, when none of the kinds come in groups, notifications_ungrouped.
    """
    asked: LiteralString = _CHOSEN_UNGROUPED if choice.wanted.isdisjoint(GROUPED_KINDS) else _CHOSEN
    nearest: LiteralString = " order by n.id asc limit $4"
    newest: LiteralString = " order by n.id desc limit $4"
    rows = await db.rows(
        "select " + COLUMNS + asked + (nearest if window.forward else newest),
        account_id,
        window.floor,
        window.ceiling,
        window.limit,
        [*choice.wanted],
        choice.from_account_id,
        choice.includes_filtered,
    )
    found = [notification(row) for row in rows]
    return found[::-1] if window.forward else found


async def load(db: Queries, account_id: int, notification_id: int) -> Notification | None:
    """One of an account's notifications, if it wants to hear of its sender. Uses notifications_pkey.

    Or the one whose id, as a browser rounds numbers, is this: in a push the id is a number (see `push/web/sending.py`).
    """
    row = await db.row(
        "select "
        + COLUMNS
        + """
        from notifications n
        where n.id between $3 and $4 and n.account_id = $1 and n.id::float8 = $2::bigint::float8 and """
        + WELCOME
        + " order by n.id <> $2 limit 1",
        account_id,
        notification_id,
        max(notification_id - ROUNDED_BY, 0),
        min(notification_id + ROUNDED_BY, ID_MAX),
    )
    return notification(row) if row else None


async def some(db: Queries, account_id: int, ids: Sequence[int]) -> list[Notification]:
    """Those of an account's notifications with these ids that it is told of, oldest first. Uses notifications_pkey."""
    rows = await db.rows(
        "select "
        + COLUMNS
        + " from notifications n where n.id = any($2) and n.account_id = $1 and not n.filtered and "
        + WELCOME
        + " order by n.id",
        account_id,
        list(ids),
    )
    return [notification(row) for row in rows]


async def last_read_id(db: Queries, account_id: int) -> int:
    """Where an account has read its notifications to; 0 when it never said. Uses markers_pkey."""
    found = await db.value(
        "select last_read_id from markers where account_id = $1 and timeline = 'notifications'", account_id
    )
    return found or 0


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


def notification(row: asyncpg.Record) -> Notification:
    """The notification of a row that has `COLUMNS`."""
    notification_id, kind, about_id = row["id"], Kind(row["kind"]), row["status_id"]
    of_casework = kind in OF_CASEWORK
    return Notification(
        notification_id,
        kind,
        row["from_account_id"],
        None if of_casework else about_id,
        row["created_at"],
        row["group_key"] or f"{UNGROUPED}{notification_id}",
        about_id if of_casework else None,
    )
