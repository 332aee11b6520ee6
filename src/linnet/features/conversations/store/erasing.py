"""Removing what is left of accounts, and of conversations that nobody is in. In bounded slices; may run twice."""

from collections.abc import Sequence
from datetime import datetime

from linnet.features.media.statements import DETACH
from linnet.platform.postgres import Queries


async def message_ids_of(db: Queries, account_id: int, limit: int) -> list[int]:
    """Up to `limit` messages of an account, which nobody marks any more. Uses messages_by_account."""
    rows = await db.rows(
        "select id from messages where account_id = $1 order by id desc limit $2 for update", account_id, limit
    )
    return [row["id"] for row in rows]


async def message_ids_in(db: Queries, conversation_id: int, limit: int) -> list[int]:
    """Up to `limit` messages of a conversation that nobody is in any more. Uses messages_by_conversation."""
    rows = await db.rows(
        """
        select id from messages where conversation_id = $1
            and not exists (select from conversation_members where conversation_id = $1)
        order by id desc limit $2 for update
        """,
        conversation_id,
        limit,
    )
    return [row["id"] for row in rows]


async def erase_messages(db: Queries, message_ids: Sequence[int], at: datetime) -> None:
    """Remove messages and all that hangs on them; what they show is shown by nothing from `at` on."""
    await db.execute(
        """
        with gone as (
            delete from messages where id = any($1) returning id
        ), edits as (delete from message_edits where message_id = any($1)),
            removals as (delete from message_removals where message_id = any($1)),
            favoured as (delete from message_favourites where message_id = any($1)),
            marked as (delete from message_bookmarks where message_id = any($1))"""
        + DETACH.replace("$3", "$2")
        + " select from gone",
        list(message_ids),
        at,
    )


async def end_memberships(db: Queries, account_id: int, limit: int) -> list[int]:
    """Take an account out of up to `limit` conversations; which. Uses conversation_members_pkey and its indexes.

    A conversation of two keeps both ids, so that it never becomes somebody's note to themselves.
    """
    rows = await db.rows(
        """
        with left_one as (
            delete from conversation_members where (conversation_id, account_id) in (
                select conversation_id, account_id from conversation_members where account_id = $1 limit $2)
            returning conversation_id
        ), known as (
            update conversations set member_ids = array_remove(member_ids, $1)
            where is_group and id in (select conversation_id from left_one)
        )
        select conversation_id from left_one
        """,
        account_id,
        limit,
    )
    return [row["conversation_id"] for row in rows]


async def end_abandoned(db: Queries, conversation_ids: Sequence[int]) -> None:
    """Remove those of these conversations that nobody is in and nothing is left of."""
    await db.execute(
        """
        delete from conversations c where c.id = any($1)
            and not exists (select from conversation_members where conversation_id = c.id)
            and not exists (select from messages where conversation_id = c.id)
        """,
        list(conversation_ids),
    )


async def erase_others(db: Queries, account_id: int, limit: int) -> int:
    """Remove up to `limit` each of an account's marks, removals and keys, and its settings; how many marks."""
    return await db.value(
        """
        with favoured as (
            delete from message_favourites where account_id = $1 and message_id in (
                select message_id from message_favourites where account_id = $1 limit $2) returning 1
        ), marked as (
            delete from message_bookmarks where account_id = $1 and message_id in (
                select message_id from message_bookmarks where account_id = $1 limit $2) returning 1
        ), removed as (
            delete from message_removals where account_id = $1 and message_id in (
                select message_id from message_removals where account_id = $1 limit $2) returning 1
        ), keyed as (delete from message_keys where account_id = $1),
            settings as (delete from message_settings where account_id = $1)
        select (select count(*) from favoured) + (select count(*) from marked) + (select count(*) from removed)
        """,
        account_id,
        limit,
    )
