"""Direct statuses of earlier releases as messages: written here, with their own ids, and taken out by their feature."""

from dataclasses import dataclass
from datetime import datetime

from linnet.platform.postgres import Queries


@dataclass(frozen=True, slots=True)
class Direct:
    """A direct status, and everybody it was ever for."""

    id: int
    account_id: int
    reader_ids: tuple[int, ...]
    in_reply_to_id: int | None
    created_at: datetime


async def directs(db: Queries, limit: int) -> list[Direct]:
    """Up to `limit` direct statuses, the oldest first. Uses statuses_direct and mentions_pkey."""
    rows = await db.rows(
        """
        select s.id, s.account_id, array(select m.account_id from mentions m where m.status_id = s.id) as reader_ids,
            s.in_reply_to_id, s.created_at
        from statuses s where s.visibility = 'direct' and s.deleted_at is null order by s.id limit $1
        """,
        limit,
    )
    return [
        Direct(status_id, account_id, tuple(reader_ids), answered_id, at)
        for status_id, account_id, reader_ids, answered_id, at in rows
    ]


async def conversation_of(db: Queries, message_id: int | None) -> int | None:
    """The conversation of a message. Uses messages_pkey."""
    return await db.value("select conversation_id from messages where id = $1", message_id)


async def adopt(db: Queries, status_id: int, conversation_id: int) -> None:
    """Write a direct status and all that hangs on it as a message, which everybody has read. May run twice."""
    await db.execute(
        """
        with moved as (
            insert into messages (id, conversation_id, account_id, text, html, spoiler_text, sensitive, language,
                in_reply_to_id, in_reply_to_account_id, application_name, application_website, created_at, edited_at)
            select id, $2, account_id, text, html, spoiler_text, sensitive, language,
                in_reply_to_id, in_reply_to_account_id, application_name, application_website, created_at, edited_at
            from statuses where id = $1
            on conflict (id) do nothing
        ), edits as (
            insert into message_edits (id, message_id, text, html, spoiler_text, sensitive, created_at)
            select id, status_id, text, html, spoiler_text, sensitive, created_at from status_edits where status_id = $1
            on conflict (id) do nothing
        ), favoured as (
            insert into message_favourites (account_id, message_id, id, created_at)
            select account_id, status_id, id, created_at from favourites where status_id = $1
            on conflict do nothing
        ), marked as (
            insert into message_bookmarks (account_id, message_id, id, created_at)
            select account_id, status_id, id, created_at from bookmarks where status_id = $1
            on conflict do nothing
        )
        update conversation_members
        set last_message_id = greatest(last_message_id, $1), read_id = greatest(read_id, $1), standing = 'accepted'
        where conversation_id = $2
        """,
        status_id,
        conversation_id,
    )
