"""Favourites and bookmarks of messages."""

from datetime import datetime
from typing import LiteralString

from linnet.features.conversations.store.loading import Keyed
from linnet.features.conversations.store.visible import SEEN
from linnet.platform.paging import Window
from linnet.platform.postgres import Queries


async def favourite(db: Queries, account_id: int, message_id: int, at: datetime) -> bool:
    """Favourite a message; False when it was one already."""
    return bool(
        await db.execute(
            """
            insert into message_favourites (account_id, message_id, id, created_at) values ($1, $2, snowflake($3), $3)
            on conflict do nothing
            """,
            account_id,
            message_id,
            at,
        )
    )


async def unfavourite(db: Queries, account_id: int, message_id: int) -> bool:
    """Take a favourite back; whether there was one. Uses message_favourites_pkey."""
    return bool(
        await db.execute(
            "delete from message_favourites where account_id = $1 and message_id = $2", account_id, message_id
        )
    )


async def bookmark(db: Queries, account_id: int, message_id: int, at: datetime) -> None:
    """Bookmark a message."""
    await db.execute(
        """
        insert into message_bookmarks (account_id, message_id, id, created_at) values ($1, $2, snowflake($3), $3)
        on conflict do nothing
        """,
        account_id,
        message_id,
        at,
    )


async def unbookmark(db: Queries, account_id: int, message_id: int) -> None:
    """Drop a bookmark. Uses message_bookmarks_pkey."""
    await db.execute("delete from message_bookmarks where account_id = $1 and message_id = $2", account_id, message_id)


_WINDOW_OF_FAVOURITES: LiteralString = """
    select f.id, m.id as message_id from message_favourites f
    cross join lateral (select * from messages where id = f.message_id limit 1) m
    cross join lateral (select * from conversation_members
        where conversation_id = m.conversation_id and account_id = $1 limit 1) p
    where f.account_id = $1 and f.id > $2 and f.id < $3 and """


async def favourites(db: Queries, account_id: int, window: Window) -> Keyed:
    """A page of the messages an account has favourited, the latest first. Uses message_favourites_by_account."""
    return await _page(db, _WINDOW_OF_FAVOURITES + SEEN, account_id, window)


_WINDOW_OF_BOOKMARKS: LiteralString = """
    select f.id, m.id as message_id from message_bookmarks f
    cross join lateral (select * from messages where id = f.message_id limit 1) m
    cross join lateral (select * from conversation_members
        where conversation_id = m.conversation_id and account_id = $1 limit 1) p
    where f.account_id = $1 and f.id > $2 and f.id < $3 and """


async def bookmarks(db: Queries, account_id: int, window: Window) -> Keyed:
    """A page of the messages an account has bookmarked, the latest first. Uses message_bookmarks_by_account."""
    return await _page(db, _WINDOW_OF_BOOKMARKS + SEEN, account_id, window)


async def _page(db: Queries, sql: LiteralString, account_id: int, window: Window) -> Keyed:
    nearest: LiteralString = " order by f.id asc limit $4"
    newest: LiteralString = " order by f.id desc limit $4"
    rows = await db.rows(
        sql + (nearest if window.forward else newest), account_id, window.floor, window.ceiling, window.limit
    )
    found = [(row["id"], row["message_id"]) for row in rows]
    return found[::-1] if window.forward else found
