"""Rows of failed sign-ins, and what is counted from them while Valkey is away."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import asyncpg

from linnet.platform.paging import Window
from linnet.platform.postgres import Queries

Outcome = Literal["checking", "wrong", "locked"]


async def insert(
    db: Queries,
    account_id: int | None,
    subject: str,
    *,
    network: str,
    address: str,
    agent: str,
    outcome: Outcome,
    at: datetime,
    kept_max: int,
) -> int:
    """Note a try; its id. Of those of one subject the newest `kept_max` stay (`failed_sign_ins_subject`)."""
    return await db.value(
        """
        with outdated as (
            delete from failed_sign_ins where id in (
                select id from failed_sign_ins where subject = $2 order by id desc offset $8 limit 100
            )
        )
        insert into failed_sign_ins (id, account_id, subject, network, address, agent, outcome, created_at)
        values (snowflake($7), $1, $2, $3, $4, $5, $6, $7) returning id
        """,
        account_id,
        subject,
        network,
        address,
        agent,
        outcome,
        at,
        kept_max,
    )


async def set_wrong(db: Queries, row_id: int) -> None:
    """A try that was being checked was wrong (primary key)."""
    await db.execute("update failed_sign_ins set outcome = 'wrong' where id = $1", row_id)


async def delete(db: Queries, row_id: int) -> None:
    """A try that was being checked was right, or not checked after all (primary key)."""
    await db.execute("delete from failed_sign_ins where id = $1", row_id)


async def hold(db: Queries, subject: str) -> None:
    """Let nobody else count or note tries for this subject until the transaction ends."""
    await db.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", subject)


async def tries(db: Queries, subject: str, network: str, above_id: int, limit: int) -> tuple[int, int]:
    """How many rows above an id there are of a subject, and of a network; each up to `limit`.

    Uses `failed_sign_ins_subject` and `failed_sign_ins_network`.
    """
    row = await db.row(
        """
        select
            (select count(*) from (select from failed_sign_ins
                where subject = $1 and id > $3 and outcome <> 'locked' limit $4) s) as of_subject,
            (select count(*) from (select from failed_sign_ins
                where network = $2 and id > $3 and outcome <> 'locked' limit $4) n) as of_network
        """,
        subject,
        network,
        above_id,
        limit,
    )
    assert row is not None
    return row["of_subject"], row["of_network"]


async def locked_since(db: Queries, subject: str, above_id: int) -> bool:
    """Whether the subject was locked by a row above this id (`failed_sign_ins_subject`)."""
    return await db.value(
        """
        select exists (select from failed_sign_ins where subject = $1 and id > $2 and outcome = 'locked')
        """,
        subject,
        above_id,
    )


async def of_account(db: Queries, account_id: int, window: Window) -> Sequence[asyncpg.Record]:
    """`id, address, agent, outcome, created_at` of an account's failed sign-ins (`failed_sign_ins_account`)."""
    if window.forward:
        rows = await db.rows(
            """
            select id, address, agent, outcome, created_at from failed_sign_ins
            where account_id = $1 and id > $2 and id < $3 and outcome <> 'checking' order by id limit $4
            """,
            account_id,
            window.floor,
            window.ceiling,
            window.limit,
        )
        return rows[::-1]
    return await db.rows(
        """
        select id, address, agent, outcome, created_at from failed_sign_ins
        where account_id = $1 and id > $2 and id < $3 and outcome <> 'checking' order by id desc limit $4
        """,
        account_id,
        window.floor,
        window.ceiling,
        window.limit,
    )


async def forget(db: Queries, below_id: int, unknown_below_id: int, rows_max: int) -> int:
    """Delete rows below an id, and those of names nobody has below another one; how many (primary key)."""
    return await db.execute(
        """
        delete from failed_sign_ins where id in (
            select id from failed_sign_ins where id < $1 or (id < $2 and account_id is null)
            order by id limit $3 for update skip locked
        )
        """,
        below_id,
        unknown_below_id,
        rows_max,
    )


async def forget_account(db: Queries, account_id: int, rows_max: int) -> int:
    """Delete an account's failed sign-ins; how many (`failed_sign_ins_account`)."""
    return await db.execute(
        """
        delete from failed_sign_ins where id in (
            select id from failed_sign_ins where account_id = $1 order by id desc limit $2
        )
        """,
        account_id,
        rows_max,
    )


async def release(db: Queries, account_id: int, above_id: int) -> None:
    """Forget an account's tries above an id: nothing is counted any more (`failed_sign_ins_account`).

    They stay to be seen as long as Valkey counts; while it is away only their absence unlocks.
    """
    await db.execute(
        "update failed_sign_ins set subject = subject || ' released' where account_id = $1 and id > $2",
        account_id,
        above_id,
    )
