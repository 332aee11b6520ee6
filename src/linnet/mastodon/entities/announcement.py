"""Announcement, as on the wire (https://docs.joinmastodon.org/entities/Announcement/)."""

import msgspec

from linnet.mastodon.entities.status import StatusTag


class AnnouncementAccount(msgspec.Struct):
    """Somebody whom an announcement mentions."""

    id: str
    username: str
    url: str
    acct: str


class AnnouncementStatus(msgspec.Struct):
    """A status that an announcement links to."""

    id: str
    url: str


class Reaction(msgspec.Struct, kw_only=True):
    """How many said this. `me` is absent where nobody in particular asks."""

    name: str
    count: int
    me: bool | msgspec.UnsetType = msgspec.UNSET


class StreamedReaction(msgspec.Struct, kw_only=True):
    """A reaction as streams tell it."""

    name: str
    count: int
    announcement_id: str


class Announcement(msgspec.Struct, kw_only=True):
    """What the operators tell everybody; `content` is HTML. `read` is absent where nobody in particular asks."""

    id: str
    content: str
    starts_at: str | None
    ends_at: str | None
    all_day: bool
    published_at: str
    updated_at: str
    mentions: list[AnnouncementAccount]
    statuses: list[AnnouncementStatus]
    tags: list[StatusTag]
    reactions: list[Reaction]
    emojis: list[str] = msgspec.field(default_factory=list)
    read: bool | msgspec.UnsetType = msgspec.UNSET
