"""Trends for the wire: no statement at all."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from msgspec.structs import asdict

from linnet.features.statuses.hashtags import UsedHashtag
from linnet.features.trends.models import LinkTrend, Trend
from linnet.mastodon.entities.card import PreviewCard
from linnet.mastodon.entities.status import Status
from linnet.mastodon.entities.trends import AdminTag, AdminTrendsLink, AdminTrendsStatus, TrendsLink
from linnet.mastodon.presenters.cards import present_card
from linnet.mastodon.presenters.tags import present_day, present_tag
from linnet.platform.site import Site


def present_links(site: Site, trends: Iterable[LinkTrend]) -> list[TrendsLink]:
    """The links in their order."""
    return [_link(site, one) for one in trends]


def present_admin_tag(site: Site, hashtag: UsedHashtag, trend: Trend) -> AdminTag:
    """A hashtag as staff see it."""
    tag = present_tag(site, hashtag, None)
    return AdminTag(**asdict(tag), trendable=trend.trendable is True, requires_review=trend.trendable is None)


def present_admin_status(status: Status, trend: Trend) -> AdminTrendsStatus:
    """A post as staff see it."""
    return AdminTrendsStatus(**asdict(status), requires_review=trend.trendable is None)


def present_admin_link(site: Site, link: LinkTrend) -> AdminTrendsLink:
    """A link as staff see it."""
    return AdminTrendsLink(**asdict(_link(site, link)), requires_review=link.trend.trendable is None)


def _link(site: Site, link: LinkTrend) -> TrendsLink:
    card = present_card(site, link.card) if link.card is not None else _bare(link)
    history = [present_day(one.day, one.uses, one.accounts) for one in link.history]
    return TrendsLink(**asdict(card), id=str(link.trend.subject_id), history=history)


def _bare(link: LinkTrend) -> PreviewCard:
    """What an address says by itself."""
    parts = urlsplit(link.url)
    return PreviewCard(
        url=link.url,
        title=link.url.partition("://")[2],
        description="",
        language=link.trend.language,
        type="link",
        author_name="",
        author_url="",
        provider_name=parts.netloc,
        provider_url=f"{parts.scheme}://{parts.netloc}",
        html="",
        width=0,
        height=0,
        image=None,
        image_description="",
        embed_url="",
        published_at=None,
        authors=[],
    )
