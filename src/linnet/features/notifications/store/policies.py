"""Rows of what accounts let through, and of those who wait for leave."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import LiteralString

import asyncpg

from linnet.features.notifications.models import PENDING_MAX, Pending, Policy, Request, Verdict
from linnet.features.notifications.store.rows import WELCOME
from linnet.platform.paging import Window
from linnet.platform.postgres import Queries

_CAUSES: LiteralString = """
    for_not_following, for_not_followers, for_new_accounts, for_private_mentions, for_limited_accounts, for_bots
"""

_WAITING: LiteralString = (
    """
    from notification_requests r
    cross join lateral (
        select count(*) as number, max(w.status_id) filter (where w.kind in ('mention', 'quote')) as last_status_id
        from (
            select n.kind, n.status_id from notifications n
            where n.filtered and n.account_id = r.account_id and n.from_account_id = r.from_account_id and """
    + WELCOME
    + """ order by n.id desc limit $2) w) waiting
    where r.account_id = $1 and r.accepted_at is null and waiting.number > 0
"""
)
"""Requests `r` with what waits of each, up to `$2`. Uses notifications_filtered."""

_REQUEST: LiteralString = (
    "select r.id, r.from_account_id, r.created_at, r.updated_at, waiting.number, waiting.last_status_id"
)


async def load(db: Queries, account_id: int) -> Policy:
    """An account's policy. Uses notification_policies_pkey."""
    row = await db.row("select " + _CAUSES + " from notification_policies where account_id = $1", account_id)
    return _policy(row) if row else Policy()


async def change(db: Queries, account_id: int, verdicts: Mapping[str, Verdict], at: datetime) -> Policy:
    """Change an account's verdicts by cause, the others stay; the policy now."""
    row = await db.row(
        """
        insert into notification_policies as p (account_id, updated_at,
            for_not_following, for_not_followers, for_new_accounts,
            for_private_mentions, for_limited_accounts, for_bots)
        values ($1, $2,
            coalesce($3::notification_verdict, 'accept'), coalesce($4::notification_verdict, 'accept'),
            coalesce($5::notification_verdict, 'accept'), coalesce($6::notification_verdict, 'filter'),
            coalesce($7::notification_verdict, 'filter'), coalesce($8::notification_verdict, 'accept'))
        on conflict (account_id) do update set updated_at = $2,
            for_not_following = coalesce($3, p.for_not_following),
            for_not_followers = coalesce($4, p.for_not_followers),
            for_new_accounts = coalesce($5, p.for_new_accounts),
            for_private_mentions = coalesce($6, p.for_private_mentions),
            for_limited_accounts = coalesce($7, p.for_limited_accounts),
            for_bots = coalesce($8, p.for_bots)
        returning """
        + _CAUSES,
        account_id,
        at,
        verdicts.get("for_not_following"),
        verdicts.get("for_not_followers"),
        verdicts.get("for_new_accounts"),
        verdicts.get("for_private_mentions"),
        verdicts.get("for_limited_accounts"),
        verdicts.get("for_bots"),
    )
    assert row is not None
    return _policy(row)


async def pending(db: Queries, account_id: int) -> Pending:
    """What waits for an account. Uses notification_requests_by_account and notifications_filtered."""
    row = await db.row(
        "select count(*) as requests, coalesce(sum(number), 0)::int as notifications from (select waiting.number"
        + _WAITING
        + " limit $2) w",
        account_id,
        PENDING_MAX,
    )
    assert row is not None
    return Pending(row["requests"], row["notifications"])


async def requests(db: Queries, account_id: int, window: Window) -> list[Request]:
    """A page of an account's requests, newest first, without those of whom nothing waits any more.

    Uses notification_requests_by_account and notifications_filtered.
    """
    asked: LiteralString = _REQUEST + _WAITING + " and r.id > $3 and r.id < $4"
    order: LiteralString = " order by r.id asc limit $5" if window.forward else " order by r.id desc limit $5"
    rows = await db.rows(asked + order, account_id, PENDING_MAX, window.floor, window.ceiling, window.limit)
    found = [_request(row) for row in rows]
    return found[::-1] if window.forward else found


async def request(db: Queries, account_id: int, request_id: int) -> Request | None:
    """One of an account's requests. Uses notification_requests_pkey."""
    row = await db.row(_REQUEST + _WAITING + " and r.id = $3", account_id, PENDING_MAX, request_id)
    return _request(row) if row else None


