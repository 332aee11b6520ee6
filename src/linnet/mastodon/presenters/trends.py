"""Trends for the wire: no statement at all."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from msgspec.structs import asdict, replace

from linnet.features.statuses.cards.models import Card
from linnet.features.statuses.hashtags import UsedHashtag
from linnet.features.trends.models import LinkTrend, Trend
from linnet.mastodon.entities.status import Status
from linnet.mastodon.entities.trends import AdminTag, AdminTrendsLink, AdminTrendsStatus, TrendsLink
from linnet.mastodon.presenters.cards import present_card
from linnet.mastodon.presenters.tags import present_day, present_tag
from linnet.platform.site import Site


def present_links(site: Site, trends: Iterable[LinkTrend], cards: Mapping[str, Card]) -> list[TrendsLink]:
    """The links in their order, as their pages present themselves where somebody has looked."""
    return [_link(site, one, cards.get(one.url)) for one in trends]


def present_admin_tag(site: Site, hashtag: UsedHashtag, trend: Trend) -> AdminTag:
    """A hashtag as staff see it."""
    tag = present_tag(site, hashtag, None)
    return AdminTag(**asdict(tag), trendable=trend.trendable is True, requires_review=trend.trendable is None)


def present_admin_status(status: Status, trend: Trend) -> AdminTrendsStatus:
    """A post as staff see it."""
    return AdminTrendsStatus(**asdict(status), requires_review=trend.trendable is None)


def present_admin_link(site: Site, link: LinkTrend, cards: Mapping[str, Card]) -> AdminTrendsLink:
    """A link as staff see it."""
    return AdminTrendsLink(
        **asdict(_link(site, link, cards.get(link.url))), requires_review=link.trend.trendable is None
    )


def _link(site: Site, link: LinkTrend, card: Card | None) -> TrendsLink:
    parts = urlsplit(link.url)
    history = [present_day(one.day, one.uses, one.accounts) for one in link.history]
    bare = TrendsLink(
        id=str(link.trend.subject_id),
        url=link.url,
        title=link.url.partition("://")[2],
        provider_name=parts.netloc,
        provider_url=f"{parts.scheme}://{parts.netloc}",
        language=link.trend.language,
        history=history,
    )
    if card is None:
        return bare
    shown = asdict(present_card(site, card))
    return replace(bare, **{**shown, "url": link.url, "language": card.language or link.trend.language})
