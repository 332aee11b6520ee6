"""Edges between two accounts, written one by one under the lock of their pair."""

from collections.abc import Collection
from datetime import datetime

from linnet.features.relationships.models import FollowOptions
from linnet.platform.postgres import Queries


async def lock(db: Queries, one_id: int, other_id: int) -> None:
    """Wait until nobody else changes anything between these two accounts, until the end of the transaction.

    A follow and a block at the same moment then see each other, whoever comes first.
    """
    await db.execute(
        "select pg_advisory_xact_lock(hashint8extended(least($1::bigint, $2), greatest($1::bigint, $2)))",
        one_id,
        other_id,
    )


async def follow(db: Queries, account_id: int, target_id: int, options: FollowOptions, at: datetime) -> bool:
    """Write a follow; False when there is one already. Whom one follows no list mutes. Uses follows_pkey."""
    made = await db.execute(
        """
        with spared as (
            delete from mutes where account_id = $1 and target_id = $2 and blocklist_id is not null
        )
        insert into follows (account_id, target_id, id, shows_reblogs, notifies, languages, created_at)
        values ($1, $2, snowflake($6), coalesce($3, true), coalesce($4, false), nullif($5::text[], '{}'), $6)
        on conflict do nothing
        """,
        account_id,
        target_id,
        options.reblogs,
        options.notify,
        options.languages,
        at,
    )
    return made == 1


async def request(db: Queries, account_id: int, target_id: int, options: FollowOptions, at: datetime) -> bool:
    """Write a request to follow; False when there is one already. Uses follow_requests_pkey."""
    made = await db.execute(
        """
        insert into follow_requests (account_id, target_id, id, shows_reblogs, notifies, languages, created_at)
        values ($1, $2, snowflake($6), coalesce($3, true), coalesce($4, false), nullif($5::text[], '{}'), $6)
        on conflict do nothing
        """,
        account_id,
        target_id,
        options.reblogs,
        options.notify,
        options.languages,
        at,
    )
    return made == 1


async def set_options(db: Queries, account_id: int, target_id: int, options: FollowOptions) -> None:
    """Change the options of a follow, or of a request for one, leaving what is None."""
    await db.execute(
        """
        with asked as (
            update follow_requests set shows_reblogs = coalesce($3, shows_reblogs), notifies = coalesce($4, notifies),
                languages = nullif(coalesce($5::text[], languages), '{}')
            where account_id = $1 and target_id = $2
        )
        update follows set shows_reblogs = coalesce($3, shows_reblogs), notifies = coalesce($4, notifies),
            languages = nullif(coalesce($5::text[], languages), '{}')
        where account_id = $1 and target_id = $2
        """,
        account_id,
        target_id,
        options.reblogs,
        options.notify,
        options.languages,
    )


async def unfollow(db: Queries, account_id: int, target_id: int) -> bool:
    """Remove a follow, and an endorsement that stands on it; False when there was none."""
    gone = await db.execute(
        """
        with endorsed as (delete from endorsements where account_id = $1 and target_id = $2)
        delete from follows where account_id = $1 and target_id = $2
        """,
        account_id,
        target_id,
    )
    return gone == 1


async def remove_request(db: Queries, account_id: int, target_id: int) -> bool:
    """Remove a request to follow; False when there was none."""
    gone = await db.execute(
        "delete from follow_requests where account_id = $1 and target_id = $2", account_id, target_id
    )
    return gone == 1


async def accept(db: Queries, account_id: int, target_id: int, at: datetime) -> bool:
    """Turn a request into a follow with the same options; False when there was no request."""
    made = await db.execute(
        """
        with asked as (
            delete from follow_requests where account_id = $1 and target_id = $2
            returning id, shows_reblogs, notifies, languages, at_home
        ), spared as (
            delete from mutes where account_id = $1 and target_id = $2 and blocklist_id is not null
                and exists (select from asked)
        )
        insert into follows
            (account_id, target_id, id, shows_reblogs, notifies, languages, created_at, request_id, at_home)
        select $1, $2, snowflake($3), shows_reblogs, notifies, languages, $3, id, at_home from asked
        on conflict do nothing
        """,
        account_id,
        target_id,
        at,
    )
    return made == 1


async def accept_all(db: Queries, target_id: int, at: datetime, limit: int) -> list[int]:
    """Turn up to `limit` requests to an account that is not locked into follows; who now follows. Oldest first.

    Uses follow_requests_target.
    """
    rows = await db.rows(
        """
        with asked as (
            delete from follow_requests where (account_id, target_id) in (
                select q.account_id, q.target_id from follow_requests q
                join accounts a on a.id = q.target_id and not a.locked and a.deleted_at is null
                where q.target_id = $1 order by q.id limit $3 for update of q)
            returning account_id, id, shows_reblogs, notifies, languages, at_home
        ), spared as (
            delete from mutes where target_id = $1 and account_id in (select account_id from asked)
                and blocklist_id is not null
        )
        insert into follows
            (account_id, target_id, id, shows_reblogs, notifies, languages, created_at, request_id, at_home)
        select account_id, $1, snowflake($2), shows_reblogs, notifies, languages, $2, id, at_home from asked
        on conflict do nothing
        returning account_id
        """,
        target_id,
        at,
        limit,
    )
    return [row["account_id"] for row in rows]


