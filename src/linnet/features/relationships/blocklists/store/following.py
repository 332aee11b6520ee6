"""What follows from subscriptions: blocks and mutes of lists, many pairs of one subscriber at a time."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from linnet.features.relationships.blocklists.models import Edge, Pair
from linnet.platform.postgres import Queries


async def hold(db: Queries, subscriber_id: int, target_ids: Sequence[int]) -> None:
    """As `edges.lock`, for a subscriber and several accounts, always in the same order."""
    await db.execute(
        """
        select pg_advisory_xact_lock(hashint8extended(least($1::bigint, t.id), greatest($1::bigint, t.id)))
        from (select id from unnest($2::bigint[]) as x (id) order by id) t
        """,
        subscriber_id,
        list(target_ids),
    )


async def pairs(db: Queries, subscriber_id: int, target_ids: Sequence[int]) -> list[Pair]:
    """What is between a subscriber and some accounts, and what their lists want. Uses primary keys only."""
    rows = await db.rows(
        """
        select t.id, b.id is not null as blocks, b.blocklist_id as block_of,
            m.id is not null as mutes, m.blocklist_id as mute_of, wanted.block, wanted.mute
        from unnest($2::bigint[]) as t (id)
        left join lateral (select id, blocklist_id from blocks where account_id = $1 and target_id = t.id) b on true
        left join lateral (
            select id, blocklist_id from mutes
            where account_id = $1 and target_id = t.id and (expires_at is null or expires_at > now())) m on true
        left join lateral (
            select min(l.id) filter (where s.effect = 'block') as block,
                min(l.id) filter (where s.effect = 'mute') as mute
            from blocklist_subscriptions s
            join blocklists l on l.id = s.blocklist_id and l.dropped_at is null
            join blocklist_entries e on e.blocklist_id = l.id and e.account_id = t.id
            where s.account_id = $1 and t.id <> $1
                and not exists (select from follows f where f.account_id = $1 and f.target_id = t.id)
                and not exists (select from blocklist_exceptions x where x.account_id = $1 and x.target_id = t.id)
                and exists (select from accounts a where a.id = t.id and a.deleted_at is null)
        ) wanted on true
        """,
        subscriber_id,
        list(target_ids),
    )
    return [
        Pair(
            row["id"],
            Edge(row["block_of"]) if row["blocks"] else None,
            Edge(row["mute_of"]) if row["mutes"] else None,
            row["block"],
            row["mute"],
        )
        for row in rows
    ]


async def block(db: Queries, subscriber_id: int, lists: Mapping[int, int], at: datetime) -> list[int]:
    """Write blocks, or of which list they are, by account; those of them who are parted from the subscriber by it.

    These follow, or ask to follow: a block by hand ends that, and so does this. Uses blocks_pkey.
    """
    rows = await db.rows(
        """
        with made as (
            insert into blocks as b (account_id, target_id, id, created_at, blocklist_id)
            select $1, x.target_id, snowflake($4), $4, x.blocklist_id
            from unnest($2::bigint[], $3::bigint[]) as x (target_id, blocklist_id)
            on conflict (account_id, target_id) do update set blocklist_id = excluded.blocklist_id
                where b.blocklist_id is not null
            returning target_id
        )
        select target_id from made
        where exists (select from follows f where f.account_id = made.target_id and f.target_id = $1)
            or exists (select from follow_requests q where q.account_id = made.target_id and q.target_id = $1)
            or exists (select from follow_requests q where q.account_id = $1 and q.target_id = made.target_id)
        """,
        subscriber_id,
        list(lists),
        list(lists.values()),
        at,
    )
    return [row["target_id"] for row in rows]


async def mute(db: Queries, subscriber_id: int, lists: Mapping[int, int], at: datetime) -> None:
    """Write mutes, or of which list they are, by account; one that has run out gives way. Uses mutes_pkey."""
    await db.execute(
        """
        insert into mutes as m (account_id, target_id, id, hides_notifications, created_at, blocklist_id)
        select $1, x.target_id, snowflake($4), true, $4, x.blocklist_id
        from unnest($2::bigint[], $3::bigint[]) as x (target_id, blocklist_id)
        on conflict (account_id, target_id) do update set blocklist_id = excluded.blocklist_id, expires_at = null
            where m.blocklist_id is not null or m.expires_at <= now()
        """,
        subscriber_id,
        list(lists),
        list(lists.values()),
        at,
    )


async def undo(db: Queries, subscriber_id: int, unblocked: Sequence[int], unmuted: Sequence[int]) -> None:
    """Remove blocks and mutes of lists; those by hand stay. Uses the primary keys."""
    await db.execute(
        """
        with unblocked as (
            delete from blocks where account_id = $1 and target_id = any($2::bigint[]) and blocklist_id is not null
        )
        delete from mutes where account_id = $1 and target_id = any($3::bigint[]) and blocklist_id is not null
        """,
        subscriber_id,
        list(unblocked),
        list(unmuted),
    )


async def targets(db: Queries, subscriber_id: int, blocklist_id: int, after_id: int, limit: int) -> list[int]:
    """Accounts of a list, and whom it blocks or mutes for a subscriber, by id and after one.

    Uses blocklist_entries_pkey, blocks_pkey and mutes_pkey.
    """
    rows = await db.rows(
        """
        select x.id from (
            (select account_id as id from blocklist_entries
             where blocklist_id = $2 and account_id > $3 order by account_id limit $4)
            union (select target_id from blocks
             where account_id = $1 and target_id > $3 and blocklist_id = $2 order by target_id limit $4)
            union (select target_id from mutes
             where account_id = $1 and target_id > $3 and blocklist_id = $2 order by target_id limit $4)
        ) x order by x.id limit $4
        """,
        subscriber_id,
        blocklist_id,
        after_id,
        limit,
    )
    return [row["id"] for row in rows]


async def subscribers(db: Queries, blocklist_id: int, after_id: int, limit: int) -> list[int]:
    """Who subscribes to a list, by id and after one. Uses blocklist_subscriptions_list."""
    rows = await db.rows(
        """
        select account_id from blocklist_subscriptions
        where blocklist_id = $1 and account_id > $2 order by account_id limit $3
        """,
        blocklist_id,
        after_id,
        limit,
    )
    return [row["account_id"] for row in rows]


async def is_dropped(db: Queries, blocklist_id: int) -> bool:
    """Whether a list was deleted, or is gone for good. Uses blocklists_pkey."""
    return not await db.value(
        "select exists (select from blocklists where id = $1 and dropped_at is null)", blocklist_id
    )


async def forget_list(db: Queries, blocklist_id: int) -> None:
    """Remove a deleted list with all that is of it. Uses the primary keys and blocklist_subscriptions_list."""
    await db.execute(
        """
        with entered as (delete from blocklist_entries where blocklist_id = $1),
            subscribed as (delete from blocklist_subscriptions where blocklist_id = $1)
        delete from blocklists where id = $1 and dropped_at is not null
        """,
        blocklist_id,
    )


async def drop_all(db: Queries, account_id: int, at: datetime) -> list[int]:
    """Mark all lists of an account as deleted; all of its that are. Uses blocklists_account."""
    rows = await db.rows(
        """
        update blocklists set dropped_at = coalesce(dropped_at, $2) where account_id = $1 and dropped_at is null
        returning id
        """,
        account_id,
        at,
    )
    return [row["id"] for row in rows]


async def erase(db: Queries, account_id: int, limit: int) -> int:
    """Remove a deleted account from lists, subscriptions and exceptions, up to `limit` of each; how many.

    Uses blocklist_entries_account, blocklist_subscriptions_pkey, blocklist_exceptions_pkey and …_target.
    """
    return await db.value(
        """
        with entered as (
            delete from blocklist_entries where (blocklist_id, account_id) in (
                select blocklist_id, account_id from blocklist_entries where account_id = $1 limit $2) returning 1
        ), subscribed as (
            delete from blocklist_subscriptions where (account_id, blocklist_id) in (
                select account_id, blocklist_id from blocklist_subscriptions where account_id = $1 limit $2) returning 1
        ), excepted as (
            delete from blocklist_exceptions where (account_id, target_id) in (
                (select account_id, target_id from blocklist_exceptions where account_id = $1 limit $2)
                union all (select account_id, target_id from blocklist_exceptions where target_id = $1 limit $2))
            returning 1
        )
        select (select count(*) from entered) + (select count(*) from subscribed) + (select count(*) from excepted)
        """,
        account_id,
        limit,
    )
