"""Rows of messages: sent, reworded, taken back, put out of one's own sight."""

from datetime import datetime, timedelta

from linnet.features.conversations.models import Message
from linnet.features.conversations.store.visible import SEEN
from linnet.features.media.statements import DETACH
from linnet.platform.postgres import Queries


async def claim_key(db: Queries, account_id: int, key: str, at: datetime, kept_s: int) -> tuple[bool, int | None]:
    """Claim an idempotency key: whether it was free, else the message that it stands for. Uses message_keys_pkey.

    A request with the same key that runs at the same time is waited for.
    """
    claimed = await db.value(
        """
        insert into message_keys as k (account_id, key, created_at) values ($1, $2, $3)
        on conflict (account_id, key) do update set message_id = null, created_at = excluded.created_at
            where k.created_at < $4
        returning true
        """,
        account_id,
        key,
        at,
        at - timedelta(seconds=kept_s),
    )
    if claimed:
        return True, None
    found = await db.value("select message_id from message_keys where account_id = $1 and key = $2", account_id, key)
    return False, found


async def drop_old_keys(db: Queries, before: datetime, limit: int) -> int:
    """Forget idempotency keys older than `before`; how many. Uses message_keys_age."""
    return await db.execute(
        """
        delete from message_keys where ctid in (
            select ctid from message_keys where created_at < $1 order by created_at limit $2)
        """,
        before,
        limit,
    )


async def new_id(db: Queries, at: datetime) -> int:
    """A fresh snowflake. Ask under the lock of the conversation: then messages commit in the order of their ids."""
    return await db.value("select snowflake($1)", at)


async def insert(db: Queries, message: Message, key: str | None, unanswered: int) -> None:
    """Write a message and put the conversation in front in every member's list, in one statement.

    Its author has read it, and by saying something accepts the conversation. Uses conversation_members_pkey.
    """
    await db.execute(
        """
        with sent as (
            insert into messages (id, conversation_id, account_id, text, html, spoiler_text, sensitive, language,
                in_reply_to_id, in_reply_to_account_id, application_name, application_website, created_at,
                media_count)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $16)
        ), keyed as (
            update message_keys set message_id = $1 where account_id = $3 and key = $14
        ), spoken as (
            update conversation_members
            set last_message_id = $1, hidden = false, read_id = $1, standing = 'accepted', unanswered = $15
            where conversation_id = $2 and account_id = $3
        )
        update conversation_members set last_message_id = $1, hidden = false
        where conversation_id = $2 and account_id <> $3
        """,
        message.id,
        message.conversation_id,
        message.account_id,
        message.text,
        message.html,
        message.spoiler_text,
        message.sensitive,
        message.language,
        message.in_reply_to_id,
        message.in_reply_to_account_id,
        message.application.name if message.application else None,
        message.application.website if message.application else None,
        message.created_at,
        key,
        unanswered,
        len(message.media),
    )


async def hold(db: Queries, message_id: int) -> None:
    """Keep a message from being reworded or taken back until the transaction ends. Read it after this, not before."""
    await db.execute("select from messages where id = $1 for update", message_id)


async def revise(
    db: Queries,
    before: Message,
    *,
    text: str,
    html: str,
    spoiler_text: str,
    sensitive: bool,
    language: str | None,
    media_count: int,
    at: datetime,
) -> None:
    """Give a message a new wording; the old one goes into its history. Uses messages_pkey."""
    await db.execute(
        """
        with kept as (
            insert into message_edits (message_id, text, html, spoiler_text, sensitive, created_at, media_ids,
                media_descriptions)
            select id, text, html, spoiler_text, sensitive, coalesce(edited_at, created_at), $9, $10
            from messages where id = $1
        )
        update messages set text = $2, html = $3, spoiler_text = $4, sensitive = $5, language = $6, edited_at = $7,
            media_count = $8
        where id = $1
        """,
        before.id,
        text,
        html,
        spoiler_text,
        sensitive,
        language,
        at,
        media_count,
        [one.id for one in before.media] or None,
        [one.description for one in before.media] or None,
    )


async def retract(db: Queries, account_id: int, message_id: int, at: datetime) -> tuple[int, list[int]] | None:
    """Remove an account's message and all that hangs on it, for everybody; None when it is not theirs.

    Else its conversation, and who of that has had it before their eyes until now and has not declined.

    In a conversation of `MEMBERS_MAX` people that are a few rows. Uses messages_pkey.
    """
    row = await db.row(
        """
        with told as (
            select p.account_id from messages m join conversation_members p on p.conversation_id = m.conversation_id
            where m.id = $2 and m.account_id = $1 and p.standing <> 'declined' and """
        + SEEN
        + """
        ), gone as (
            delete from messages where id = $2 and account_id = $1 returning id, conversation_id
        ), edits as (delete from message_edits where message_id in (select id from gone)),
            removals as (delete from message_removals where message_id in (select id from gone)),
            favoured as (delete from message_favourites where message_id in (select id from gone)),
            marked as (delete from message_bookmarks where message_id in (select id from gone)),
            keyed as (delete from message_keys where account_id = $1 and message_id in (select id from gone))"""
        + DETACH
        + """
        select conversation_id, array(select account_id from told order by account_id) as account_ids from gone
        """,
        account_id,
        message_id,
        at,
    )
    return None if row is None else (row["conversation_id"], row["account_ids"])


async def remove(db: Queries, account_id: int, message_id: int) -> None:
    """Put a message out of one account's sight."""
    await db.execute(
        "insert into message_removals (account_id, message_id) values ($1, $2) on conflict do nothing",
        account_id,
        message_id,
    )
