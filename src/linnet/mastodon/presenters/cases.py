"""Casework for the wire: batches in, batches out, a fixed number of statements however long a list is."""

from collections.abc import Mapping, Sequence

import msgspec

from linnet.features.accounts.models import Viewer
from linnet.features.cases.models import Case, Dossier, Entry, Record, Report, Strike, Subject
from linnet.features.media import reads as media
from linnet.features.media.models import Media
from linnet.mastodon import dates
from linnet.mastodon.entities import cases as entities
from linnet.mastodon.entities.account import Account
from linnet.mastodon.presenters.accounts import present_accounts
from linnet.mastodon.presenters.media import present_all
from linnet.mastodon.presenters.reports import warning_of
from linnet.platform.engines import Engines
from linnet.platform.site import Site

NOTHING = Record()


async def present_cases(engines: Engines, cases: Sequence[Case]) -> list[entities.Case]:
    """Cases in their order, without those about accounts that are deleted."""
    accounts = await present_accounts(engines, {one.account_id for one in cases}) if cases else {}
    return [_case(one, accounts[one.account_id]) for one in cases if one.account_id in accounts]


async def present_strikes(engines: Engines, strikes: Sequence[Strike]) -> list[entities.CaseStrike]:
    """Strikes in their order, as staff see them."""
    accounts = await present_accounts(engines, {one.account_id for one in strikes}) if strikes else {}
    return [_strike(one, accounts) for one in strikes if one.account_id in accounts]


async def present_dossier(engines: Engines, dossier: Dossier) -> entities.CaseFile | None:
    """A case with all that belongs to it; None when its account was deleted a moment ago."""
    case, reporters = dossier.case, dict.fromkeys(one.account_id for one in dossier.reports)
    accounts = await present_accounts(engines, {case.account_id, *reporters})
    if case.account_id not in accounts:
        return None
    shown = {i for report in dossier.reports for subject in report.subjects for i in subject.media_ids}
    files = {one.id: one for one in await media.some(engines, Viewer(case.account_id), sorted(shown))} if shown else {}
    site, records = engines.config(Site), dossier.records
    return entities.CaseFile(
        **msgspec.structs.asdict(_case(case, accounts[case.account_id])),
        reports=[_report(site, one, accounts, files) for one in dossier.reports],
        entries=[_entry(one) for one in dossier.entries],
        strikes=[_strike(one, accounts) for one in dossier.strikes],
        history=_record(accounts[case.account_id], records.get(case.account_id, NOTHING)),
        reporters=[_record(accounts[i], records.get(i, NOTHING)) for i in reporters if i in accounts],
    )


def _case(case: Case, account: Account) -> entities.Case:
    return entities.Case(
        id=str(case.id),
        account=account,
        category=case.category.value,
        weight=round(case.weight, 4),
        reporters_count=case.reporters,
        assigned_to_account_id=_id(case.assigned_to),
        opened_at=dates.moment(case.opened_at),
        updated_at=dates.moment(case.updated_at),
        resolved_at=dates.moment(case.resolved_at) if case.resolved_at else None,
        resolved_by_account_id=_id(case.resolved_by),
        outcome=case.outcome.value if case.outcome else None,
    )


def _report(
    site: Site, report: Report, accounts: Mapping[int, Account], files: Mapping[int, Media]
) -> entities.CaseReport:
    return entities.CaseReport(
        id=str(report.id),
        account=accounts.get(report.account_id),
        comment=report.comment,
        rule_ids=[str(i) for i in report.rule_ids],
        weight=round(report.weight, 4),
        created_at=dates.moment(report.made_at),
        subjects=[_subject(site, one, files) for one in report.subjects],
    )


def _subject(site: Site, subject: Subject, files: Mapping[int, Media]) -> entities.ReportedSubject:
    return entities.ReportedSubject(
        kind=subject.kind.value,
        id=str(subject.id),
        spoiler_text=subject.spoiler_text,
        text=subject.text,
        visibility=subject.visibility,
        created_at=dates.moment(subject.written_at),
        media_attachments=present_all(site, [files[i] for i in subject.media_ids if i in files]),
    )


def _entry(entry: Entry) -> entities.CaseEntry:
    return entities.CaseEntry(
        id=str(entry.id),
        kind=entry.kind.value,
        text=entry.text,
        account_id=_id(entry.account_id),
        created_at=dates.moment(entry.made_at),
    )


def _strike(strike: Strike, accounts: Mapping[int, Account]) -> entities.CaseStrike:
    return entities.CaseStrike(
        **msgspec.structs.asdict(warning_of(strike, accounts)),
        case_id=_id(strike.case_id),
        by_account_id=_id(strike.by),
        undone_at=dates.moment(strike.undone_at) if strike.undone_at else None,
    )


def _record(account: Account, record: Record) -> entities.CaseRecord:
    return entities.CaseRecord(
        account=account,
        reports_made=record.made,
        reports_made_upheld=record.made_upheld,
        reports_made_dismissed=record.made_dismissed,
        cases=record.received,
        cases_upheld=record.received_upheld,
        cases_dismissed=record.received_dismissed,
        strikes=record.strikes,
    )


def _id(number: int | None) -> str | None:
    return None if number is None else str(number)
