"""Preferences, as on the wire (https://docs.joinmastodon.org/entities/Preferences/)."""

import msgspec


class Preferences(msgspec.Struct, kw_only=True, rename=lambda name: name.replace("__", ":")):
    """How an account likes to post and read; each name has colons where this struct has double underscores."""

    posting__default__visibility: str
    posting__default__sensitive: bool
    posting__default__language: str | None
    posting__default__quote_policy: str
    reading__expand__media: str = "default"
    reading__expand__spoilers: bool = False
    reading__autoplay__gifs: bool = False
