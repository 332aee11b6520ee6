"""Questions about one's own filters, and what they do to a page."""

from collections.abc import Mapping

from linnet.features.accounts.models import Viewer
from linnet.features.filters.lenses import lens_of
from linnet.features.filters.matching import NO_FILTERS, Lens, Matches, hidden_ids, matches_on
from linnet.features.filters.models import Context, Filter, FilteredStatus, Keyword
from linnet.features.filters.store import rows
from linnet.features.statuses.models import Hydrated
from linnet.platform.engines import Engines
from linnet.platform.errors import NotFound
from linnet.platform.postgres import Queries


async def all_of(engines: Engines, viewer: Viewer) -> list[Filter]:
    """The viewer's filters, also those that have run out, in the order they were made."""
    return await rows.all_of(engines.db, viewer.account_id)


async def show(db: Queries, viewer: Viewer, filter_id: int) -> Filter:
    """One of the viewer's filters; `NotFound` when it is not theirs."""
    found = await rows.one_of(db, viewer.account_id, filter_id)
    if found is None:
        raise NotFound
    return found


async def keyword(db: Queries, viewer: Viewer, keyword_id: int) -> tuple[Filter, Keyword]:
    """One of the viewer's keywords, and the filter it is in; `NotFound` when it is not theirs."""
    found = await rows.with_keyword(db, viewer.account_id, keyword_id)
    if found is None:
        raise NotFound
    return found, next(one for one in found.keywords if one.id == keyword_id)


async def filtered_status(db: Queries, viewer: Viewer, row_id: int) -> tuple[Filter, FilteredStatus]:
    """One of the posts in the viewer's filters, and the filter it is in; `NotFound` when it is not theirs."""
    found = await rows.with_status(db, viewer.account_id, row_id)
    if found is None:
        raise NotFound
    return found, next(one for one in found.statuses if one.id == row_id)


async def matches_of(engines: Engines, viewer: Viewer | None, page: Hydrated) -> Mapping[int, Matches]:
    """What the viewer's filters match of a page and what it leads to, by status id: in whatever context it is shown.

    Clients look for the context themselves, and so can show an answer about one status wherever they have it.
    """
    lens = await _lens_for(engines, viewer, page)
    return matches_on(lens, viewer.account_id, page.statuses) if lens and viewer else {}


async def without_hidden(engines: Engines, viewer: Viewer | None, page: Hydrated, context: Context) -> Hydrated:
    """The page without what the viewer's filters leave out of a context; its ends stay where they are."""
    lens = await _lens_for(engines, viewer, page)
    if not lens or viewer is None:
        return page
    hidden = hidden_ids(lens, viewer.account_id, page, page.statuses, context)
    return page.only([i for i in page.ids if i not in hidden]) if hidden else page


async def _lens_for(engines: Engines, viewer: Viewer | None, page: Hydrated) -> Lens:
    """The viewer's lens, where there is anything to see through it: nobody filters what they wrote themselves."""
    if viewer is None or all(one.account_id == viewer.account_id for one in page.statuses.values()):
        return NO_FILTERS
    return await lens_of(engines, viewer)
