"""Messages loaded in batches, and pages of their ids, as one viewer sees them."""

from collections.abc import Sequence
from typing import LiteralString

import asyncpg

from linnet.features.conversations.models import Message, MessageMarks, Messages
from linnet.features.conversations.store.visible import SEEN, UNSILENCED
from linnet.features.media.statements import KEPT, SHOWN_BY_MESSAGE, kept_of, shown_of
from linnet.features.statuses.models import Application, Version
from linnet.platform.paging import Window
from linnet.platform.postgres import Queries

_COLUMNS: LiteralString = """
    m.id, m.conversation_id, m.account_id, m.text, m.html, m.spoiler_text, m.sensitive, m.language, m.in_reply_to_id,
    m.in_reply_to_account_id, m.application_name, m.application_website, m.created_at, m.edited_at,
    (select count(*) from message_favourites f where f.message_id = m.id) as favourites, c.member_ids,
"""

_NEWEST: LiteralString = " order by m.id desc limit $4"
_NEAREST: LiteralString = " order by m.id asc limit $4"

Keyed = list[tuple[int, int]]
"""(id of the row that pages are cut by, id of the message it leads to), newest first."""


_LOADED: LiteralString = (
    "select "
    + _COLUMNS
    + SHOWN_BY_MESSAGE
    + """ as media,
        (select true from message_favourites f
            where f.account_id = $1 and f.message_id = m.id limit 1) is not null as favourited,
        (select true from message_bookmarks b
            where b.account_id = $1 and b.message_id = m.id limit 1) is not null as bookmarked,
        p.muted
    from unnest($2::bigint[]) with ordinality as x (id, place)
    cross join lateral (select * from messages where id = x.id limit 1) m
    cross join lateral (select * from conversation_members
        where conversation_id = m.conversation_id and account_id = $1 limit 1) p
    cross join lateral (select member_ids from conversations where id = m.conversation_id limit 1) c
    where """
    + SEEN
)
_IN_ORDER: LiteralString = " order by x.place"


async def load(db: Queries, viewer_id: int, ids: Sequence[int]) -> Messages:
    """Of `ids` the messages this viewer may see, in their order, with the viewer's marks. Uses messages_pkey.

    Each message is looked up by itself (`limit 1`), as statuses are, so that no plan depends on how many there are.
    """
    return _messages(await db.rows(_LOADED + _IN_ORDER, viewer_id, list(dict.fromkeys(ids))), ids)


async def heard(db: Queries, viewer_id: int, ids: Sequence[int]) -> Messages:
    """The same without what is said in conversations the viewer has declined, or by people they have blocked."""
    unwanted: LiteralString = " and p.standing <> 'declined' and "
    rows = await db.rows(_LOADED + unwanted + UNSILENCED + _IN_ORDER, viewer_id, list(dict.fromkeys(ids)))
    return _messages(rows, ids)


def _messages(rows: Sequence[asyncpg.Record], asked_ids: Sequence[int]) -> Messages:
    return Messages(
        ids=tuple(row["id"] for row in rows),
        by_id={row["id"]: _message(row) for row in rows},
        marks={row["id"]: MessageMarks(row["favourited"], row["bookmarked"], row["muted"]) for row in rows},
        row_ids=tuple(asked_ids),
    )


def _message(row: asyncpg.Record) -> Message:
    fields = dict(row)
    for mark in ("favourited", "bookmarked", "muted"):
        fields.pop(mark, None)
    name, website = fields.pop("application_name"), fields.pop("application_website")
    member_ids = tuple(fields.pop("member_ids"))
    media = shown_of(fields.pop("media"))
    return Message(
        **fields, media=media, application=Application(name, website) if name else None, member_ids=member_ids
    )


async def of_conversation(db: Queries, viewer_id: int, conversation_id: int, window: Window) -> list[int]:
    """A page of a conversation as the viewer sees it, newest first. Uses messages_by_conversation."""
    rows = await db.rows(
        """
        select m.id from conversation_members p join messages m on m.conversation_id = p.conversation_id
        where p.conversation_id = $5 and p.account_id = $1 and m.id > $2 and m.id < $3 and """
        + SEEN
        + " and "
        + UNSILENCED
        + (_NEAREST if window.forward else _NEWEST),
        viewer_id,
        window.floor,
        window.ceiling,
        window.limit,
        conversation_id,
    )
    found = [row["id"] for row in rows]
    return found[::-1] if window.forward else found


async def since(db: Queries, viewer_id: int, after_id: int, limit: int) -> list[int]:
    """The newest messages after one that the viewer hears of, in all their conversations, oldest first.

    Uses conversation_members_by_account and messages_by_conversation: of conversations where nothing was said since,
    nothing is read.
    """
    rows = await db.rows(
        """
        select m.id from conversation_members p join messages m on m.conversation_id = p.conversation_id
        where p.account_id = $1 and p.standing <> 'declined' and p.last_message_id > $2 and m.id > $2 and """
        + SEEN
        + " and "
        + UNSILENCED
        + " order by m.id desc limit $3",
        viewer_id,
        after_id,
        limit,
    )
    return [row["id"] for row in rows][::-1]


async def sent_by(db: Queries, account_id: int, window: Window) -> list[int]:
    """A page of what an account has said in the conversations it is in, newest first. Uses messages_by_account."""
    rows = await db.rows(
        """
        select m.id from messages m
        join conversation_members p on p.conversation_id = m.conversation_id and p.account_id = $1
        where m.account_id = $1 and m.id > $2 and m.id < $3 and """
        + SEEN
        + (_NEAREST if window.forward else _NEWEST),
        account_id,
        window.floor,
        window.ceiling,
        window.limit,
    )
    found = [row["id"] for row in rows]
    return found[::-1] if window.forward else found


async def favouriters(db: Queries, viewer_id: int, message_id: int, window: Window) -> Keyed:
    """Who favourited a message, the latest first, without who has blocked the viewer.

    Uses message_favourites_by_message.
    """
    nearest: LiteralString = " order by f.id asc limit $4"
    newest: LiteralString = " order by f.id desc limit $4"
    rows = await db.rows(
        """
        select f.id, f.account_id from message_favourites f
        where f.message_id = $5 and f.id > $2 and f.id < $3
            and (select true from blocks b
                 where b.account_id = f.account_id and b.target_id = $1 limit 1) is null"""
        + (nearest if window.forward else newest),
        viewer_id,
        window.floor,
        window.ceiling,
        window.limit,
        message_id,
    )
    found = [(row["id"], row["account_id"]) for row in rows]
    return found[::-1] if window.forward else found


async def versions(db: Queries, message_id: int, limit: int) -> list[Version]:
    """Earlier wordings of a message, oldest first, of many the latest. Uses message_edits_message."""
    rows = await db.rows(
        """
        select e.text, e.html, e.spoiler_text, e.sensitive, e.created_at, """
        + KEPT
        + """ from message_edits e where e.message_id = $1 order by e.id desc limit $2
        """,
        message_id,
        limit,
    )
    return [Version(*row[:5], media=kept_of(row[5])) for row in rows][::-1]
