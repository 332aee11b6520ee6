"""Timelines as a viewer reads them: skeleton → hydrate → rules; the presenter does the rest."""

from collections.abc import Sequence

import structlog

from linnet.features.accounts.models import Viewer
from linnet.features.filters.models import Context
from linnet.features.filters.reads import without_hidden
from linnet.features.statuses import reads as statuses
from linnet.features.statuses.models import Hydrated
from linnet.features.statuses.tags import reads as followed_tags
from linnet.features.timelines import filling, homes, merged, packed, rules, store
from linnet.features.timelines import tagged as tagged_posts
from linnet.features.timelines.gathering import gather
from linnet.features.timelines.visits import note_visit
from linnet.platform.engines import Engines
from linnet.platform.errors import EngineDown
from linnet.platform.ids import ID_MAX
from linnet.platform.paging import Window

log = structlog.get_logger()


async def home(engines: Engines, viewer: Viewer, window: Window) -> Hydrated:
    """A page of the viewer's home, newest first. It has no bottom: below what Valkey keeps it comes from PostgreSQL."""
    await note_visit(engines, viewer.account_id)
    cached = await _cached(engines, viewer)
    large = await merged.followed_by(engines, viewer)
    await merged.keep_recent(engines, large)
    tags = await followed_tags.followed(engines, viewer)
    tag_ids = tuple(tags.values())
    await tagged_posts.keep_recent(engines, tag_ids)

    async def candidates(above: int, below: int, wanted: int) -> list[int]:
        ids = await _candidates(engines, viewer, cached, large, above, below, wanted, forward=window.forward)
        if not tag_ids:
            return ids
        under = await tagged_posts.ids(engines, tag_ids, above, below, wanted, forward=window.forward)
        both = packed.newest_first([*ids, *under])
        return both[-wanted:] if window.forward else both[:wanted]

    async def permitted(ids: Sequence[int]) -> Hydrated:
        page = await statuses.hydrate(engines, viewer, ids)
        allowed = page.only(rules.allowed(page, viewer.account_id, tags))
        return await without_hidden(engines, viewer, allowed, Context.HOME)

    return await gather(window, candidates, permitted)


async def _cached(engines: Engines, viewer: Viewer) -> tuple[int, list[int]] | None:
    """Floor and ids of the viewer's home in Valkey, filled if need be; None when there is no Valkey to ask."""
    try:
        found = await homes.read(engines.valkey, viewer.account_id)
        if found is None:
            floor, ids = packed.unpack(await filling.fill(engines, viewer))
            found = floor, packed.newest_first(ids)
    except EngineDown as error:
        log.warning("home without valkey", engine=error.engine)
        return None
    return found


async def _candidates(
    engines: Engines,
    viewer: Viewer,
    cached: tuple[int, list[int]] | None,
    large: Sequence[int],
    above: int,
    below: int,
    wanted: int,
    *,
    forward: bool,
) -> list[int]:
    """Up to `wanted` ids with above < id < below, newest first: those nearest to the end one pages from."""
    if forward:
        if cached is None or large or above < cached[0]:
            return await store.home_ids_forward(engines.db, viewer.account_id, above, below, wanted)
        return [i for i in cached[1] if above < i < below][-wanted:]
    floor, ids = cached or (ID_MAX, [])
    taken = [i for i in ids if floor <= i and above < i < below][:wanted]
    if large and floor != ID_MAX:
        own = await store.ids_of_authors(engines.db, large, max(above, floor - 1), below, wanted)
        taken = packed.newest_first([*taken, *own])[:wanted]
    if len(taken) < wanted and floor > packed.WHOLE and above < floor:
        rest = await store.home_ids(engines.db, viewer.account_id, above, min(below, floor), wanted - len(taken))
        taken += rest
    return taken


async def public(engines: Engines, viewer: Viewer | None, window: Window, *, only_media: bool = False) -> Hydrated:
    """A page of everyone's public statuses, on demand of those that show media."""
    ids = await statuses.public(engines, viewer, window, only_media=only_media)
    page = _wide(await statuses.hydrate(engines, viewer, ids))
    return await without_hidden(engines, viewer, page, Context.PUBLIC)


async def tagged(
    engines: Engines,
    viewer: Viewer | None,
    window: Window,
    *,
    any_of: Sequence[str],
    all_of: Sequence[str] = (),
    none_of: Sequence[str] = (),
    only_media: bool = False,
) -> Hydrated:
    """A page of public statuses under one of `any_of`, all of `all_of` and none of `none_of` (normalised names)."""
    ids = await statuses.tagged(
        engines, viewer, window, any_of=any_of, all_of=all_of, none_of=none_of, only_media=only_media
    )
    page = _wide(await statuses.hydrate(engines, viewer, ids))
    return await without_hidden(engines, viewer, page, Context.PUBLIC)


def _wide(page: Hydrated) -> Hydrated:
    """Without what staff have limited: a replica that gave the ids may not know of it yet."""
    return page.only([one.id for one in page if not one.limited])
