"""Lists and who is in them, written row by row; and as viewers may see them."""

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString

import asyncpg

from linnet.features.relationships.blocklists.models import Blocklist, Effect, Wording
from linnet.features.relationships.models import Keyed
from linnet.platform.paging import Window
from linnet.platform.postgres import Queries

_LIST: LiteralString = """
    select l.id, l.account_id, l.name, l.description, l.public, l.created_at, l.updated_at,
        (select count(*) from blocklist_entries e where e.blocklist_id = l.id) as entries,
        (select count(*) from (
            select from blocklist_subscriptions n where n.blocklist_id = l.id limit 10000) counted) as subscribers,
        s.effect
    from blocklists l
    left join blocklist_subscriptions s on s.blocklist_id = l.id and s.account_id = $1
"""
"""Lists as the viewer $1 (0: the public) sees them; subscribers are counted up to 10,000."""

_SHOWN: LiteralString = """
    l.dropped_at is null and (l.account_id = $1 or s.effect is not null or (l.public
        and exists (
            select from accounts o where o.id = l.account_id and o.deleted_at is null and o.suspended_at is null)
        and not exists (select from blocks b where b.account_id = l.account_id and b.target_id = $1)))
"""
"""Whether the viewer $1 may see the list `l`: their own, one they subscribe to, or a public one whose owner is there
and has not blocked them."""


def _list(row: asyncpg.Record) -> Blocklist:
    effect = None if row["effect"] is None else Effect(row["effect"])
    wording = Wording(row["name"], row["description"], row["public"])
    return Blocklist(
        row["id"], row["account_id"], wording, row["created_at"], row["updated_at"], row[7], row[8], effect
    )


async def lock(db: Queries, owner_id: int) -> None:
    """Wait until nobody else changes this account's lists or subscriptions, until the end of the transaction."""
    await db.execute("select pg_advisory_xact_lock(hashtextextended('blocklists', $1))", owner_id)


async def find(db: Queries, viewer_id: int, blocklist_id: int) -> Blocklist | None:
    """One list, if the viewer may see it. Uses blocklists_pkey."""
    row = await db.row(_LIST + " where l.id = $2 and " + _SHOWN, viewer_id, blocklist_id)
    return None if row is None else _list(row)


async def of_viewer(db: Queries, viewer_id: int) -> list[Blocklist]:
    """The viewer's own lists and those they subscribe to, the latest first.

    Uses blocklists_account and blocklist_subscriptions_pkey.
    """
    rows = await db.rows(
        _LIST
        + """ where l.dropped_at is null and l.id in (
            select id from blocklists where account_id = $1 and dropped_at is null
            union select blocklist_id from blocklist_subscriptions where account_id = $1)
        order by l.id desc""",
        viewer_id,
    )
    return [_list(row) for row in rows]


async def of_account(db: Queries, viewer_id: int, account_id: int) -> list[Blocklist]:
    """The lists of an account that the viewer may see, the latest first. Uses blocklists_account."""
    rows = await db.rows(
        _LIST + " where l.account_id = $2 and " + _SHOWN + " order by l.id desc", viewer_id, account_id
    )
    return [_list(row) for row in rows]


async def entries(db: Queries, blocklist_id: int, window: Window) -> Keyed:
    """A page of the accounts of a list, the latest first. Uses blocklist_entries_order."""
    rows = await db.rows(
        """
        select e.id, e.account_id from blocklist_entries e
        join accounts a on a.id = e.account_id and a.deleted_at is null
        where e.blocklist_id = $1 and e.id > $2 and e.id < $3 order by e.id"""
        + (" asc limit $4" if window.forward else " desc limit $4"),
        blocklist_id,
        window.floor,
        window.ceiling,
        window.limit,
    )
    return [(row["id"], row["account_id"]) for row in (rows[::-1] if window.forward else rows)]


