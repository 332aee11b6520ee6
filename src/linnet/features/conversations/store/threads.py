"""Conversations: found by who is in them, begun, locked, and listed as one member has them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

import asyncpg

from linnet.features.conversations.models import Conversation, Standing, Unread, is_group
from linnet.features.conversations.store.visible import OPEN, SEEN, UNSILENCED
from linnet.platform.paging import Window
from linnet.platform.postgres import Queries


@dataclass(frozen=True, slots=True)
class Floor:
    """What somebody about to speak in a conversation has to know of it."""

    is_group: bool
    member_ids: tuple[int, ...]
    is_open: bool
    """False where a block closes it, or the other of two is gone."""
    listeners: int
    """Other members who have accepted it."""
    unanswered: int
    """What the speaker has sent since anybody last did."""


_UNREAD: LiteralString = (
    """
    (select true from messages m where m.id > p.read_id and m.account_id <> p.account_id and """
    + SEEN
    + " and "
    + UNSILENCED
    + " limit 1) is not null"
)

_SHOWN: LiteralString = (
    """
    select c.id, c.is_group, c.title, c.started_by, c.member_ids, c.created_at, p.standing, p.muted, p.read_id,
        p.last_message_id,
        (select m.id from messages m where """
    + SEEN
    + " and "
    + UNSILENCED
    + """ order by m.id desc limit 1) as newest_id,
    """
    + _UNREAD
    + """ as unread
    from conversation_members p
    cross join lateral (select * from conversations where id = p.conversation_id limit 1) c
    where p.account_id = $1 and """
    + OPEN
)


async def page(db: Queries, viewer_id: int, window: Window, standings: Collection[Standing]) -> list[Conversation]:
    """A page of a member's conversations by their latest messages, the newest first.

    Of one standing by conversation_members_by_standing, of accepted and requested ones by
    conversation_members_by_account.
    """
    nearest: LiteralString = " order by p.last_message_id asc limit $4"
    newest: LiteralString = " order by p.last_message_id desc limit $4"
    of_one: LiteralString = " and p.standing = $5"
    of_all: LiteralString = " and p.standing <> 'declined'"
    rows = await db.rows(
        _SHOWN
        + " and not p.hidden and p.last_message_id > $2 and p.last_message_id < $3"
        + (of_one if len(standings) == 1 else of_all)
        + (nearest if window.forward else newest),
        viewer_id,
        window.floor,
        window.ceiling,
        window.limit,
        *(standings if len(standings) == 1 else ()),
    )
    found = [_conversation(row) for row in rows]
    return found[::-1] if window.forward else found


async def load(db: Queries, viewer_id: int, ids: Sequence[int]) -> list[Conversation]:
    """Of `ids` the conversations the viewer is in and that no block closes. Uses conversation_members_pkey."""
    rows = await db.rows(_SHOWN + " and p.conversation_id = any($2)", viewer_id, list(ids))
    return [_conversation(row) for row in rows]


def _conversation(row: asyncpg.Record) -> Conversation:
    conversation_id, is_group_, title, started_by, member_ids, created_at, standing, *others = row
    return Conversation(
        conversation_id, is_group_, title, started_by, tuple(member_ids), created_at, Standing(standing), *others
    )


async def unread(db: Queries, viewer_id: int, among: int) -> Unread:
    """How many of the `among` latest conversations have something unread. Uses conversation_members_by_account."""
    row = await db.row(
        """
        select count(*) filter (where p.standing = 'accepted') as conversations,
            count(*) filter (where p.standing = 'requested') as requests
        from (
            select * from conversation_members
            where account_id = $1 and not hidden and standing <> 'declined' order by last_message_id desc limit $2) p
        cross join lateral (select * from conversations where id = p.conversation_id limit 1) c
        where p.last_message_id > p.read_id and """
        + OPEN
        + " and "
        + _UNREAD,
        viewer_id,
        among,
    )
    assert row is not None, "an aggregate is one row"
    return Unread(row["conversations"], row["requests"])


async def reads(db: Queries, viewer_id: int, ids: Sequence[int]) -> dict[int, dict[int, int]]:
    """By conversation, up to which message each other member has read, of those who let the viewer know.

    Nobody does who has not accepted the conversation, has turned receipts off, or has a block between them and the
    viewer. Uses conversation_members_pkey.
    """
    rows = await db.rows(
        """
        select p.conversation_id, p.account_id, p.read_id from conversation_members p
        where p.conversation_id = any($2) and p.account_id <> $1 and p.standing = 'accepted' and p.read_id > 0
            and (select tells_reads from message_settings s where s.account_id = p.account_id) is not false
            and (select true from blocks b where b.account_id = $1 and b.target_id = p.account_id limit 1) is null
            and (select true from blocks b where b.account_id = p.account_id and b.target_id = $1 limit 1) is null
        """,
        viewer_id,
        list(ids),
    )
    found: dict[int, dict[int, int]] = {}
    for conversation_id, account_id, read_id in rows:
        found.setdefault(conversation_id, {})[account_id] = read_id
    return found


async def find(db: Queries, member_ids: Sequence[int], preferred_id: int | None) -> int | None:
    """The conversation of exactly these people (sorted), or None; of several the preferred one, else the latest.

    Run it in a transaction: until that ends, whoever looks for the same people waits, so that nobody begins it twice.
    Uses conversations_of.
    """
    key = ",".join(str(one) for one in member_ids)
    await db.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", key)
    return await db.value(
        """
        select id from conversations where member_ids = $1 and is_group = $3
        order by id is not distinct from $2 desc, id desc limit 1
        """,
        list(member_ids),
        preferred_id,
        is_group(member_ids),
    )


async def begin(db: Queries, starter_id: int, member_ids: Sequence[int], title: str, at: datetime) -> tuple[int, int]:
    """Begin a conversation of these people (sorted): its id, and of how many it asks leave first.

    Those who follow who begins it are in at once.
    """
    rows = await db.rows(
        """
        with begun as (
            insert into conversations (id, is_group, title, started_by, member_ids, created_at)
            values (snowflake($5), $4, $3, $1, $2, $5) returning id
        )
        insert into conversation_members (conversation_id, account_id, standing, invited_by, last_message_id, joined_at)
        select begun.id, o.id,
            case when o.id = $1 or (select true from follows f
                where f.account_id = o.id and f.target_id = $1 limit 1) then 'accepted' else 'requested' end,
            $1, 0, $5
        from begun, unnest($2::bigint[]) o (id)
        returning conversation_id, standing
        """,
        starter_id,
        list(member_ids),
        title,
        is_group(member_ids),
        at,
    )
    return rows[0]["conversation_id"], sum(row["standing"] == "requested" for row in rows)


async def rename(db: Queries, conversation_id: int, title: str) -> None:
    """Give a conversation a title. Uses conversations_pkey."""
    await db.execute("update conversations set title = $2 where id = $1", conversation_id, title)


async def lock(db: Queries, conversation_id: int) -> None:
    """Let one transaction at a time speak in a conversation, or change who is in it. Read it after this, not before."""
    await db.execute("select from conversations where id = $1 for update", conversation_id)


async def floor(db: Queries, conversation_id: int, account_id: int) -> Floor | None:
    """What there is to know before somebody speaks; None when they are not in it. Uses conversation_members_pkey."""
    row = await db.row(
        """
        select c.is_group, c.member_ids, """
        + OPEN
        + """ and (c.is_group or (select bool_and(a.deleted_at is null and a.suspended_at is null)
                from accounts a where a.id = any(c.member_ids))) as is_open,
            (select count(*) from conversation_members o
             where o.conversation_id = c.id and o.account_id <> $2 and o.standing = 'accepted') as listeners,
            p.unanswered
        from conversations c join conversation_members p on p.conversation_id = c.id and p.account_id = $2
        where c.id = $1
        """,
        conversation_id,
        account_id,
    )
    if row is None:
        return None
    return Floor(row["is_group"], tuple(row["member_ids"]), row["is_open"], row["listeners"], row["unanswered"])


async def asked_since(db: Queries, account_id: int, since: datetime, limit: int) -> int:
    """Of how many people, up to `limit`, an account waits for an answer since then. Uses conversation_members_asked."""
    return await db.value(
        """
        select count(*) from (
            select from conversation_members
            where invited_by = $1 and joined_at > $2 and standing <> 'accepted' limit $3) n
        """,
        account_id,
        since,
        limit,
    )
