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
    is_gone: bool
    """Taken back: nothing of it is to live on."""


async def place(db: Queries) -> tuple[int, int] | None:
    """After which status the walk goes on, and up to which id; None when it is over. It is held to the end of this."""
    row = await db.row("select after_id, until_id from direct_adoption for update")
    return (row["after_id"], row["until_id"]) if row else None


async def go_on(db: Queries, after_id: int) -> None:
    """Have come as far as a status."""
    await db.execute("update direct_adoption set after_id = $1 where after_id < $1", after_id)


async def end(db: Queries) -> None:
    """Walk no more."""
    await db.execute("delete from direct_adoption")


async def slice_end(db: Queries, after_id: int, limit: int) -> tuple[int, int]:
    """How many statuses, up to `limit`, come after one, and the id of the last of them. Uses statuses_pkey."""
    row = await db.row(
        """
        select count(*) as number, coalesce(max(id), $1) as last_id
        from (select id from statuses where id > $1 order by id limit $2) s
        """,
        after_id,
        limit,
    )
    assert row is not None, "an aggregate is one row"
    return row["number"], row["last_id"]


async def directs(db: Queries, after_id: int, last_id: int) -> list[Direct]:
    """The direct statuses after one up to another, the oldest first. Uses statuses_pkey and mentions_pkey."""
    rows = await db.rows(
        """
        select s.id, s.account_id, array(select m.account_id from mentions m where m.status_id = s.id) as reader_ids,
            s.in_reply_to_id, s.created_at, s.deleted_at is not null as gone
        from statuses s where s.id > $1 and s.id <= $2 and s.visibility = 'direct' order by s.id
        """,
        after_id,
        last_id,
    )
    return [
        Direct(status_id, account_id, tuple(reader_ids), answered_id, at, gone)
        for status_id, account_id, reader_ids, answered_id, at, gone in rows
    ]


async def safe_id(db: Queries, at: datetime) -> int:
    """The id that statuses of a moment begin at: older ones are committed, if that moment is long enough ago."""
    return await db.value("select (floor(extract(epoch from $1::timestamptz) * 1000)::bigint << 16)", at)


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
