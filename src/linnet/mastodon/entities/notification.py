"""Notification, as on the wire (https://docs.joinmastodon.org/entities/Notification/)."""

import msgspec

from linnet.mastodon.entities.account import Account
from linnet.mastodon.entities.report import AccountWarning, Report
from linnet.mastodon.entities.status import Status


class Notification(msgspec.Struct, kw_only=True):
    """Something the viewer was told; `status` is absent where there is none, as for a follow.

    `report` is there of `admin.report`, `moderation_warning` of the kind of that name.
    """

    id: str
    type: str
    created_at: str
    group_key: str
    account: Account
    status: Status | msgspec.UnsetType = msgspec.UNSET
    report: Report | msgspec.UnsetType = msgspec.UNSET
    moderation_warning: AccountWarning | msgspec.UnsetType = msgspec.UNSET


class UnreadCount(msgspec.Struct):
    """How many notifications are past the marker, up to the limit that was asked for."""

    count: int


class PartialAccount(msgspec.Struct, kw_only=True):
    """What of an account is needed to show its avatar."""

    id: str
    acct: str
    url: str
    avatar: str
    avatar_static: str
    locked: bool
    bot: bool


class NotificationGroup(msgspec.Struct, kw_only=True):
    """Notifications told as one. Mastodon sends `most_recent_notification_id` as a number, and so do we.

    `page_min_id`, `page_max_id` and `latest_page_notification_at` are of its part on a page, and absent without one.
    """

    group_key: str
    notifications_count: int
    type: str
    most_recent_notification_id: int
    sample_account_ids: list[str]
    status_id: str | msgspec.UnsetType = msgspec.UNSET
    page_min_id: str | msgspec.UnsetType = msgspec.UNSET
    page_max_id: str | msgspec.UnsetType = msgspec.UNSET
    latest_page_notification_at: str | msgspec.UnsetType = msgspec.UNSET
    report: Report | msgspec.UnsetType = msgspec.UNSET
    moderation_warning: AccountWarning | msgspec.UnsetType = msgspec.UNSET


class GroupedNotifications(msgspec.Struct, kw_only=True):
    """Groups, and once each the accounts and statuses that they name."""

    accounts: list[Account]
    statuses: list[Status]
    notification_groups: list[NotificationGroup]
    partial_accounts: list[PartialAccount] | msgspec.UnsetType = msgspec.UNSET


class PolicySummary(msgspec.Struct):
    """What waits behind the policy, counted up to a hundred."""

    pending_requests_count: int
    pending_notifications_count: int


class NotificationPolicy(msgspec.Struct, kw_only=True):
    """What becomes of notifications by their cause: `accept`, `filter` or `drop`. `for_bots` is an addition of ours."""

    for_not_following: str
    for_not_followers: str
    for_new_accounts: str
    for_private_mentions: str
    for_limited_accounts: str
    for_bots: str
    summary: PolicySummary


class V1NotificationPolicy(msgspec.Struct, kw_only=True):
    """The same for older clients, which know only whether a cause is held back."""

    filter_not_following: bool
    filter_not_followers: bool
    filter_new_accounts: bool
    filter_private_mentions: bool
    summary: PolicySummary


class NotificationRequest(msgspec.Struct, kw_only=True):
    """Somebody whose notifications wait for leave; the count is a string, and goes up to a hundred."""

    id: str
    created_at: str
    updated_at: str
    notifications_count: str
    account: Account
    last_status: Status | None = None


class Merged(msgspec.Struct):
    """Whether what waited of accepted requests is among the notifications."""

    merged: bool
