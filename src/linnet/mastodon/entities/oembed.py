"""What other sites show of a status (https://oembed.com)."""

import msgspec


class OEmbed(msgspec.Struct):
    """A status to be embedded, as HTML."""

    type: str
    version: str
    title: str
    author_name: str
    author_url: str
    provider_name: str
    provider_url: str
    cache_age: int
    html: str
    width: int
    height: int | None = None
