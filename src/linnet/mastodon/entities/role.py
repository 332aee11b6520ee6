"""Role, as on the wire (https://docs.joinmastodon.org/entities/Role/)."""

from collections.abc import Mapping
from typing import Final

import msgspec

from linnet.features.accounts.permissions import Permission

FLAGS: Final[Mapping[Permission, int]] = {
    Permission.ADMINISTRATOR: 1 << 0,
    Permission.VIEW_AUDIT_LOG: 1 << 2,
    Permission.VIEW_DASHBOARD: 1 << 3,
    Permission.MANAGE_REPORTS: 1 << 4,
    Permission.MANAGE_SETTINGS: 1 << 6,
    Permission.MANAGE_BLOCKS: 1 << 7,
    Permission.MANAGE_TAXONOMIES: 1 << 8,
    Permission.MANAGE_APPEALS: 1 << 9,
    Permission.MANAGE_USERS: 1 << 10,
    Permission.MANAGE_INVITES: 1 << 11,
    Permission.MANAGE_ANNOUNCEMENTS: 1 << 13,
    Permission.INVITE_USERS: 1 << 16,
    Permission.MANAGE_ROLES: 1 << 17,
    Permission.MANAGE_USER_ACCESS: 1 << 18,
    Permission.DELETE_USER_DATA: 1 << 19,
    Permission.INVITE_BYPASS_APPROVAL: 1 << 21,
}
"""Each permission's bit: https://docs.joinmastodon.org/entities/Role/#permission-flags (the last one: Mastodon 4.6)."""


class AccountRole(msgspec.Struct):
    """A role as everyone sees it on a profile."""

    id: str
    name: str
    color: str = ""


class Role(AccountRole):
    """One's own role; `permissions` is a bit mask in decimal."""

    permissions: str = "0"
    highlighted: bool = False
