"""Questions about posts for later, which only their author may ask."""

from linnet.features.accounts.models import Viewer
from linnet.features.statuses.scheduled import store
from linnet.features.statuses.scheduled.models import Scheduled
from linnet.platform.engines import Engines
from linnet.platform.errors import NotFound
from linnet.platform.paging import Window


async def page(engines: Engines, viewer: Viewer, window: Window) -> list[Scheduled]:
    """A page of the viewer's posts for later, the latest written first."""
    return await store.page(engines.db, viewer.account_id, window)


async def show(engines: Engines, viewer: Viewer, scheduled_id: int) -> Scheduled:
    """One of the viewer's posts for later, or `NotFound`."""
    found = await store.load(engines.db, viewer.account_id, scheduled_id)
    if found is None:
        raise NotFound
    return found
