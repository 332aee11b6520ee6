"""Rows of posts for later. Published ones are deleted by `statuses.store.writing.insert`."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import LiteralString

import asyncpg

from linnet.features.statuses.drafts import read_again
from linnet.features.statuses.scheduled.models import Scheduled
from linnet.platform.paging import Window
from linnet.platform.postgres import Queries


async def lock(db: Queries, account_id: int) -> None:
    """Let one request at a time add to an account's posts for later, so that their number stays within its bounds."""
    await db.execute("select from accounts where id = $1 for no key update", account_id)


async def numbers(db: Queries, account_id: int, day: datetime, besides_id: int) -> tuple[int, int]:
    """How many posts an account has for later, and how many of them for the day that begins at `day`.

    The one with the id `besides_id` is not counted. Uses scheduled_statuses_account.
    """
    row = await db.row(
        """
        select count(*), count(*) filter (where scheduled_at >= $2 and scheduled_at < $3)
        from scheduled_statuses where account_id = $1 and id <> $4
        """,
        account_id,
        day,
        day + timedelta(days=1),
        besides_id,
    )
    assert row is not None, "a count gives a row"
    return row[0], row[1]


async def claim_key(db: Queries, account_id: int, key: str, scheduled_id: int, at: datetime, kept_s: int) -> int | None:
    """Take an idempotency key for a post for later; what it stands for already, None when it was free."""
    claimed = await db.value(
        """
        insert into idempotency_keys as k (account_id, key, status_id, created_at) values ($1, $2, $3, $4)
        on conflict (account_id, key) do update set status_id = excluded.status_id, created_at = excluded.created_at
            where k.created_at < excluded.created_at - make_interval(secs => $5)
        returning status_id
        """,
        account_id,
        key,
        scheduled_id,
        at,
        kept_s,
    )
    if claimed is not None:
        return None
    return await db.value("select status_id from idempotency_keys where account_id = $1 and key = $2", account_id, key)


async def insert(
    db: Queries, scheduled_id: int, account_id: int, scheduled_at: datetime, draft: Mapping[str, object], at: datetime
) -> None:
    """Write a post for later."""
    await db.execute(
        """
        insert into scheduled_statuses (id, account_id, scheduled_at, draft, created_at) values ($1, $2, $3, $4, $5)
        """,
        scheduled_id,
        account_id,
        scheduled_at,
        draft,
        at,
    )


async def reschedule(db: Queries, account_id: int, scheduled_id: int, scheduled_at: datetime) -> bool:
    """Give a post another time, as if it had never had one; False when there is no such post (any more)."""
    moved = await db.execute(
        """
        update scheduled_statuses set scheduled_at = $3, queued_at = null, failure = null
        where id = $2 and account_id = $1
        """,
        account_id,
        scheduled_id,
        scheduled_at,
    )
    return moved == 1


async def delete(db: Queries, account_id: int, scheduled_id: int) -> bool:
    """Remove a post for later; False when there is none (any more)."""
    return (
        await db.execute("delete from scheduled_statuses where id = $2 and account_id = $1", account_id, scheduled_id)
        == 1
    )


async def page(db: Queries, account_id: int, window: Window) -> list[Scheduled]:
    """A page of an account's posts for later, the latest written first. Uses scheduled_statuses_account."""
    nearest: LiteralString = " order by id asc limit $4"
    newest: LiteralString = " order by id desc limit $4"
    rows = await db.rows(
        """
        select id, account_id, scheduled_at, draft, failure from scheduled_statuses
        where account_id = $1 and id > $2 and id < $3
        """
        + (nearest if window.forward else newest),
        account_id,
        window.floor,
        window.ceiling,
        window.limit,
    )
    found = [_scheduled(row) for row in rows]
    return found[::-1] if window.forward else found


async def load(db: Queries, account_id: int, scheduled_id: int) -> Scheduled | None:
    """One of an account's posts for later. Uses scheduled_statuses_pkey."""
    row = await db.row(
        """
        select id, account_id, scheduled_at, draft, failure from scheduled_statuses
        where id = $2 and account_id = $1
        """,
        account_id,
        scheduled_id,
    )
    return _scheduled(row) if row else None


async def take_due(db: Queries, at: datetime, limit: int) -> list[int]:
    """Up to `limit` posts whose time has come by `at`, each once. Uses scheduled_statuses_due."""
    rows = await db.rows(
        """
        update scheduled_statuses set queued_at = $1 where id in (
            select id from scheduled_statuses where queued_at is null and scheduled_at <= $1
            order by scheduled_at limit $2 for update skip locked)
        returning id
        """,
        at,
        limit,
    )
    return [row[0] for row in rows]


async def due(db: Queries, scheduled_id: int, at: datetime) -> tuple[Scheduled, bool] | None:
    """A post whose time has come, and whether its author may still post; None when it was published, moved or deleted.

    Uses scheduled_statuses_pkey, accounts_pkey and users_pkey.
    """
    row = await db.row(
        """
        select q.id, q.account_id, q.scheduled_at, q.draft, q.failure,
            exists (select from accounts a join users u on u.account_id = a.id
                where a.id = q.account_id and a.deleted_at is null and a.suspended_at is null
                    and a.frozen_at is null and u.disabled_at is null)
        from scheduled_statuses q where q.id = $1 and q.scheduled_at <= $2 and q.failure is null
        """,
        scheduled_id,
        at,
    )
    return (_scheduled(row), row[5]) if row else None


async def note_failure(db: Queries, scheduled_id: int, failure: str, at: datetime) -> None:
    """Write down why a post could not be published, unless it was moved meanwhile."""
    await db.execute(
        "update scheduled_statuses set failure = $2 where id = $1 and scheduled_at <= $3", scheduled_id, failure, at
    )


async def erase_of(db: Queries, account_id: int) -> list[int]:
    """Remove every post for later of an account, at most as many as it may have; their ids."""
    rows = await db.rows("delete from scheduled_statuses where account_id = $1 returning id", account_id)
    return [row[0] for row in rows]


def _scheduled(row: asyncpg.Record) -> Scheduled:
    return Scheduled(row[0], row[1], row[2], read_again(row[3]), row[4])
