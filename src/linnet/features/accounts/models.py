"""The nouns of accounts: who looks, who is looked at, and the limits of a profile."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

DISPLAY_NAME_LENGTH_MAX: Final = 30
NOTE_LENGTH_MAX: Final = 500
FIELDS_MAX: Final = 4
FIELD_NAME_LENGTH_MAX: Final = 255
FIELD_VALUE_LENGTH_MAX: Final = 255
"""Limits of a profile, lengths in code points; Mastodon's own numbers, which apps show before they ask."""

PICTURE_DESCRIPTION_LENGTH_MAX: Final = 500
ATTRIBUTION_DOMAINS_MAX: Final = 10
"""Mastodon's number, too."""

VISIBILITIES: Final = ("public", "unlisted", "private")
QUOTE_POLICIES: Final = ("public", "followers", "nobody")
"""What an account may choose as the default of its posts."""


class Role(StrEnum):
    """What an account may do for the server beyond its own things."""

    USER = "user"
    MODERATOR = "moderator"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Viewer:
    """The account that asks. Reads take a `Viewer | None`; None is the public."""

    account_id: int
    role: Role = Role.USER


@dataclass(frozen=True, slots=True)
class ProfileField:
    """One line of a profile's table, in plain text."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Portrait:
    """An avatar or a header that an account has of its own: files of an upload, by their names below its folder."""

    media_id: int
    file: str
    still: str
    """The same file, unless that moves."""


NO_PORTRAIT: Final = Portrait(0, "", "")
"""Among changes: to go back to the one that is drawn."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account as others see it, with its counters."""

    id: int
    username: str
    display_name: str
    note: str
    fields: tuple[ProfileField, ...]
    locked: bool
    bot: bool
    discoverable: bool
    indexable: bool
    hides_collections: bool
    created_at: datetime
    last_status_on: date | None
    suspended: bool
    role: Role
    followers: int
    following: int
    statuses: int
    version: str = ""
    avatar: Portrait | None = None
    header: Portrait | None = None
    avatar_description: str = ""
    header_description: str = ""
    hides_media: bool = False
    """Whether its profile is to be shown without a tab of media, …"""
    hides_media_replies: bool = False
    """… with one that leaves out replies, …"""
    hides_featured: bool = False
    """… and without one of what it recommends."""
    limited: bool = False
    """Staff have limited it to those who follow it."""


@dataclass(frozen=True, slots=True)
class AccountVersion:
    """Enough to know whether an `Account` seen before is still right, and its counters as last folded."""

    version: str
    """The rows' `xmin`: another one after every change."""
    followers: int
    following: int
    statuses: int


@dataclass(frozen=True, slots=True)
class Preferences:
    """What an account has chosen for its own posts and its own screen. Only its owner sees it."""

    visibility: str = "public"
    sensitive: bool = False
    language: str | None = None
    quote_policy: str = "public"
    locale: str = "en"
    attribution_domains: tuple[str, ...] = ()
    """Websites that may name this account as the author of their pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileChanges:
    """What a person wants to change about their account; None leaves a thing as it is."""

    display_name: str | None = None
    note: str | None = None
    fields: tuple[ProfileField, ...] | None = None
    locked: bool | None = None
    bot: bool | None = None
    discoverable: bool | None = None
    indexable: bool | None = None
    hides_collections: bool | None = None
    visibility: str | None = None
    sensitive: bool | None = None
    language: str | None = None
    """An ISO 639 code, or the empty string for no language of one's own."""
    quote_policy: str | None = None
    avatar: Portrait | None = None
    header: Portrait | None = None
    avatar_description: str | None = None
    header_description: str | None = None
    """Of a new picture that comes without one: none."""
    hides_media: bool | None = None
    hides_media_replies: bool | None = None
    hides_featured: bool | None = None
    attribution_domains: tuple[str, ...] | None = None
