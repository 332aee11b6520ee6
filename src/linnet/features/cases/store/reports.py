"""Rows of reports, and of what was reported as it was then."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import LiteralString

import asyncpg

from linnet.features.cases.models import Category, Complaint, Record, Report, ReportChoice, Subject, SubjectKind
from linnet.platform.paging import Window
from linnet.platform.postgres import Queries

_COLUMNS: LiteralString = """
    select r.id, r.case_id, r.account_id, r.target_id, r.category, r.comment, r.rule_ids, r.forward, r.weight,
        r.made_at, c.resolved_at
    from reports r join cases c on c.id = r.case_id
"""


async def insert(db: Queries, case_id: int, account_id: int, complaint: Complaint, weight: float, at: datetime) -> int:
    """Write a report down; its id."""
    return await db.value(
        """
        insert into reports (id, case_id, account_id, target_id, category, comment, rule_ids, forward, weight, made_at)
        values (snowflake($9), $1, $2, $3, $4, $5, $6, $7, $8, $9) returning id
        """,
        case_id,
        account_id,
        complaint.target_id,
        complaint.category,
        complaint.comment,
        list(complaint.rule_ids),
        complaint.forward,
        weight,
        at,
    )


async def add_subjects(db: Queries, report_id: int, subjects: Sequence[Subject]) -> None:
    """Keep what a report is about, as it is now. One statement."""
    await db.execute(
        """
        insert into report_subjects
            (report_id, kind, subject_id, spoiler_text, text, visibility, media_ids, written_at)
        select $1, kind, subject_id, spoiler_text, text, visibility, string_to_array(media_ids, ' ')::bigint[],
            written_at
        from unnest($2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[])
            as new (kind, subject_id, spoiler_text, text, visibility, media_ids, written_at)
        """,
        report_id,
        [one.kind for one in subjects],
        [one.id for one in subjects],
        [one.spoiler_text for one in subjects],
        [one.text for one in subjects],
        [one.visibility for one in subjects],
        [" ".join(map(str, one.media_ids)) for one in subjects],
        [one.written_at for one in subjects],
    )


async def made_since(db: Queries, account_id: int, since: datetime, limit: int) -> int:
    """How many reports an account has made since, counted up to `limit`. Uses reports_by_account."""
    return await db.value(
        """
        select count(*) from (
            select made_at from reports where account_id = $1 order by id desc limit $3) latest
        where made_at > $2
        """,
        account_id,
        since,
        limit,
    )


async def has_reported(db: Queries, case_id: int, account_id: int) -> bool:
    """Whether an account has a report in a case, which is locked. Uses reports_by_account."""
    return await db.value(
        "select exists (select from reports where account_id = $2 and case_id = $1)", case_id, account_id
    )


async def load(db: Queries, ids: Collection[int]) -> dict[int, Report]:
    """Reports by id, with what they are about. Two statements. Uses reports_pkey."""
    rows = await db.rows(_COLUMNS + " where r.id = any($1)", list(ids))
    return {one.id: one for one in await _with_subjects(db, rows)}


async def of_case(db: Queries, case_id: int, limit: int) -> list[Report]:
    """The newest `limit` reports of a case, newest first, with what they are about. Uses reports_by_case."""
    rows = await db.rows(_COLUMNS + " where r.case_id = $1 order by r.id desc limit $2", case_id, limit)
    return await _with_subjects(db, rows)


async def page(db: Queries, window: Window, choice: ReportChoice, asking_id: int | None) -> list[Report]:
    """A page of reports but those about who asks, newest first, with their subjects. Walks an index."""
    order: LiteralString = " order by r.id asc limit $3" if window.forward else " order by r.id desc limit $3"
    rows = await db.rows(
        _COLUMNS
        + """
        where r.id > $1 and r.id < $2 and ($4::boolean is null or (c.resolved_at is not null) = $4)
            and ($5::bigint is null or r.account_id = $5) and ($6::bigint is null or r.target_id = $6)
            and r.target_id is distinct from $7
        """
        + order,
        window.floor,
        window.ceiling,
        window.limit,
        choice.resolved,
        choice.account_id,
        choice.target_id,
        asking_id,
    )
    found = await _with_subjects(db, rows)
    return found[::-1] if window.forward else found


async def reporters(db: Queries, case_id: int, limit: int) -> list[int]:
    """Who made the reports of a case, each once, up to `limit`. Uses reports_by_case."""
    rows = await db.rows(
        "select distinct account_id from reports where case_id = $1 order by account_id limit $2", case_id, limit
    )
    return [row["account_id"] for row in rows]


async def records(db: Queries, account_ids: Collection[int]) -> dict[int, Record]:
    """What came of the reports that accounts made, and of those about them; by account.

    Uses reports_by_account, cases_by_account and strikes_by_account.
    """
    rows = await db.rows(
        """
        select who.id, made.number, made.upheld, made.dismissed, about.number, about.upheld, about.dismissed,
            (select count(*) from strikes s where s.account_id = who.id and s.undone_at is null)
        from unnest($1::bigint[]) as who (id)
        cross join lateral (
            select count(distinct c.id) as number, count(distinct c.id) filter (where c.outcome = 'upheld') as upheld,
                count(distinct c.id) filter (where c.outcome = 'dismissed') as dismissed
            from reports r join cases c on c.id = r.case_id where r.account_id = who.id) made
        cross join lateral (
            select count(*) as number, count(*) filter (where c.outcome = 'upheld') as upheld,
                count(*) filter (where c.outcome = 'dismissed') as dismissed
            from cases c where c.account_id = who.id) about
        """,
        list(account_ids),
    )
    return {row[0]: Record(*row[1:]) for row in rows}


async def _with_subjects(db: Queries, rows: Sequence[asyncpg.Record]) -> list[Report]:
    if not rows:
        return []
    found = await db.rows(
        """
        select report_id, kind, subject_id, spoiler_text, text, visibility, media_ids, written_at
        from report_subjects where report_id = any($1) order by report_id, subject_id
        """,
        [row["id"] for row in rows],
    )
    subjects: defaultdict[int, list[Subject]] = defaultdict(list)
    for row in found:
        subjects[row[0]].append(Subject(SubjectKind(row[1]), row[2], row[3], row[4], row[5], tuple(row[6]), row[7]))
    return [_report(row, tuple(subjects[row["id"]])) for row in rows]


def _report(row: asyncpg.Record, subjects: tuple[Subject, ...]) -> Report:
    return Report(
        id=row["id"],
        case_id=row["case_id"],
        account_id=row["account_id"],
        target_id=row["target_id"],
        category=Category(row["category"]),
        comment=row["comment"],
        rule_ids=tuple(row["rule_ids"]),
        forward=row["forward"],
        weight=row["weight"],
        made_at=row["made_at"],
        resolved_at=row["resolved_at"],
        subjects=subjects,
    )
