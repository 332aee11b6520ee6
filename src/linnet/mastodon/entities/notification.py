"""Notification, as on the wire (https://docs.joinmastodon.org/entities/Notification/)."""

import msgspec

from linnet.mastodon.entities.account import Account
from linnet.mastodon.entities.status import Status


class Notification(msgspec.Struct, kw_only=True):
    """Something the viewer was told; `status` is absent where there is none, as for a follow."""

    id: str
    type: str
    created_at: str
    group_key: str
    account: Account
    status: Status | msgspec.UnsetType = msgspec.UNSET


class UnreadCount(msgspec.Struct):
    """How many notifications are past the marker, up to the limit that was asked for."""

    count: int


class PolicySummary(msgspec.Struct):
    """What waits behind the policy."""

    pending_requests_count: int = 0
    pending_notifications_count: int = 0


class NotificationPolicy(msgspec.Struct):
    """From whom notifications are taken: `accept`, `filter` or `drop` for each kind of sender."""

    for_not_following: str = "accept"
    for_not_followers: str = "accept"
    for_new_accounts: str = "accept"
    for_private_mentions: str = "accept"
    for_limited_accounts: str = "accept"
    summary: PolicySummary = msgspec.field(default_factory=PolicySummary)


class NotificationRequest(msgspec.Struct, kw_only=True):
    """Somebody whose notifications wait for leave; counts are strings."""

    id: str
    created_at: str
    updated_at: str
    notifications_count: str
    account: Account
    last_status: Status | None = None
