"""Account, as on the wire (https://docs.joinmastodon.org/entities/Account/)."""

import msgspec

from linnet.mastodon.entities.field import Field
from linnet.mastodon.entities.role import AccountRole, Role


class Account(msgspec.Struct, kw_only=True):
    """An account as others see it; addresses are absolute, `note` and the fields' values are HTML."""

    id: str
    username: str
    acct: str
    display_name: str
    locked: bool
    bot: bool
    discoverable: bool
    indexable: bool
    noindex: bool
    hide_collections: bool
    created_at: str
    note: str
    url: str
    uri: str
    avatar: str
    avatar_static: str
    header: str
    header_static: str
    followers_count: int
    following_count: int
    statuses_count: int
    last_status_at: str | None
    fields: list[Field]
    roles: list[AccountRole]
    group: bool = False
    emojis: list[str] = msgspec.field(default_factory=list)
    suspended: bool | msgspec.UnsetType = msgspec.UNSET
    limited: bool | msgspec.UnsetType = msgspec.UNSET
    """Here only where it is true, as the one above."""
    avatar_description: str | msgspec.UnsetType = msgspec.UNSET
    header_description: str | msgspec.UnsetType = msgspec.UNSET
    show_media: bool | msgspec.UnsetType = msgspec.UNSET
    """Here only where it is false, as the two below are: clients take what is absent for true."""
    show_media_replies: bool | msgspec.UnsetType = msgspec.UNSET
    show_featured: bool | msgspec.UnsetType = msgspec.UNSET


class MutedAccount(Account, kw_only=True):
    """An account the viewer has muted, and until when."""

    mute_expires_at: str | None


class Source(msgspec.Struct, kw_only=True):
    """What an account's owner typed and chose, for editing."""

    note: str
    fields: list[Field]
    privacy: str
    sensitive: bool
    language: str | None
    follow_requests_count: int
    hide_collections: bool
    discoverable: bool
    indexable: bool
    quote_policy: str
    attribution_domains: list[str] = msgspec.field(default_factory=list)


class CredentialAccount(Account, kw_only=True):
    """One's own account."""

    source: Source
    role: Role


class FamiliarFollowers(msgspec.Struct):
    """Whom of those the viewer follows also follow the account with this id."""

    id: str
    accounts: list[Account]
