"""Trends for the wire: no statement at all."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from msgspec.structs import asdict

from linnet.features.statuses.hashtags import UsedHashtag
from linnet.features.trends.models import LinkTrend, Trend
from linnet.mastodon.entities.status import Status
from linnet.mastodon.entities.trends import AdminTag, AdminTrendsLink, AdminTrendsStatus, TrendsLink
from linnet.mastodon.presenters.tags import present_day, present_tag
from linnet.platform.site import Site


def present_links(trends: Iterable[LinkTrend]) -> list[TrendsLink]:
    """The links in their order."""
    return [_link(one) for one in trends]


def present_admin_tag(site: Site, hashtag: UsedHashtag, trend: Trend) -> AdminTag:
    """A hashtag as staff see it."""
    tag = present_tag(site, hashtag, None)
    return AdminTag(**asdict(tag), trendable=trend.trendable is True, requires_review=trend.trendable is None)


def present_admin_status(status: Status, trend: Trend) -> AdminTrendsStatus:
    """A post as staff see it."""
    return AdminTrendsStatus(**asdict(status), requires_review=trend.trendable is None)


def present_admin_link(link: LinkTrend) -> AdminTrendsLink:
    """A link as staff see it."""
    return AdminTrendsLink(**asdict(_link(link)), requires_review=link.trend.trendable is None)


def _link(link: LinkTrend) -> TrendsLink:
    parts = urlsplit(link.url)
    return TrendsLink(
        id=str(link.trend.subject_id),
        url=link.url,
        title=link.url.partition("://")[2],
        provider_name=parts.netloc,
        provider_url=f"{parts.scheme}://{parts.netloc}",
        language=link.trend.language,
        history=[present_day(one.day, one.uses, one.accounts) for one in link.history],
    )
