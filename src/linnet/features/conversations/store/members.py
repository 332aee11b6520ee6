"""Rows of members: how each stands to a conversation, what they have read, who comes and who leaves."""

from collections.abc import Sequence
from datetime import datetime

from linnet.features.conversations.models import Standing, Told
from linnet.platform.postgres import Queries


async def answer(db: Queries, account_id: int, conversation_id: int, standing: Standing) -> None:
    """Accept or decline a conversation. Uses conversation_members_pkey."""
    await db.execute(
        "update conversation_members set standing = $3 where conversation_id = $2 and account_id = $1",
        account_id,
        conversation_id,
        standing,
    )


async def accept_from(db: Queries, account_id: int, asker_id: int) -> None:
    """Accept what somebody asks whom the account follows by now; at most `REQUESTS_A_DAY_MAX` a day are there.

    Uses conversation_members_asked.
    """
    await db.execute(
        """
        update conversation_members p set standing = 'accepted'
        where p.invited_by = $2 and p.account_id = $1 and p.standing = 'requested'
            and exists (select from follows f where f.account_id = $1 and f.target_id = $2)
        """,
        account_id,
        asker_id,
    )


async def read_up_to(db: Queries, account_id: int, conversation_id: int, message_id: int | None) -> int | None:
    """Have read a conversation up to a message, or all of it: up to which, or None when nothing is new by that.

    Uses conversation_members_pkey.
    """
    return await db.value(
        """
        update conversation_members set read_id = least(coalesce($3, last_message_id), last_message_id)
        where conversation_id = $2 and account_id = $1
            and read_id < least(coalesce($3, last_message_id), last_message_id)
        returning read_id
        """,
        account_id,
        conversation_id,
        message_id,
    )


async def hide(db: Queries, account_id: int, conversation_id: int, *, clears: bool) -> bool:
    """Take a conversation off one's list until somebody speaks, or with `clears` forget what was said for oneself.

    Whether one is in it. Uses conversation_members_pkey.
    """
    return bool(
        await db.execute(
            """
            update conversation_members
            set hidden = true, cleared_id = case when $3 then last_message_id else cleared_id end,
                read_id = greatest(read_id, last_message_id)
            where conversation_id = $2 and account_id = $1
            """,
            account_id,
            conversation_id,
            clears,
        )
    )


async def mute(db: Queries, account_id: int, conversation_id: int, *, muted: bool) -> bool:
    """Hear of a conversation no more, or again; whether one is in it. Uses conversation_members_pkey."""
    return bool(
        await db.execute(
            "update conversation_members set muted = $3 where conversation_id = $2 and account_id = $1",
            account_id,
            conversation_id,
            muted,
        )
    )


async def leave(db: Queries, account_id: int, conversation_id: int) -> None:
    """Take a member out of a group; it is gone with the last one. Uses conversation_members_pkey."""
    await db.execute(
        """
        with gone as (
            delete from conversation_members where conversation_id = $2 and account_id = $1
        )
        update conversations set member_ids = array_remove(member_ids, $1) where id = $2
        """,
        account_id,
        conversation_id,
    )


async def add(db: Queries, adder_id: int, conversation_id: int, added_ids: Sequence[int], at: datetime) -> int:
    """Take people into a group: of how many that asks leave first. They see what is said from now on.

    Uses conversation_members_pkey.
    """
    return await db.value(
        """
        with added as (
            insert into conversation_members
                (conversation_id, account_id, standing, invited_by, since_id, read_id, last_message_id, joined_at)
            select $2, o.id,
                case when (select true from follows f
                    where f.account_id = o.id and f.target_id = $1 limit 1) then 'accepted' else 'requested' end,
                $1, p.last_message_id, p.last_message_id, p.last_message_id, $4
            from unnest($3::bigint[]) o (id), conversation_members p
            where p.conversation_id = $2 and p.account_id = $1
            returning standing
        ), known as (
            update conversations
            set member_ids = (select array_agg(id order by id) from unnest(member_ids || $3::bigint[]) o (id))
            where id = $2
        )
        select count(*) from added where standing = 'requested'
        """,
        adder_id,
        conversation_id,
        list(added_ids),
        at,
    )


async def told(db: Queries, account_id: int) -> Told:
    """What an account lets others know. Uses message_settings_pkey."""
    row = await db.row("select tells_reads, tells_typing from message_settings where account_id = $1", account_id)
    return Told(*row) if row else Told()


async def tell(db: Queries, account_id: int, told: Told) -> None:
    """Set what an account lets others know. Uses message_settings_pkey."""
    await db.execute(
        """
        insert into message_settings (account_id, tells_reads, tells_typing) values ($1, $2, $3)
        on conflict (account_id) do update
            set tells_reads = excluded.tells_reads, tells_typing = excluded.tells_typing
        """,
        account_id,
        told.reads,
        told.typing,
    )


async def listeners(db: Queries, conversation_id: int, account_id: int) -> list[int]:
    """The other members who are told what a member does at this moment: who has accepted, with no block between.

    None in a conversation that the member has not accepted. Uses conversation_members_pkey.
    """
    rows = await db.rows(
        """
        select p.account_id from conversation_members own
        join conversation_members p on p.conversation_id = own.conversation_id and p.account_id <> own.account_id
        where own.conversation_id = $1 and own.account_id = $2 and own.standing = 'accepted' and p.standing = 'accepted'
            and (select true from blocks b where b.account_id = $2 and b.target_id = p.account_id limit 1) is null
            and (select true from blocks b where b.account_id = p.account_id and b.target_id = $2 limit 1) is null
        order by p.account_id
        """,
        conversation_id,
        account_id,
    )
    return [row["account_id"] for row in rows]