async def accept(db: Queries, account_id: int, request_ids: Sequence[int], at: datetime) -> list[int]:
    """Let the senders of requests in for good; who they are. Their requests stay until all is merged."""
    rows = await db.rows(
        """
        with accepted as (
            update notification_requests set accepted_at = $3
            where account_id = $1 and id = any($2) and accepted_at is null
            returning from_account_id
        ), permitted as (
            insert into notification_permissions (account_id, from_account_id, created_at)
            select $1, from_account_id, $3 from accepted on conflict do nothing
        )
        select from_account_id from accepted
        """,
        account_id,
        list(request_ids),
        at,
    )
    return [row["from_account_id"] for row in rows]


async def dismiss(db: Queries, account_id: int, request_ids: Sequence[int]) -> list[int]:
    """Forget requests; whose they were. Uses notification_requests_pkey."""
    rows = await db.rows(
        """
        delete from notification_requests where account_id = $1 and id = any($2) and accepted_at is null
        returning from_account_id
        """,
        account_id,
        list(request_ids),
    )
    return [row["from_account_id"] for row in rows]


async def merge(db: Queries, account_id: int, from_account_ids: Collection[int], limit: int) -> int:
    """Put up to `limit` of what waited of accounts among the other notifications; how many. By notifications_filtered.

    Each by itself: what was filtered is in no group.
    """
    return await db.execute(
        """
        update notifications set filtered = false where id in (
            select id from notifications where filtered and account_id = $1 and from_account_id = any($2)
            order by id limit $3 for update)
        """,
        account_id,
        list(from_account_ids),
        limit,
    )


async def end_accepted(db: Queries, account_id: int, from_account_ids: Collection[int]) -> bool:
    """Forget accepted requests of accounts, whose notifications are merged; whether some were left to forget.

    All accepted ones are locked until the end of the transaction: of two that end at once one sees the other's end.
    """
    await db.execute(
        "select from notification_requests where account_id = $1 and accepted_at is not null order by id for update",
        account_id,
    )
    return bool(
        await db.execute(
            """
            delete from notification_requests
            where account_id = $1 and from_account_id = any($2) and accepted_at is not null
            """,
            account_id,
            list(from_account_ids),
        )
    )


async def is_merged(db: Queries, account_id: int) -> bool:
    """Whether nothing of accepted requests waits to be merged. Uses notification_requests_by_account."""
    return not await db.value(
        "select exists (select from notification_requests where account_id = $1 and accepted_at is not null)",
        account_id,
    )


async def drop(db: Queries, account_id: int, from_account_ids: Collection[int], up_to_id: int, limit: int) -> int:
    """Remove up to `limit` of what waits of accounts, none newer than an id; how many. Uses notifications_filtered."""
    return await db.execute(
        """
        delete from notifications where id in (
            select id from notifications
            where filtered and account_id = $1 and from_account_id = any($2) and id <= $3 limit $4)
        """,
        account_id,
        list(from_account_ids),
        up_to_id,
        limit,
    )


async def erase(db: Queries, account_id: int, limit: int) -> int:
    """Remove what an account let through, and up to `limit` rows each of who was let in or asked; how many."""
    return await db.value(
        """
        with policy as (
            delete from notification_policies where account_id = $1 returning 1
        ), permissions as (
            delete from notification_permissions where (account_id, from_account_id) in (
                (select account_id, from_account_id from notification_permissions where account_id = $1 limit $2)
                union all
                (select account_id, from_account_id from notification_permissions where from_account_id = $1 limit $2))
            returning 1
        ), requests as (
            delete from notification_requests where id in (
                (select id from notification_requests where account_id = $1 limit $2)
                union all
                (select id from notification_requests where from_account_id = $1 limit $2))
            returning 1
        )
        select (select count(*) from policy) + (select count(*) from permissions) + (select count(*) from requests)
        """,
        account_id,
        limit,
    )


def _policy(row: asyncpg.Record) -> Policy:
    return Policy(**{cause: Verdict(verdict) for cause, verdict in row.items()})


def _request(row: asyncpg.Record) -> Request:
    return Request(
        id=row["id"],
        from_account_id=row["from_account_id"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        count=row["number"],
        last_status_id=row["last_status_id"],
    )
