"""Rows of appeals."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, LiteralString

import asyncpg

from linnet.features.cases.appeals.models import Against, Appeal, Choice, State
from linnet.platform.paging import Window
from linnet.platform.postgres import Queries

_APPEAL: Final[LiteralString] = """
    select id, account_id, decision_id, strike_id, text, made_at, answered_at, answered_by, approved, answer
    from appeals
    """


async def insert(
    db: Queries, account_id: int, against: Against, subject_id: int, text: str, at: datetime
) -> Appeal | None:
    """Write an appeal down; None when there is one against the same. By appeals_decision_id_key and its twin."""
    row = await db.row(
        """
        insert into appeals (id, account_id, decision_id, strike_id, text, made_at)
        values (snowflake($5), $1, case when $2 then $3::bigint end, case when not $2 then $3::bigint end, $4, $5)
        on conflict do nothing
        returning id, account_id, decision_id, strike_id, text, made_at, answered_at, answered_by, approved, answer
        """,
        account_id,
        against is Against.DECISION,
        subject_id,
        text,
        at,
    )
    return _appeal(row) if row else None


async def answer(
    db: Queries, appeal_id: int, by: int | None, at: datetime, text: str, *, approved: bool
) -> Appeal | None:
    """Answer an appeal that waits; None when it does not. Uses appeals_pkey."""
    row = await db.row(
        """
        update appeals set answered_at = $3, answered_by = $2, approved = $4, answer = $5
        where id = $1 and answered_at is null
        returning id, account_id, decision_id, strike_id, text, made_at, answered_at, answered_by, approved, answer
        """,
        appeal_id,
        by,
        at,
        approved,
        text,
    )
    return _appeal(row) if row else None


async def load(db: Queries, appeal_id: int) -> Appeal | None:
    """One appeal. Uses appeals_pkey."""
    row = await db.row(_APPEAL + " where id = $1", appeal_id)
    return _appeal(row) if row else None


async def against(db: Queries, against: Against, subject_ids: Sequence[int]) -> dict[int, Appeal]:
    """The appeals against these decisions, or strikes, by what they are against. Uses the unique indexes of both."""
    rows = await db.rows(
        _APPEAL + (" where decision_id = any($1)" if against is Against.DECISION else " where strike_id = any($1)"),
        list(subject_ids),
    )
    found = [_appeal(row) for row in rows]
    return {one.subject_id: one for one in found}


async def waits_against(db: Queries, against: Against, subject_id: int) -> bool:
    """Whether an appeal against a decision, or a strike, waits. Uses the unique indexes of both."""
    return await db.value(
        "select exists (select from appeals where answered_at is null and decision_id = $1)"
        if against is Against.DECISION
        else "select exists (select from appeals where answered_at is null and strike_id = $1)",
        subject_id,
    )


async def page(db: Queries, window: Window, choice: Choice) -> list[Appeal]:
    """A page of appeals, newest first. Uses appeals_open for those that wait, appeals_by_account, else appeals_pkey."""
    asked: LiteralString = (
        _APPEAL
        + """
        where id > $1 and id < $2 and ($4::text is null or ($4 = 'decision') = (decision_id is not null))
            and ($5::bigint is null or account_id = $5)
        """
    )
    states: dict[State | None, LiteralString] = {
        None: "",
        State.PENDING: " and answered_at is null",
        State.APPROVED: " and answered_at is not null and approved",
        State.REJECTED: " and answered_at is not null and not approved",
    }
    order: LiteralString = " order by id asc limit $3" if window.forward else " order by id desc limit $3"
    rows = await db.rows(
        asked + states[choice.state] + order,
        window.floor,
        window.ceiling,
        window.limit,
        choice.against,
        choice.account_id,
    )
    found = [_appeal(row) for row in rows]
    return found[::-1] if window.forward else found


async def waiting(db: Queries, number_max: int) -> tuple[int, datetime | None]:
    """How many wait for an answer, counted up to a bound, and since when the oldest does. Uses appeals_open."""
    row = await db.row(
        """
        select count(*) as number, min(made_at) as since
        from (select made_at from appeals where answered_at is null order by id limit $1) one
        """,
        number_max,
    )
    assert row is not None, "an aggregate always has a row"
    return row["number"], row["since"]


async def answered_since(db: Queries, since: datetime) -> dict[tuple[Against, bool], int]:
    """How many were answered since then, by what they are against and whether approved. Uses appeals_answered."""
    rows = await db.rows(
        """
        select decision_id is not null as of_decision, approved, count(*) as number from appeals
        where answered_at >= $1 group by 1, 2
        """,
        since,
    )
    return {
        (Against.DECISION if row["of_decision"] else Against.STRIKE, row["approved"]): row["number"] for row in rows
    }


async def erase(db: Queries, account_id: int, limit: int) -> int:
    """Forget up to `limit` appeals of an account; how many. Uses appeals_by_account."""
    return await db.execute(
        "delete from appeals where id in (select id from appeals where account_id = $1 limit $2)", account_id, limit
    )


def _appeal(row: asyncpg.Record) -> Appeal:
    of_decision = row["decision_id"] is not None
    return Appeal(
        id=row["id"],
        account_id=row["account_id"],
        against=Against.DECISION if of_decision else Against.STRIKE,
        subject_id=row["decision_id"] if of_decision else row["strike_id"],
        text=row["text"],
        made_at=row["made_at"],
        answered_at=row["answered_at"],
        answered_by=row["answered_by"],
        approved=row["approved"],
        answer=row["answer"],
    )
