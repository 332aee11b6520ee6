"""Forgetting notifications whose cause is gone, in bounded slices. Each call may run twice."""

from collections.abc import Sequence

from linnet.platform.postgres import Queries

Pairs = Sequence[tuple[int, int]]


async def about_statuses(db: Queries, status_ids: Sequence[int], limit: int) -> int:
    """Forget up to `limit` notifications about deleted statuses; how many. Uses notifications_status."""
    return await db.execute(
        """
        delete from notifications where id in (
            select n.id from notifications n join statuses s on s.id = n.status_id and s.deleted_at is not null
            where n.status_id = any($1) limit $2)
        """,
        list(status_ids),
        limit,
    )


async def about_messages(db: Queries, message_ids: Sequence[int]) -> None:
    """Forget the notifications about messages that are gone: a few for each. Uses notifications_status."""
    await db.execute(
        """
        delete from notifications n where n.status_id = any($1)
            and not exists (select from messages m where m.id = n.status_id)
            and not exists (select from statuses s where s.id = n.status_id)
        """,
        list(message_ids),
    )


async def of_message_favourites(db: Queries, favourites: Pairs) -> None:
    """Forget the notifications of favourites of messages that stand no more. Uses notifications_status."""
    await db.execute(
        """
        delete from notifications n using unnest($1::bigint[], $2::bigint[]) as x (account_id, message_id)
        where n.status_id = x.message_id and n.kind = 'favourite' and n.from_account_id = x.account_id
            and not exists (select from message_favourites f
                            where f.account_id = x.account_id and f.message_id = x.message_id)
        """,
        [account_id for account_id, _ in favourites],
        [message_id for _, message_id in favourites],
    )


async def of_reblogs(db: Queries, reblog_ids: Sequence[int]) -> None:
    """Forget the notifications of reblogs that were taken back and not made again. Uses notifications_status."""
    await db.execute(
        """
        delete from notifications n using statuses r
        where r.id = any($1) and r.deleted_at is not null and n.status_id = r.reblog_of_id and n.kind = 'reblog'
            and n.from_account_id = r.account_id
            and not exists (select from statuses again where again.account_id = r.account_id
                            and again.reblog_of_id = r.reblog_of_id and again.deleted_at is null)
        """,
        list(reblog_ids),
    )


async def of_favourites(db: Queries, favourites: Pairs) -> None:
    """Forget the notifications of favourites, pairs (who, status), that stand no more. Uses notifications_status."""
    await db.execute(
        """
        delete from notifications n using unnest($1::bigint[], $2::bigint[]) as x (account_id, status_id)
        where n.status_id = x.status_id and n.kind = 'favourite' and n.from_account_id = x.account_id
            and not exists (select from favourites f
                            where f.account_id = x.account_id and f.status_id = x.status_id)
        """,
        [account_id for account_id, _ in favourites],
        [status_id for _, status_id in favourites],
    )


async def of_follows(db: Queries, pairs: Pairs) -> None:
    """Forget that somebody follows or asks to, for pairs (who, whom) where they no longer do.

    Uses the unique index of notifications.
    """
    await db.execute(
        """
        delete from notifications n using unnest($1::bigint[], $2::bigint[]) as x (account_id, target_id)
        where n.account_id = x.target_id and n.from_account_id = x.account_id and n.status_id is null
            and ((n.kind = 'follow' and not exists (
                    select from follows f where f.account_id = x.account_id and f.target_id = x.target_id))
                or (n.kind = 'follow_request' and not exists (
                    select from follow_requests f where f.account_id = x.account_id and f.target_id = x.target_id)))
        """,
        [account_id for account_id, _ in pairs],
        [target_id for _, target_id in pairs],
    )


async def from_blocked(db: Queries, account_id: int, target_id: int, limit: int) -> int:
    """Forget up to `limit` of what an account was told of somebody it blocks. Uses notifications_by_account."""
    return await db.execute(
        """
        delete from notifications where id in (
            select n.id from notifications n
            where n.account_id = $1 and n.from_account_id = $2
                and exists (select from blocks b where b.account_id = $1 and b.target_id = $2)
            limit $3)
        """,
        account_id,
        target_id,
        limit,
    )


async def of_account(db: Queries, account_id: int, limit: int) -> int:
    """Forget up to `limit` notifications to and as many from an account; how many.

    Uses notifications_by_account and notifications_from.
    """
    return await db.value(
        """
        with received as (
            delete from notifications where id in (select id from notifications where account_id = $1 limit $2)
            returning 1
        ), sent as (
            delete from notifications where id in (select id from notifications where from_account_id = $1 limit $2)
            returning 1
        )
        select (select count(*) from received) + (select count(*) from sent)
        """,
        account_id,
        limit,
    )
