"""Questions about one's own notifications. What its rules forbid by now, a notification does not tell any more."""

from collections.abc import Sequence

from linnet.features.accounts.models import Viewer
from linnet.features.notifications.models import UNREAD_MAX, Choice, NotificationPage
from linnet.features.notifications.store import rows
from linnet.features.statuses import reads as statuses
from linnet.platform.engines import Engines
from linnet.platform.errors import NotFound
from linnet.platform.paging import Window


async def page(engines: Engines, viewer: Viewer, window: Window, choice: Choice) -> NotificationPage:
    """A page of the viewer's notifications, newest first; those about what they may not see now are left out."""
    found = await rows.page(engines.db, viewer.account_id, window, choice)
    about = [one.status_id for one in found if one.status_id is not None]
    hydrated = await statuses.hydrate(engines, viewer, about)
    shown = set(hydrated.ids)
    return NotificationPage(
        items=tuple(one for one in found if one.status_id is None or one.status_id in shown),
        statuses=hydrated,
        row_ids=tuple(one.id for one in found),
    )


async def show(engines: Engines, viewer: Viewer, notification_id: int) -> NotificationPage:
    """One of the viewer's notifications as a page of one; `NotFound` when it is not theirs or tells nothing now."""
    found = await rows.load(engines.db, viewer.account_id, notification_id)
    if found is None:
        raise NotFound
    about = [] if found.status_id is None else [found.status_id]
    hydrated = await statuses.hydrate(engines, viewer, about, if_known=True)
    if found.status_id is not None and not hydrated.ids:
        raise NotFound
    return NotificationPage((found,), hydrated, (found.id,))


async def unread_count(engines: Engines, viewer: Viewer, choice: Choice, limit: int) -> int:
    """How many notifications there are past the viewer's marker, counted up to `limit` (at most `UNREAD_MAX`)."""
    about = await rows.unread(engines.db, viewer.account_id, choice, min(limit, UNREAD_MAX))
    pairs = {(viewer.account_id, status_id) for status_id in about if status_id is not None}
    seen = await statuses.visible_pairs(engines.db, pairs)
    return sum(status_id is None or (viewer.account_id, status_id) in seen for status_id in about)


async def some(engines: Engines, viewer: Viewer, ids: Sequence[int]) -> NotificationPage:
    """Those of the viewer's notifications with these ids that they may be told of now, oldest first."""
    found = await rows.some(engines.db, viewer.account_id, ids)
    about = [one.status_id for one in found if one.status_id is not None]
    hydrated = await statuses.hydrate(engines, viewer, about, if_known=True)
    shown = set(hydrated.ids)
    items = tuple(one for one in found if one.status_id is None or one.status_id in shown)
    return NotificationPage(items, hydrated, tuple(one.id for one in found))
