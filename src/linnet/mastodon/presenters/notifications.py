"""Notifications for the wire: a page in, entities out, with a fixed number of statements."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from msgspec import UNSET, UnsetType

from linnet.features.accounts.models import Viewer
from linnet.features.cases import reads as cases
from linnet.features.notifications.models import (
    Group,
    GroupPage,
    Kind,
    NotificationPage,
    Pending,
    Policy,
    RequestPage,
    Verdict,
)
from linnet.features.notifications.models import Notification as Told
from linnet.features.notifications.subjects import Subjects
from linnet.mastodon import dates
from linnet.mastodon.entities.account import Account
from linnet.mastodon.entities.notification import (
    GroupedNotifications,
    Notification,
    NotificationGroup,
    NotificationPolicy,
    NotificationRequest,
    PartialAccount,
    PolicySummary,
    V1NotificationPolicy,
)
from linnet.mastodon.entities.report import AccountWarning, Report
from linnet.mastodon.entities.status import Status
from linnet.mastodon.presenters.accounts import present_accounts
from linnet.mastodon.presenters.messages import present_as_statuses
from linnet.mastodon.presenters.reports import present_reports, present_warnings
from linnet.mastodon.presenters.statuses import present_statuses
from linnet.platform.engines import Engines


async def present_notifications(engines: Engines, viewer: Viewer, page: NotificationPage) -> list[Notification]:
    """The page's notifications in its order, without those whose sender has gone meanwhile."""
    senders = await present_accounts(engines, {one.from_account_id for one in page.items})
    statuses = await _statuses(engines, viewer, page.subjects)
    casework = await _casework(engines, viewer, page.items)
    return [
        Notification(
            id=str(one.id),
            type=one.kind.value,
            created_at=dates.moment(one.created_at),
            group_key=one.group_key,
            account=senders[one.from_account_id],
            status=UNSET if one.status_id is None else statuses[one.status_id],
            report=casework.report(one),
            moderation_warning=casework.warning(one),
        )
        for one in page.items
        if one.from_account_id in senders
        and (one.status_id is None or one.status_id in statuses)
        and casework.tells(one)
    ]


async def present_groups(
    engines: Engines, viewer: Viewer, page: GroupPage, *, partial_avatars: bool = False
) -> GroupedNotifications:
    """The page's groups in its order, without those whose newest sender has gone meanwhile.

    With `partial_avatars` only the newest sender of each is given in full.
    """
    accounts = await present_accounts(engines, {i for group in page.items for i in group.sample_ids})
    statuses = await _statuses(engines, viewer, page.subjects)
    casework = await _casework(engines, viewer, [one.newest for one in page.items])
    shown = [
        one
        for one in page.items
        if one.newest.from_account_id in accounts
        and (one.newest.status_id is None or one.newest.status_id in statuses)
        and casework.tells(one.newest)
    ]
    named = dict.fromkeys(i for group in shown for i in group.sample_ids if i in accounts)
    full = {group.newest.from_account_id for group in shown} if partial_avatars else named
    about = dict.fromkeys(one.newest.status_id for one in shown if one.newest.status_id is not None)
    return GroupedNotifications(
        accounts=[accounts[i] for i in named if i in full],
        partial_accounts=[_partial(accounts[i]) for i in named if i not in full] if partial_avatars else UNSET,
        statuses=[statuses[i] for i in about],
        notification_groups=[_group(one, accounts, casework) for one in shown],
    )


async def present_requests(engines: Engines, viewer: Viewer, page: RequestPage) -> list[NotificationRequest]:
    """The page's requests in its order, without those whose sender has gone meanwhile."""
    senders = await present_accounts(engines, {one.from_account_id for one in page.items})
    statuses = await _statuses(engines, viewer, page.subjects)
    return [
        NotificationRequest(
            id=str(one.id),
            created_at=dates.moment(one.created_at),
            updated_at=dates.moment(one.updated_at),
            notifications_count=str(one.count),
            account=senders[one.from_account_id],
            last_status=None if one.last_status_id is None else statuses.get(one.last_status_id),
        )
        for one in page.items
        if one.from_account_id in senders
    ]


