"""What webfinger answers: a JSON resource descriptor (RFC 7033)."""

import msgspec

from linnet.mastodon.entities.nodeinfo import Link


class Descriptor(msgspec.Struct):
    """Somebody, the addresses they are known by, and where to find what."""

    subject: str
    aliases: list[str]
    links: list[Link]