async def make(db: Queries, owner_id: int, wording: Wording, at: datetime, limit: int) -> int | None:
    """A new list's id; None when the owner has `limit` already. Run it under the owner's lock."""
    return await db.value(
        """
        insert into blocklists (id, account_id, name, description, public, created_at, updated_at)
        select snowflake($5), $1, $2, $3, $4, $5, $5
        where (select count(*) from blocklists where account_id = $1 and dropped_at is null) < $6
        returning id
        """,
        owner_id,
        wording.name,
        wording.description,
        wording.public,
        at,
        limit,
    )


async def reword(db: Queries, blocklist_id: int, wording: Wording, at: datetime) -> None:
    """Say something else about a list. Uses blocklists_pkey."""
    await db.execute(
        "update blocklists set name = $2, description = $3, public = $4, updated_at = $5 where id = $1",
        blocklist_id,
        wording.name,
        wording.description,
        wording.public,
        at,
    )


async def drop(db: Queries, blocklist_id: int, at: datetime) -> None:
    """Mark a list as deleted: nobody sees it any more. Uses blocklists_pkey."""
    await db.execute("update blocklists set dropped_at = $2 where id = $1 and dropped_at is null", blocklist_id, at)


async def put(
    db: Queries, blocklist_id: int, owner_id: int, account_ids: Sequence[int], at: datetime, limit: int
) -> list[int] | None:
    """Put accounts that are there into a list; who came new. None, and nothing is kept, when more than `limit` are in.

    Run it under the owner's lock, in a transaction that ends with None. Uses blocklist_entries_pkey.
    """
    rows = await db.rows(
        """
        with put as (
            insert into blocklist_entries (blocklist_id, account_id, id)
            select $1, a.id, snowflake($4) from accounts a
            where a.id = any($2::bigint[]) and a.id <> $3 and a.deleted_at is null
            order by array_position($2::bigint[], a.id)
            on conflict do nothing returning account_id
        ), changed as (
            update blocklists set updated_at = $4 where id = $1 and exists (select from put)
        )
        select account_id from put
        """,
        blocklist_id,
        list(account_ids),
        owner_id,
        at,
    )
    count = await db.value("select count(*) from blocklist_entries where blocklist_id = $1", blocklist_id)
    return None if count > limit else [row["account_id"] for row in rows]


async def take(db: Queries, blocklist_id: int, account_ids: Sequence[int], at: datetime) -> list[int]:
    """Take accounts out of a list; those who were in it. Uses blocklist_entries_pkey."""
    rows = await db.rows(
        """
        with gone as (
            delete from blocklist_entries where blocklist_id = $1 and account_id = any($2::bigint[])
            returning account_id
        ), changed as (
            update blocklists set updated_at = $3 where id = $1 and exists (select from gone)
        )
        select account_id from gone
        """,
        blocklist_id,
        list(account_ids),
        at,
    )
    return [row["account_id"] for row in rows]


async def subscribe(db: Queries, account_id: int, blocklist_id: int, effect: Effect, at: datetime, limit: int) -> bool:
    """Subscribe to a list, or for another effect; False when the account has `limit` subscriptions already.

    Run it under the account's lock. Uses blocklist_subscriptions_pkey.
    """
    made = await db.execute(
        """
        insert into blocklist_subscriptions (account_id, blocklist_id, effect, created_at)
        select $1, $2, $3, $4
        where (select count(*) from blocklist_subscriptions where account_id = $1 and blocklist_id <> $2) < $5
        on conflict (account_id, blocklist_id) do update set effect = excluded.effect
        """,
        account_id,
        blocklist_id,
        effect,
        at,
        limit,
    )
    return made == 1


async def unsubscribe(db: Queries, account_id: int, blocklist_id: int) -> bool:
    """End a subscription; False when there was none. Uses blocklist_subscriptions_pkey."""
    gone = await db.execute(
        "delete from blocklist_subscriptions where account_id = $1 and blocklist_id = $2", account_id, blocklist_id
    )
    return gone == 1
