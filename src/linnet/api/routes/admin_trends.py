"""`/api/v1/admin/trends`: what rises, for staff to let it trend or to keep it from it."""

from collections.abc import Sequence
from typing import Final

from linnet.api.endpoint import Call, endpoint
from linnet.api.routes.trends import TrendsForm
from linnet.features.accounts.permissions import Actor
from linnet.features.statuses import reads as statuses
from linnet.features.statuses.cards import reads as cards
from linnet.features.trends import review
from linnet.features.trends.models import Kind, LinkTrend, TagTrend
from linnet.features.trends.reads import today, used
from linnet.mastodon.entities.status import Status
from linnet.mastodon.entities.trends import AdminTag, AdminTrendsLink, AdminTrendsStatus
from linnet.mastodon.presenters.statuses import present_status, present_statuses
from linnet.mastodon.presenters.trends import present_admin_link, present_admin_status, present_admin_tag
from linnet.platform.site import Site

READ: Final = "admin:read"
WRITE: Final = "admin:write"
LISTED: Final = 20
LISTED_MAX: Final = 100


@endpoint("GET", "/api/v1/admin/trends/tags", scope=READ)
async def list_tags(call: Call, form: TrendsForm) -> list[AdminTag]:
    """List hashtags that rise, most first, also those that staff have not looked at or refused."""
    limit, offset = form.part(LISTED, LISTED_MAX)
    return [_tag(call, one) for one in await review.tags(call.engines, _actor(call), limit=limit, offset=offset)]


@endpoint("POST", "/api/v1/admin/trends/tags/{tag_id}/approve", scope=WRITE)
async def approve_tag(call: Call, tag_id: int) -> AdminTag:
    """Let a hashtag trend."""
    await review.judge(call.engines, _actor(call), Kind.TAG, tag_id, trendable=True)
    return _tag(call, await review.tag(call.engines, tag_id))


@endpoint("POST", "/api/v1/admin/trends/tags/{tag_id}/reject", scope=WRITE)
async def reject_tag(call: Call, tag_id: int) -> AdminTag:
    """Keep a hashtag from trending."""
    await review.judge(call.engines, _actor(call), Kind.TAG, tag_id, trendable=False)
    return _tag(call, await review.tag(call.engines, tag_id))


@endpoint("GET", "/api/v1/admin/trends/statuses", scope=READ)
async def list_statuses(call: Call, form: TrendsForm) -> list[AdminTrendsStatus]:
    """List posts that rise, in the same way."""
    limit, offset = form.part(LISTED, LISTED_MAX)
    found = await review.statuses(call.engines, _actor(call), limit=limit, offset=offset)
    by_id = {str(one.subject_id): one for one in found}
    page = await statuses.hydrate(call.engines, call.me, [one.subject_id for one in found])
    presented = await present_statuses(call.engines, call.me, page)
    return [present_admin_status(one, by_id[one.id]) for one in presented]


@endpoint("POST", "/api/v1/admin/trends/statuses/{status_id}/approve", scope=WRITE)
async def approve_status(call: Call, status_id: int) -> Status:
    """Let a post trend."""
    await review.judge(call.engines, _actor(call), Kind.STATUS, status_id, trendable=True)
    return await present_status(call.engines, call.me, status_id)


@endpoint("POST", "/api/v1/admin/trends/statuses/{status_id}/reject", scope=WRITE)
async def reject_status(call: Call, status_id: int) -> Status:
    """Keep a post from trending."""
    await review.judge(call.engines, _actor(call), Kind.STATUS, status_id, trendable=False)
    return await present_status(call.engines, call.me, status_id)


@endpoint("GET", "/api/v1/admin/trends/links", scope=READ)
async def list_links(call: Call, form: TrendsForm) -> list[AdminTrendsLink]:
    """List links that rise, in the same way."""
    limit, offset = form.part(LISTED, LISTED_MAX)
    return await _links(call, await review.links(call.engines, _actor(call), limit=limit, offset=offset))


@endpoint("POST", "/api/v1/admin/trends/links/{link_id}/approve", scope=WRITE)
async def approve_link(call: Call, link_id: int) -> AdminTrendsLink:
    """Let a link trend."""
    await review.judge(call.engines, _actor(call), Kind.LINK, link_id, trendable=True)
    return (await _links(call, [await review.link(call.engines, link_id)]))[0]


@endpoint("POST", "/api/v1/admin/trends/links/{link_id}/reject", scope=WRITE)
async def reject_link(call: Call, link_id: int) -> AdminTrendsLink:
    """Keep a link from trending."""
    await review.judge(call.engines, _actor(call), Kind.LINK, link_id, trendable=False)
    return (await _links(call, [await review.link(call.engines, link_id)]))[0]


async def _links(call: Call, found: Sequence[LinkTrend]) -> list[AdminTrendsLink]:
    shown = await cards.of_links(call.engines, [one.url for one in found])
    return [present_admin_link(call.engines.config(Site), one, shown) for one in found]


def _tag(call: Call, trend: TagTrend) -> AdminTag:
    hashtag = used(trend, today(call.engines))
    return present_admin_tag(call.engines.config(Site), hashtag, trend.trend)


def _actor(call: Call) -> Actor:
    return Actor(call.me, call.address)
