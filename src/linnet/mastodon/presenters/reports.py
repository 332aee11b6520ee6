"""Reports and warnings for the wire: batches in, batches out, at most one statement for the accounts they name."""

from collections.abc import Mapping, Sequence
from typing import Final

from linnet.features.cases.models import Action, Report, Strike, SubjectKind
from linnet.mastodon import dates
from linnet.mastodon.entities import report as entities
from linnet.mastodon.entities.account import Account
from linnet.mastodon.presenters.accounts import present_accounts
from linnet.platform.engines import Engines

ACTIONS: Final = {
    Action.WARN: "none",
    Action.MARK_SENSITIVE: "mark_statuses_as_sensitive",
    Action.DELETE_POSTS: "delete_statuses",
    Action.SENSITIVE: "sensitive",
    Action.FREEZE: "disable",
    Action.LIMIT: "silence",
    Action.SUSPEND: "suspend",
}
"""Each action that leaves a strike, by Mastodon's name."""


async def present_reports(engines: Engines, reports: Sequence[Report]) -> list[entities.Report]:
    """Reports in their order, without those about accounts that are deleted."""
    accounts = await present_accounts(engines, {one.target_id for one in reports}) if reports else {}
    return [report_of(one, accounts) for one in reports if one.target_id in accounts]


async def present_warnings(engines: Engines, strikes: Sequence[Strike]) -> list[entities.AccountWarning]:
    """Strikes in their order, as their persons are told of them."""
    accounts = await present_accounts(engines, {one.account_id for one in strikes}) if strikes else {}
    return [warning_of(one, accounts) for one in strikes if one.account_id in accounts]


def report_of(report: Report, accounts: Mapping[int, Account]) -> entities.Report:
    """One report, with its account among `accounts`."""
    return entities.Report(
        id=str(report.id),
        action_taken=report.resolved_at is not None,
        action_taken_at=dates.moment(report.resolved_at) if report.resolved_at else None,
        category=report.category.value,
        comment=report.comment,
        forwarded=False,
        created_at=dates.moment(report.made_at),
        status_ids=[str(i) for i in report.ids_of(SubjectKind.STATUS, SubjectKind.MESSAGE)],
        rule_ids=[str(i) for i in report.rule_ids],
        collection_ids=[str(i) for i in report.ids_of(SubjectKind.COLLECTION)],
        target_account=accounts[report.target_id],
    )


def warning_of(strike: Strike, accounts: Mapping[int, Account]) -> entities.AccountWarning:
    """One strike, with its account among `accounts`."""
    return entities.AccountWarning(
        id=str(strike.id),
        action=ACTIONS[strike.action],
        text=strike.text,
        status_ids=[str(i) for i in strike.status_ids] or None,
        target_account=accounts[strike.account_id],
        appeal=None,
        created_at=dates.moment(strike.at),
    )
