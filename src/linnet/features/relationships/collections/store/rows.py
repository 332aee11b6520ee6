"""Collections and who is in them, written row by row; and as viewers may see them."""

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString

import asyncpg

from linnet.features.relationships.collections.models import Item, Recommended, Wording
from linnet.platform.postgres import Queries

_COLLECTION: LiteralString = """
    select c.id, c.account_id, c.name, c.description, c.language, c.tag, c.sensitive, c.discoverable,
        c.created_at, c.updated_at, items.ids, items.account_ids, items.moments
    from collections c
    cross join lateral (
        select array_agg(i.id order by i.id) as ids, array_agg(i.account_id order by i.id) as account_ids,
            array_agg(i.created_at order by i.id) as moments
        from collection_items i
        join accounts a on a.id = i.account_id and a.deleted_at is null and a.suspended_at is null
        where i.collection_id = c.id and i.revoked_at is null
            and not exists (select from blocks b where b.account_id = a.id and b.target_id in ($1, c.account_id))
            and not exists (select from blocks b where b.account_id in ($1, c.account_id) and b.target_id = a.id)
    ) items
"""
"""Collections as the viewer $1 (0: the public) may see them: without whom a block parts from them or from the owner."""

_SHOWN: LiteralString = """
    exists (select from accounts o where o.id = c.account_id and o.deleted_at is null and o.suspended_at is null)
    and not exists (select from blocks b where b.account_id = c.account_id and b.target_id = $1)
"""
"""Whether the viewer $1 may see the collection `c`: its owner is there and has not blocked them."""


def _recommended(row: asyncpg.Record) -> Recommended:
    items = [Item(*item) for item in zip(row[10] or (), row[11] or (), row[12] or (), strict=True)]
    return Recommended(row[0], row[1], Wording(*row[2:8]), row[8], row[9], items)


async def lock(db: Queries, owner_id: int) -> None:
    """Wait until nobody else changes this owner's collections, until the end of the transaction."""
    await db.execute("select pg_advisory_xact_lock(hashtextextended('collections', $1))", owner_id)


async def find(db: Queries, viewer_id: int, collection_id: int) -> Recommended | None:
    """One collection, as far as the viewer may see it. Uses collections_pkey."""
    row = await db.row(_COLLECTION + " where c.id = $2 and " + _SHOWN, viewer_id, collection_id)
    return None if row is None else _recommended(row)


async def of_account(db: Queries, viewer_id: int, account_id: int, *, limit: int, offset: int) -> list[Recommended]:
    """An account's collections, the latest first; for others only those it shows. Uses collections_account."""
    rows = await db.rows(
        _COLLECTION
        + " where c.account_id = $2 and (c.discoverable or c.account_id = $1) and "
        + _SHOWN
        + " order by c.id desc limit $3 offset $4",
        viewer_id,
        account_id,
        limit,
        offset,
    )
    return [_recommended(row) for row in rows]


async def with_account(db: Queries, viewer_id: int, account_id: int, *, limit: int, offset: int) -> list[Recommended]:
    """The collections that an account is in, the latest it came into first. Uses collection_items_account."""
    rows = await db.rows(
        _COLLECTION
        + """ join collection_items mine on mine.collection_id = c.id and mine.account_id = $2
            and mine.revoked_at is null
        where """
        + _SHOWN
        + " order by mine.id desc limit $3 offset $4",
        viewer_id,
        account_id,
        limit,
        offset,
    )
    return [_recommended(row) for row in rows]


async def make(db: Queries, owner_id: int, wording: Wording, at: datetime, limit: int) -> int | None:
    """A new collection's id; None when the owner has `limit` already. Run it under the owner's lock."""
    return await db.value(
        """
        insert into collections (id, account_id, name, description, language, tag, sensitive, discoverable,
            created_at, updated_at)
        select snowflake($8), $1, $2, $3, $4, $5, $6, $7, $8, $8
        where (select count(*) from (select from collections where account_id = $1 limit $9) own) < $9
        returning id
        """,
        owner_id,
        wording.name,
        wording.description,
        wording.language,
        wording.tag,
        wording.sensitive,
        wording.discoverable,
        at,
        limit,
    )


async def reword(db: Queries, collection_id: int, wording: Wording, at: datetime) -> None:
    """Say something else about a collection. Uses collections_pkey."""
    await db.execute(
        """
        update collections set name = $2, description = $3, language = $4, tag = $5, sensitive = $6, discoverable = $7,
            updated_at = $8
        where id = $1
        """,
        collection_id,
        wording.name,
        wording.description,
        wording.language,
        wording.tag,
        wording.sensitive,
        wording.discoverable,
        at,
    )


