"""Trends, as on the wire (https://docs.joinmastodon.org/methods/trends/), and as staff see them."""

from linnet.mastodon.entities.card import PreviewCard
from linnet.mastodon.entities.status import Status
from linnet.mastodon.entities.tag import Tag, TagHistory


class TrendsLink(PreviewCard, kw_only=True):
    """A link that trends: its card, or only its address where nothing more is known; and how many shared it."""

    id: str
    """Mastodon tells it to staff only; it is no secret."""
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
