"""Questions about saved drafts, which only their author may ask."""

from linnet.features.accounts.models import Viewer
from linnet.features.statuses.saved import store
from linnet.features.statuses.saved.models import Saved
from linnet.platform.engines import Engines
from linnet.platform.errors import NotFound
from linnet.platform.paging import Window


async def page(engines: Engines, viewer: Viewer, window: Window) -> list[Saved]:
    """A page of the viewer's drafts, the latest begun first."""
    return await store.page(engines.db, viewer.account_id, window)


async def show(engines: Engines, viewer: Viewer, draft_id: int) -> Saved:
    """One of the viewer's drafts, or `NotFound`."""
    found = await store.load(engines.db, viewer.account_id, draft_id)
    if found is None:
        raise NotFound
    return found