async def block(db: Queries, account_id: int, target_id: int, at: datetime) -> bool:
    """Write a block, by hand; False when there is one already. One of a list becomes one by hand. Uses blocks_pkey."""
    made = await db.execute(
        """
        insert into blocks as b (account_id, target_id, id, created_at) values ($1, $2, snowflake($3), $3)
        on conflict (account_id, target_id) do update set blocklist_id = null where b.blocklist_id is not null
        """,
        account_id,
        target_id,
        at,
    )
    return made == 1


async def part(db: Queries, one_id: int, other_id: int) -> list[tuple[int, int]]:
    """Remove requests, follows and endorsements both ways; the follows that ended, as (follower, followed).

    Requests go first, and wait for whoever is just accepting them: their follow is then seen and removed as well.
    """
    await db.execute(
        """
        delete from follow_requests
        where (account_id, target_id) in (($1::bigint, $2::bigint), ($2::bigint, $1::bigint))
        """,
        one_id,
        other_id,
    )
    rows = await db.rows(
        """
        with endorsed as (
            delete from endorsements
            where (account_id, target_id) in (($1::bigint, $2::bigint), ($2::bigint, $1::bigint))
        )
        delete from follows where (account_id, target_id) in (($1::bigint, $2::bigint), ($2::bigint, $1::bigint))
        returning account_id, target_id
        """,
        one_id,
        other_id,
    )
    return [(row["account_id"], row["target_id"]) for row in rows]


async def unblock(db: Queries, account_id: int, target_id: int) -> bool:
    """Remove a block; False when there was none. No list blocks whom one unblocked. Uses blocks_pkey."""
    gone = await db.value(
        """
        with gone as (
            delete from blocks where account_id = $1 and target_id = $2 returning blocklist_id
        ), excepted as (
            insert into blocklist_exceptions (account_id, target_id)
            select $1, $2 from gone where blocklist_id is not null on conflict do nothing
        )
        select count(*) from gone
        """,
        account_id,
        target_id,
    )
    return gone == 1


async def mute(
    db: Queries, account_id: int, target_id: int, at: datetime, *, notifications: bool, expires_at: datetime | None
) -> bool:
    """Write a mute, or change the one there is; False when it was just so already. Uses mutes_pkey."""
    changed = await db.execute(
        """
        insert into mutes as m (account_id, target_id, id, hides_notifications, expires_at, created_at)
        values ($1, $2, snowflake($3), $4, $5, $3)
        on conflict (account_id, target_id) do update
            set hides_notifications = excluded.hides_notifications, expires_at = excluded.expires_at,
                blocklist_id = null
            where m.hides_notifications <> excluded.hides_notifications or m.blocklist_id is not null
                or m.expires_at is distinct from excluded.expires_at
        """,
        account_id,
        target_id,
        at,
        notifications,
        expires_at,
    )
    return changed == 1


async def unmute(db: Queries, account_id: int, target_id: int) -> bool:
    """Remove a mute; False when there was none. No list mutes whom one unmuted. Uses mutes_pkey."""
    gone = await db.value(
        """
        with gone as (
            delete from mutes where account_id = $1 and target_id = $2 returning blocklist_id
        ), excepted as (
            insert into blocklist_exceptions (account_id, target_id)
            select $1, $2 from gone where blocklist_id is not null on conflict do nothing
        )
        select count(*) from gone
        """,
        account_id,
        target_id,
    )
    return gone == 1


async def keep_from_home(db: Queries, account_id: int, away: Collection[int], target_ids: Collection[int]) -> int:
    """Say of follows whether they fill the follower's home: those of `away` do not; how many say otherwise now.

    Uses follows_pkey.
    """
    return await db.execute(
        """
        with asked as (
            update follow_requests set at_home = not at_home
            where account_id = $1 and target_id = any($3) and at_home = (target_id = any($2))
        )
        update follows set at_home = not at_home
        where account_id = $1 and target_id = any($3) and at_home = (target_id = any($2))
        """,
        account_id,
        list(away),
        list(target_ids),
    )


async def set_note(db: Queries, account_id: int, target_id: int, comment: str) -> None:
    """Keep a private note about an account, or drop it when it is empty. Uses account_notes_pkey."""
    await db.execute(
        """
        with dropped as (delete from account_notes where account_id = $1 and target_id = $2 and $3 = '')
        insert into account_notes (account_id, target_id, comment) select $1, $2, $3 where $3 <> ''
        on conflict (account_id, target_id) do update set comment = excluded.comment
        """,
        account_id,
        target_id,
        comment,
    )
