"""Rows of the outbox, and of when letters went out lately."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from linnet.platform.postgres import Queries


async def keep(db: Queries, recipient: str, subject: str, text: str, links: Sequence[str], at: datetime) -> None:
    """Put a letter into the outbox."""
    await db.execute(
        "insert into outbox (recipient, subject, text, links, made_at) values ($1, $2, $3, $4, $5)",
        recipient,
        subject,
        text,
        list(links),
        at,
    )


async def kept(db: Queries, limit: int) -> list[asyncpg.Record]:
    """`id, made_at, recipient, subject, links, text` of the newest letters, newest first (primary key)."""
    return await db.rows(
        "select id, made_at, recipient, subject, links, text from outbox order by id desc limit $1", limit
    )


async def forget(db: Queries, before: datetime, letters_max: int, rows_max: int) -> int:
    """Delete letters made before that moment or beyond the newest `letters_max`; how many (`outbox_age`, its key)."""
    return await db.execute(
        """
        delete from outbox where id in (
            (select id from outbox where made_at < $1 order by made_at limit $3)
            union (select id from outbox order by id desc offset $2 limit $3)
        )
        """,
        before,
        letters_max,
        rows_max,
    )


async def count(db: Queries, account_id: int, kind: str, *, at: datetime, since: datetime, letters_max: int) -> bool:
    """Note that a letter goes out, unless `letters_max` did after `since`; whether it may. Exact (primary key)."""
    return bool(
        await db.value(
            """
            insert into letter_times as known (account_id, kind, sent_at, last_sent_at)
            values ($1, $2, array[$3::timestamptz], $3)
            on conflict (account_id, kind) do update set last_sent_at = $3,
                sent_at = (known.sent_at || $3::timestamptz)[greatest(cardinality(known.sent_at) + 2 - $5, 1):]
            where cardinality(known.sent_at) < $5 or known.sent_at[1] <= $4
            returning true
            """,
            account_id,
            kind,
            at,
            since,
            letters_max,
        )
    )


async def uncount(db: Queries, account_id: int, kind: str, at: datetime) -> None:
    """Take back what was noted of a letter that did not go out (primary key)."""
    await db.execute(
        "update letter_times set sent_at = array_remove(sent_at, $3) where account_id = $1 and kind = $2",
        account_id,
        kind,
        at,
    )


async def forget_times(db: Queries, before: datetime, rows_max: int) -> int:
    """Delete what was noted of accounts that got no letter of a kind since; how many (`letter_times_age`)."""
    return await db.execute(
        """
        delete from letter_times where (account_id, kind) in (
            select account_id, kind from letter_times where last_sent_at < $1
            order by last_sent_at limit $2 for update skip locked
        )
        """,
        before,
        rows_max,
    )