async def drop(db: Queries, collection_id: int) -> None:
    """Remove a collection. Uses collections_pkey and the unique index of collection_items."""
    await db.execute(
        """
        with items as (delete from collection_items where collection_id = $1)
        delete from collections where id = $1
        """,
        collection_id,
    )


async def put(db: Queries, collection_id: int, account_ids: Sequence[int], at: datetime) -> None:
    """Put accounts into a collection; who is or was there stays as they are. Uses the index of collection_items."""
    await db.execute(
        """
        with put as (
            insert into collection_items (id, collection_id, account_id, created_at)
            select snowflake($3), $1, x.id, $3 from unnest($2::bigint[]) with ordinality as x (id, place)
            order by x.place on conflict do nothing
        )
        update collections set updated_at = $3 where id = $1
        """,
        collection_id,
        list(account_ids),
        at,
    )


async def refusing(db: Queries, owner_id: int, collection_id: int, account_ids: Sequence[int]) -> list[int]:
    """Those of the accounts who may not be put into a collection.

    They have not agreed to be found, a block is between them and its owner, or they have left it before.
    """
    rows = await db.rows(
        """
        select x.id from unnest($3::bigint[]) as x (id)
        where not exists (
            select from accounts a where a.id = x.id and a.deleted_at is null and a.suspended_at is null
                and (a.discoverable or a.id = $1))
            or exists (select from blocks b where b.account_id = x.id and b.target_id = $1)
            or exists (select from blocks b where b.account_id = $1 and b.target_id = x.id)
            or exists (select from collection_items i
                where i.collection_id = $2 and i.account_id = x.id and i.revoked_at is not null)
        """,
        owner_id,
        collection_id,
        list(account_ids),
    )
    return [row[0] for row in rows]


async def count(db: Queries, collection_id: int) -> int:
    """How many are in a collection, those who left it not counted. Uses the unique index of collection_items."""
    return await db.value(
        "select count(*) from collection_items where collection_id = $1 and revoked_at is null", collection_id
    )


async def take(db: Queries, collection_id: int, item_id: int, at: datetime) -> bool:
    """Take an account out of a collection; False when it is not there. Uses collection_items_pkey."""
    gone = await db.value(
        """
        with gone as (
            delete from collection_items where id = $2 and collection_id = $1 and revoked_at is null returning 1
        ), changed as (
            update collections set updated_at = $3 where id = $1 and exists (select from gone)
        )
        select count(*) from gone
        """,
        collection_id,
        item_id,
        at,
    )
    return gone == 1


async def leave(db: Queries, collection_id: int, item_id: int, account_id: int, at: datetime) -> bool:
    """Have an account leave a collection for good; False when it is not there. Uses collection_items_pkey."""
    left = await db.execute(
        """
        update collection_items set revoked_at = $4
        where id = $2 and collection_id = $1 and account_id = $3 and revoked_at is null
        """,
        collection_id,
        item_id,
        account_id,
        at,
    )
    return left == 1


async def part(db: Queries, one_ids: Sequence[int], other_ids: Sequence[int]) -> None:
    """Take accounts of pairs out of one another's collections, if a block is between them.

    Uses collection_items_account.
    """
    await db.execute(
        """
        delete from collection_items i using collections c, (
            select * from unnest($1::bigint[], $2::bigint[])
            union select * from unnest($2::bigint[], $1::bigint[])) as pair (owner_id, account_id)
        where i.account_id = pair.account_id and c.id = i.collection_id and c.account_id = pair.owner_id
            and i.revoked_at is null and exists (
                select from blocks b where (b.account_id, b.target_id)
                    in ((pair.owner_id, pair.account_id), (pair.account_id, pair.owner_id)))
        """,
        list(one_ids),
        list(other_ids),
    )


async def erase(db: Queries, account_id: int, limit: int) -> int:
    """Remove a deleted account's collections, and take it out of up to `limit` of others; how many of both.

    Uses collections_account, collection_items_account and the unique index of collection_items.
    """
    return await db.value(
        """
        with own as (
            delete from collections where id in (select id from collections where account_id = $1 limit $2)
            returning id
        ), within as (
            delete from collection_items where collection_id in (select id from own)
        ), others as (
            delete from collection_items where id in (
                select id from collection_items where account_id = $1
                    and collection_id not in (select id from collections where account_id = $1) limit $2)
            returning 1
        )
        select (select count(*) from own) + (select count(*) from others)
        """,
        account_id,
        limit,
    )
