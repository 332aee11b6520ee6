"""Who may see a message: the one condition that every read of messages carries."""

from collections.abc import Collection
from typing import LiteralString

from linnet.features.media.statements import SAID_BY_MESSAGE
from linnet.platform.postgres import Queries

SEEN: LiteralString = """
    m.conversation_id = p.conversation_id and m.id > p.since_id and m.id > p.cleared_id
    and (select true from message_removals x
         where x.account_id = p.account_id and x.message_id = m.id limit 1) is null
    and (select true from blocks b
         where b.account_id = m.account_id and b.target_id = p.account_id limit 1) is null
    and (select a.deleted_at is null and a.suspended_at is null from accounts a where a.id = m.account_id)
"""
"""For `messages m` and the viewer's own row `conversation_members p`: who has none sees nothing."""

UNSILENCED: LiteralString = """
    (select true from blocks b where b.account_id = p.account_id and b.target_id = m.account_id limit 1) is null
"""
"""For lists: additionally nothing by people the viewer has blocked."""

OPEN: LiteralString = """
    (c.is_group or (
        (select true from blocks b
         where b.account_id = p.account_id and b.target_id = any(c.member_ids) limit 1) is null
        and (select true from blocks b
             where b.target_id = p.account_id and b.account_id = any(c.member_ids) limit 1) is null))
"""
"""For `conversations c`: a block, whichever of the two made it, closes the conversation of two."""


async def visible_pairs(db: Queries, pairs: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    """Of pairs (viewer id, message id) those whose viewer may see the message. One statement. Uses messages_pkey."""
    rows = await db.rows(
        """
        select x.viewer_id, x.message_id from unnest($1::bigint[], $2::bigint[]) as x (viewer_id, message_id)
        cross join lateral (select * from messages where id = x.message_id limit 1) m
        cross join lateral (select * from conversation_members
            where conversation_id = m.conversation_id and account_id = x.viewer_id limit 1) p
        where """
        + SEEN,
        [viewer_id for viewer_id, _ in pairs],
        [message_id for _, message_id in pairs],
    )
    return {(row["viewer_id"], row["message_id"]) for row in rows}


async def visible_words(db: Queries, pairs: Collection[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """Of pairs (viewer id, message id) whose viewer may see the message: its warning, its text or else what it shows.

    By pair; one statement. Uses messages_pkey.
    """
    rows = await db.rows(
        """
        select x.viewer_id, x.message_id, coalesce(nullif(m.spoiler_text, ''), nullif(m.text, ''), """
        + SAID_BY_MESSAGE
        + """, '') as words
        from unnest($1::bigint[], $2::bigint[]) as x (viewer_id, message_id)
        cross join lateral (select * from messages where id = x.message_id limit 1) m
        cross join lateral (select * from conversation_members
            where conversation_id = m.conversation_id and account_id = x.viewer_id limit 1) p
        where """
        + SEEN,
        [viewer_id for viewer_id, _ in pairs],
        [message_id for _, message_id in pairs],
    )
    return {(row["viewer_id"], row["message_id"]): row["words"] for row in rows}


async def audience(db: Queries, message_ids: Collection[int]) -> list[tuple[int, int, int]]:
    """Who is to hear of messages: (member, author, message), by message and member. Uses messages_pkey.

    Not the author, nobody who has declined or muted the conversation, or blocked the author, and only who may see it.
    """
    rows = await db.rows(
        """
        select p.account_id, m.account_id as author_id, m.id
        from unnest($1::bigint[]) as x (id)
        cross join lateral (select * from messages where id = x.id limit 1) m
        join conversation_members p on p.conversation_id = m.conversation_id and p.account_id <> m.account_id
            and p.standing <> 'declined' and not p.muted
        where """
        + SEEN
        + " and "
        + UNSILENCED
        + " order by m.id, p.account_id",
        list(message_ids),
    )
    return [(account_id, author_id, message_id) for account_id, author_id, message_id in rows]
