"""Who may do what for the server: named permissions, which role has which, and who acts."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from linnet.features.accounts.models import Role, Viewer
from linnet.platform.errors import Forbidden


class Permission(StrEnum):
    """What somebody may do beyond their own things, under Mastodon's names."""

    ADMINISTRATOR = "administrator"
    VIEW_AUDIT_LOG = "view_audit_log"
    VIEW_DASHBOARD = "view_dashboard"
    MANAGE_REPORTS = "manage_reports"
    MANAGE_SETTINGS = "manage_settings"
    """Say what follows from what is found in texts: the policy of moderation."""
    MANAGE_BLOCKS = "manage_blocks"
    """Refuse mail domains and addresses."""
    MANAGE_TAXONOMIES = "manage_taxonomies"
    MANAGE_APPEALS = "manage_appeals"
    """Look at decisions about texts, and answer who appeals against one or against a strike."""
    MANAGE_USERS = "manage_users"
    """See the private half of accounts; approve, reject, lock, suspend them and take it back."""
    MANAGE_INVITES = "manage_invites"
    """See and end everybody's invitations, and make ones without a limit."""
    MANAGE_ANNOUNCEMENTS = "manage_announcements"
    """Tell everybody something, and write the server's texts."""
    INVITE_USERS = "invite_users"
    MANAGE_ROLES = "manage_roles"
    MANAGE_USER_ACCESS = "manage_user_access"
    """Change how others sign in: their second factors, their address, their password."""
    DELETE_USER_DATA = "delete_user_data"
    """Delete a suspended account for good."""
    INVITE_BYPASS_APPROVAL = "invite_bypass_approval"
    """Whom one invites needs no approval."""


_MEMBER: Final = frozenset({Permission.INVITE_USERS})
_MODERATOR: Final = _MEMBER | {
    Permission.VIEW_AUDIT_LOG,
    Permission.VIEW_DASHBOARD,
    Permission.MANAGE_REPORTS,
    Permission.MANAGE_BLOCKS,
    Permission.MANAGE_TAXONOMIES,
    Permission.MANAGE_APPEALS,
    Permission.MANAGE_USERS,
    Permission.MANAGE_INVITES,
    Permission.INVITE_BYPASS_APPROVAL,
}

ROLE_PERMISSIONS: Final[Mapping[Role, frozenset[Permission]]] = {
    Role.USER: _MEMBER,
    Role.MODERATOR: _MODERATOR,
    Role.ADMIN: frozenset(Permission),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """A member who does something for the server, and the address they do it from."""

    viewer: Viewer
    address: str = ""

    @property
    def account_id(self) -> int:
        """The member's account."""
        return self.viewer.account_id


class Operator:
    """Whoever has the server's console: not a member, and above every role."""

    __slots__ = ()
    account_id: Final = None
    address: Final = ""


OPERATOR: Final = Operator()


def may(who: Viewer | Actor | Operator | None, permission: Permission) -> bool:
    """Whether `who` has a permission; the public has none, the operator all."""
    match who:
        case None:
            return False
        case Operator():
            return True
        case Actor():
            return permission in ROLE_PERMISSIONS[who.viewer.role]
        case Viewer():
            return permission in ROLE_PERMISSIONS[who.role]


def require(who: Viewer | Actor | Operator | None, permission: Permission) -> None:
    """Raise `Forbidden` unless `who` has the permission."""
    if not may(who, permission):
        raise Forbidden


def outranks(role: Role, other: Role) -> bool:
    """Whether somebody with `role` may act on an account with the `other`: an admin on all, a moderator on users."""
    return role is Role.ADMIN or (role is Role.MODERATOR and other is Role.USER)
