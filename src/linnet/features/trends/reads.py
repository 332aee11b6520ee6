"""Questions about trends: what more people speak of now than before."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, timedelta

from linnet.features.accounts import reads as accounts
from linnet.features.accounts.models import Viewer
from linnet.features.statuses import hashtags
from linnet.features.statuses.entities import tag_name
from linnet.features.statuses.hashtags import Use, UsedHashtag
from linnet.features.trends.models import HISTORY_DAYS, TRENDS_MAX, Day, LinkTrend, TagTrend, TrendRules
from linnet.features.trends.store import naming, showing
from linnet.features.trends.store.showing import Wanted
from linnet.platform.engines import Engines


async def tags(
    engines: Engines, viewer: Viewer | None, *, language: str | None = None, limit: int, offset: int
) -> list[UsedHashtag]:
    """Hashtags that trend, those of the viewer's languages first, then what rises most; with their last days."""
    wanted = await _wanted(engines, viewer, language, limit, offset)
    db = await engines.replica_for(viewer.account_id if viewer else 0)
    return [used(one, today(engines)) for one in await showing.tags(db, _since(engines), wanted)]


async def status_ids(
    engines: Engines, viewer: Viewer | None, *, language: str | None = None, limit: int, offset: int
) -> list[int]:
    """Ids of posts that trend, in the same order, for `hydrate`."""
    wanted = await _wanted(engines, viewer, language, limit, offset)
    viewer_id = viewer.account_id if viewer else 0
    db = await engines.replica_for(viewer_id)
    return [one.subject_id for one in await showing.statuses(db, viewer_id, wanted)]


async def links(
    engines: Engines, viewer: Viewer | None, *, language: str | None = None, limit: int, offset: int
) -> list[LinkTrend]:
    """Links that trend, in the same order."""
    wanted = await _wanted(engines, viewer, language, limit, offset)
    db = await engines.replica_for(viewer.account_id if viewer else 0)
    found = await showing.links(db, _since(engines), wanted)
    return [replace(one, history=days_of(one.history, today(engines))) for one in found]


async def tags_like(
    engines: Engines, viewer: Viewer | None, text: str, *, limit: int, offset: int = 0
) -> list[UsedHashtag]:
    """Hashtags that are `text` in any spelling, begin with it or are spelt like it: those most used lately first.

    None that was never used in public: what is said to a few makes no hashtag known to others.
    """
    name = tag_name(text)
    if not name:
        return []
    db = await engines.replica_for(viewer.account_id if viewer else 0)
    return await hashtags.load(engines, await naming.like(db, name, limit, offset))


async def reviewed_tags(engines: Engines, names: Sequence[str]) -> set[str]:
    """Those of the hashtags (normalised names) that staff have looked at; no statement for none."""
    return await showing.reviewed_tags(engines.db, names) if names else set()


def today(engines: Engines) -> date:
    """The present day, in UTC."""
    return engines.clock.now().astimezone(UTC).date()


def used(trend: TagTrend, day: date) -> UsedHashtag:
    """A hashtag that trends as any other one that is used, with its last days until `day`."""
    history = tuple(Use(one.day, one.uses, one.accounts) for one in days_of(trend.history, day))
    return UsedHashtag(trend.trend.subject_id, trend.name, trend.display_name, history)


def days_of(history: Sequence[Day], day: date) -> list[Day]:
    """The last `HISTORY_DAYS` days until `day`, the last first, those without any use too."""
    known = {one.day: one for one in history}
    days = (day - timedelta(days=ago) for ago in range(HISTORY_DAYS))
    return [known.get(one, Day(one)) for one in days]


def _since(engines: Engines) -> date:
    return today(engines) - timedelta(days=HISTORY_DAYS - 1)


async def _wanted(engines: Engines, viewer: Viewer | None, language: str | None, limit: int, offset: int) -> Wanted:
    preferred: list[str] = []
    if viewer is not None:
        mine = await accounts.preferences(engines.db, viewer)
        preferred = [one for one in (mine.language or mine.locale,) if one]
    return Wanted(
        reviewed="not rejected" if engines.config(TrendRules).unreviewed else "approved",
        languages=[language] if language else [],
        preferred=preferred,
        limit=limit,
        offset=min(offset, TRENDS_MAX),
    )
