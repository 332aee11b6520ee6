"""Role, as on the wire (https://docs.joinmastodon.org/entities/Role/)."""

import msgspec


class AccountRole(msgspec.Struct):
    """A role as everyone sees it on a profile."""

    id: str
    name: str
    color: str = ""


class Role(AccountRole):
    """One's own role; `permissions` is a bit mask in decimal."""

    permissions: str = "0"
    highlighted: bool = False