def present_policy(policy: Policy, pending: Pending) -> NotificationPolicy:
    """A policy by its verdicts."""
    return NotificationPolicy(
        for_not_following=policy.for_not_following.value,
        for_not_followers=policy.for_not_followers.value,
        for_new_accounts=policy.for_new_accounts.value,
        for_private_mentions=policy.for_private_mentions.value,
        for_limited_accounts=policy.for_limited_accounts.value,
        for_bots=policy.for_bots.value,
        summary=PolicySummary(pending.requests, pending.notifications),
    )


def present_v1_policy(policy: Policy, pending: Pending) -> V1NotificationPolicy:
    """A policy as older clients know it: what is dropped is held back as well."""
    return V1NotificationPolicy(
        filter_not_following=policy.for_not_following is not Verdict.ACCEPT,
        filter_not_followers=policy.for_not_followers is not Verdict.ACCEPT,
        filter_new_accounts=policy.for_new_accounts is not Verdict.ACCEPT,
        filter_private_mentions=policy.for_private_mentions is not Verdict.ACCEPT,
        summary=PolicySummary(pending.requests, pending.notifications),
    )


async def _statuses(engines: Engines, viewer: Viewer, subjects: Subjects) -> dict[int, Status]:
    presented = await present_statuses(engines, viewer, subjects.statuses)
    return {int(one.id): one for one in [*presented, *await present_as_statuses(engines, viewer, subjects.messages)]}


@dataclass(frozen=True, slots=True)
class _Casework:
    """The reports and warnings that a page tells of, by the notification's id of them."""

    reports: Mapping[int, Report]
    warnings: Mapping[int, AccountWarning]

    def tells(self, one: Told) -> bool:
        """False of a report or a warning that its reader may not see (any more)."""
        about = one.case_subject_id
        return about is None or about in self.reports or about in self.warnings

    def report(self, one: Told) -> Report | UnsetType:
        """The report that it is about."""
        return UNSET if one.case_subject_id is None else self.reports.get(one.case_subject_id, UNSET)

    def warning(self, one: Told) -> AccountWarning | UnsetType:
        """The warning that it is about."""
        return UNSET if one.case_subject_id is None else self.warnings.get(one.case_subject_id, UNSET)


async def _casework(engines: Engines, viewer: Viewer, told: Iterable[Told]) -> _Casework:
    """What of casework these are about. No statement where there is none."""
    about = [(one.kind, one.case_subject_id) for one in told if one.case_subject_id is not None]
    reports = await cases.reports_told(engines, viewer, [i for kind, i in about if kind is Kind.ADMIN_REPORT])
    strikes = await cases.strikes_told(engines, viewer, [i for kind, i in about if kind is Kind.MODERATION_WARNING])
    return _Casework(
        {int(one.id): one for one in await present_reports(engines, list(reports.values()))},
        {int(one.id): one for one in await present_warnings(engines, list(strikes.values()))},
    )


def _group(group: Group, accounts: Mapping[int, Account], casework: _Casework) -> NotificationGroup:
    newest, on_page = group.newest, group.page_oldest_id is not None
    return NotificationGroup(
        group_key=group.key,
        notifications_count=group.count,
        type=newest.kind.value,
        most_recent_notification_id=newest.id,
        sample_account_ids=[str(i) for i in group.sample_ids if i in accounts],
        status_id=UNSET if newest.status_id is None else str(newest.status_id),
        page_min_id=str(group.page_oldest_id) if on_page else UNSET,
        page_max_id=str(newest.id) if on_page else UNSET,
        latest_page_notification_at=dates.moment(newest.created_at) if on_page else UNSET,
        report=casework.report(newest),
        moderation_warning=casework.warning(newest),
    )


def _partial(account: Account) -> PartialAccount:
    return PartialAccount(
        id=account.id,
        acct=account.acct,
        url=account.url,
        avatar=account.avatar,
        avatar_static=account.avatar_static,
        locked=account.locked,
        bot=account.bot,
    )
