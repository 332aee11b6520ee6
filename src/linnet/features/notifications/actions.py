"""What people do with their notifications: put them away. Nothing follows from it, so no event is recorded."""

from linnet.features.accounts.models import Viewer
from linnet.features.notifications.store import rows
from linnet.platform.engines import Engines
from linnet.platform.errors import NotFound

SLICE = 1_000
"""Rows removed by one statement."""


async def dismiss(engines: Engines, viewer: Viewer, notification_id: int) -> None:
    """Put one notification away; `NotFound` when it is not the viewer's."""
    if not await rows.dismiss(engines.db, viewer.account_id, notification_id):
        raise NotFound


async def clear(engines: Engines, viewer: Viewer) -> None:
    """Put away everything the viewer has been told until now."""
    up_to_id = await rows.newest_id(engines.db, viewer.account_id)
    while await rows.clear(engines.db, viewer.account_id, up_to_id, SLICE) == SLICE:
        pass
