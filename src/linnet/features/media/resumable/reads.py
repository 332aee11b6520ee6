"""Questions about uploads in parts; only their owners see them."""

from linnet.features.accounts.models import Viewer
from linnet.features.media.resumable import store
from linnet.features.media.resumable.models import OPEN_MAX, Resumable
from linnet.platform.engines import Engines
from linnet.platform.errors import Invalid, NotFound


async def show(engines: Engines, viewer: Viewer, upload_id: int) -> Resumable:
    """One of the viewer's uploads that has not expired, or `NotFound`; `Invalid` for one that was refused, with why."""
    found = await store.load(engines.db, viewer.account_id, upload_id, engines.clock.now())
    if found is None:
        raise NotFound("There is no such upload, or it has expired")
    if found.refusal is not None:
        raise Invalid(found.refusal)
    return found


async def unfinished(engines: Engines, viewer: Viewer) -> list[Resumable]:
    """The viewer's uploads that are not complete, newest first: at most `OPEN_MAX`."""
    return await store.open_ones(engines.db, viewer.account_id, engines.clock.now(), OPEN_MAX)
