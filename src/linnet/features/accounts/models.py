"""The nouns of accounts: who looks, who is looked at, and the limits of a profile."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


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
