"""Profile, as on the wire (https://docs.joinmastodon.org/entities/Profile/): one's own, for editing."""

import msgspec

from linnet.mastodon.entities.field import Field


class Profile(msgspec.Struct, kw_only=True):
    """What an account's owner typed and chose of its profile; pictures are null while drawn ones are shown."""

    id: str
    display_name: str
    note: str
    fields: list[Field]
    avatar: str | None
    avatar_static: str | None
    avatar_description: str
    header: str | None
    header_static: str | None
    header_description: str
    locked: bool
    bot: bool
    hide_collections: bool
    discoverable: bool
    indexable: bool
    show_media: bool
    show_media_replies: bool
    show_featured: bool
    attribution_domains: list[str]
    featured_tags: list[str] = msgspec.field(default_factory=list)
