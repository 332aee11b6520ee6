"""Forgetting: people who are gone, and words that were kept for a case long closed. Each call may run twice."""

from datetime import datetime

from linnet.platform.postgres import Queries


async def of_account(db: Queries, account_id: int, limit: int) -> int:
    """Remove up to `limit` reports by and cases about an account, with all in them; how many rows.

    What they wrote and did as staff stays, without their name. Uses reports_by_account, cases_by_account,
    strikes_by_account and case_entries_by_account.
    """
    return await db.value(
        """
        with chosen as (
            select id from cases where account_id = $1 limit $2
        ), gone as (
            delete from reports where id in (
                (select id from reports where account_id = $1 limit $2)
                union all
                (select id from reports where case_id in (select id from chosen) limit $2))
            returning id
        ), subjects as (
            delete from report_subjects where report_id in (select id from gone)
        ), entries as (
            delete from case_entries where case_id in (select id from chosen) returning 1
        ), emptied as (
            delete from cases c where c.id in (select id from chosen)
                and not exists (select from reports r where r.case_id = c.id and r.id not in (select id from gone))
            returning 1
        ), struck as (
            delete from strikes where id in (select id from strikes where account_id = $1 limit $2) returning 1
        ), written as (
            update case_entries set account_id = null
            where id in (select id from case_entries where account_id = $1 limit $2)
                and case_id not in (select id from chosen)
            returning 1
        ), assigned as (
            update cases set assigned_to = null
            where assigned_to = $1 and id not in (select id from chosen) returning 1
        )
        select (select count(*) from gone) + (select count(*) from emptied) + (select count(*) from struck)
            + (select count(*) from written) + (select count(*) from assigned)
        """,
        account_id,
        limit,
    )


async def words_of_closed(db: Queries, before: datetime, limit: int) -> int:
    """Forget comments and reported words of up to `limit` reports whose cases were closed before; how many.

    Uses cases_resolved and reports_by_case.
    """
    return await db.value(
        """
        with old as (
            select r.id from cases c join reports r on r.case_id = c.id
            where c.resolved_at < $1
                and (r.comment <> '' or exists (select from report_subjects s
                     where s.report_id = r.id and (s.text <> '' or s.spoiler_text <> '')))
            limit $2
        ), subjects as (
            update report_subjects set text = '', spoiler_text = '' where report_id in (select id from old)
        ), commented as (
            update reports set comment = '' where id in (select id from old)
        )
        select count(*) from old
        """,
        before,
        limit,
    )
