"""Relationship, as on the wire (https://docs.joinmastodon.org/entities/Relationship/)."""

import msgspec


class Relationship(msgspec.Struct, kw_only=True):
    """What is between the viewer and the account `id`."""

    id: str
    following: bool
    showing_reblogs: bool
    notifying: bool
    languages: list[str] | None
    followed_by: bool
    blocking: bool
    blocked_by: bool
    muting: bool
    muting_notifications: bool
    muting_expires_at: str | None
    requested: bool
    requested_by: bool
    note: str
    endorsed: bool
    domain_blocking: bool = False
