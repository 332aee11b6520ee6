"""What staff see of trends, and what they say of them; each word is in the audit log."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from linnet.features.accounts.audit import note_act
from linnet.features.accounts.permissions import Actor, Operator, Permission, require
from linnet.features.trends.models import HISTORY_DAYS, TRENDS_MAX, Kind, LinkTrend, TagTrend, Trend
from linnet.features.trends.reads import days_of, today
from linnet.features.trends.store import showing
from linnet.features.trends.store.showing import Wanted
from linnet.platform.engines import Engines
from linnet.platform.errors import NotFound

APPROVE: Final = "trend.approve"
REJECT: Final = "trend.reject"


async def tags(engines: Engines, actor: Actor, *, limit: int, offset: int) -> list[TagTrend]:
    """Hashtags that rise, whatever was said of them, most risen first. Raises `Forbidden`."""
    require(actor, Permission.MANAGE_TAXONOMIES)
    return [_whole(engines, one) for one in await showing.tags(engines.db, _since(engines), _all(limit, offset))]


async def links(engines: Engines, actor: Actor, *, limit: int, offset: int) -> list[LinkTrend]:
    """Links that rise, in the same way."""
    require(actor, Permission.MANAGE_TAXONOMIES)
    found = await showing.links(engines.db, _since(engines), _all(limit, offset))
    return [replace(one, history=days_of(one.history, today(engines))) for one in found]


async def statuses(engines: Engines, actor: Actor, *, limit: int, offset: int) -> list[Trend]:
    """Posts that rise, in the same way."""
    require(actor, Permission.MANAGE_TAXONOMIES)
    return list(await showing.statuses(engines.db, actor.account_id, _all(limit, offset)))


async def judge(engines: Engines, actor: Actor | Operator, kind: Kind, subject_id: int, *, trendable: bool) -> None:
    """Let a subject trend, or keep it from it for good. Raises `Forbidden`; `NotFound` when nobody has spoken of it."""
    require(actor, Permission.MANAGE_TAXONOMIES)
    now = engines.clock.now()
    async with engines.transaction() as tx:
        if not await showing.review(tx, kind, subject_id, actor.account_id, now, trendable=trendable):
            raise NotFound
        detail = {"kind": str(kind), "subject": str(subject_id)}
        await note_act(tx, engines.clock, actor, APPROVE if trendable else REJECT, None, detail)


async def tag(engines: Engines, tag_id: int) -> TagTrend:
    """One hashtag as staff see it; `NotFound` when nobody has spoken of it."""
    found = await showing.tag(engines.db, _since(engines), tag_id)
    if found is None:
        raise NotFound
    return _whole(engines, found)


async def link(engines: Engines, link_id: int) -> LinkTrend:
    """One link, in the same way."""
    found = await showing.link(engines.db, _since(engines), link_id)
    if found is None:
        raise NotFound
    return replace(found, history=days_of(found.history, today(engines)))


def _whole(engines: Engines, trend: TagTrend) -> TagTrend:
    return replace(trend, history=days_of(trend.history, today(engines)))


def _since(engines: Engines) -> date:
    return today(engines) - timedelta(days=HISTORY_DAYS - 1)


def _all(limit: int, offset: int) -> Wanted:
    return Wanted("whatever", limit=limit, offset=min(offset, TRENDS_MAX))
