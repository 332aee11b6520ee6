"""Trends, as on the wire (https://docs.joinmastodon.org/methods/trends/), and as staff see them."""

import msgspec

from linnet.mastodon.entities.card import CardAuthor
from linnet.mastodon.entities.status import Status
from linnet.mastodon.entities.tag import Tag, TagHistory


class TrendsLink(msgspec.Struct, kw_only=True):
    """A link that trends: its preview card, perhaps of the address alone, and how many shared it."""

    id: str
    """Mastodon tells it to staff only; it is no secret."""
    url: str
    title: str
    description: str = ""
    type: str = "link"
    author_name: str = ""
    author_url: str = ""
    authors: list[CardAuthor] = msgspec.field(default_factory=list)
    provider_name: str
    provider_url: str
    html: str = ""
    width: int = 0
    height: int = 0
    image: str | None = None
    image_description: str = ""
    embed_url: str = ""
    blurhash: str | None = None
    published_at: str | None = None
    language: str | None
    history: list[TagHistory]


class AdminTag(Tag, kw_only=True):
    """A hashtag, and whether it may trend."""

    trendable: bool
    usable: bool = True
    listable: bool = True
    requires_review: bool


class AdminTrendsStatus(Status, kw_only=True):
    """A post, and whether staff have yet to look at it."""

    requires_review: bool


class AdminTrendsLink(TrendsLink, kw_only=True):
    """A link, and whether staff have yet to look at it."""

    requires_review: bool
