"""What staff see: Admin::Account, Admin::Ip (https://docs.joinmastodon.org/entities/Admin_Account/), the audit log."""

import msgspec

from linnet.features.accounts.audit import Detail
from linnet.mastodon.entities.account import Account
from linnet.mastodon.entities.role import Role


class Ip(msgspec.Struct):
    """An address that somebody signed in from, and when it was last used."""

    ip: str
    used_at: str


class AdminAccount(msgspec.Struct, kw_only=True):
    """An account with its private half. `disabled`: it may not sign in, or it is frozen."""

    id: str
    username: str
    domain: None = None
    created_at: str
    email: str
    ip: str | None
    ips: list[Ip]
    locale: str
    invite_request: str | None
    role: Role
    confirmed: bool
    approved: bool
    disabled: bool
    silenced: bool = False
    suspended: bool
    sensitized: bool = False
    account: Account
    invited_by_account_id: str | msgspec.UnsetType = msgspec.UNSET


class AuditEntry(msgspec.Struct, kw_only=True):
    """One act in the audit log. `actor` is null for the operator at the console."""

    id: str
    actor: Account | None
    action: str
    target_id: str | None
    target: Account | None
    """Null when it was about no account, or the account is deleted."""
    detail: Detail
    address: str
    created_at: str


class EmailDomainBlock(msgspec.Struct, kw_only=True):
    """A mail domain that nobody may join with. `history` is empty: attempts are not counted."""

    id: str
    domain: str
    created_at: str
    history: list[str] = msgspec.field(default_factory=list)


class KnownBadMedia(msgspec.Struct, kw_only=True):
    """A picture that nobody may upload, by what it looks like; an extension of ours."""

    id: str
    hash: str
    """64 bits as 16 hexadecimal digits."""
    reason: str
    added_by_account_id: str | None
    """Null for the operator at the console."""
    created_at: str
    expires_at: str | None


class IpBlock(msgspec.Struct, kw_only=True):
    """Admin::IpBlock: a network that may not join, or not come at all."""

    id: str
    ip: str
    severity: str
    comment: str
    created_at: str
    expires_at: str | None


class CanonicalEmailBlock(msgspec.Struct, kw_only=True):
    """Admin::CanonicalEmailBlock: a mailbox that nobody may join with, by its digest."""

    id: str
    canonical_email_hash: str


class DomainAllow(msgspec.Struct, kw_only=True):
    """Admin::DomainAllow: another server that is allowed."""

    id: str
    domain: str
    created_at: str


class DomainBlock(msgspec.Struct, kw_only=True):
    """Admin::DomainBlock: another server that is blocked; `digest` is SHA-256 of its domain."""

    id: str
    domain: str
    digest: str
    created_at: str
    severity: str
    reject_media: bool
    reject_reports: bool
    private_comment: str | None
    public_comment: str | None
    obfuscate: bool
