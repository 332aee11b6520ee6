"""Questions about uploads. Who may see what is attached is a question of the status; all else only its owner sees."""

from collections.abc import Sequence

from linnet.features.accounts.models import Viewer
from linnet.features.media.models import Media, Purpose, Usage, UsageOfKind
from linnet.features.media.store import oversight, uploads, using
from linnet.platform.engines import Engines
from linnet.platform.errors import NotFound
from linnet.platform.postgres import Queries


async def show(engines: Engines, viewer: Viewer, media_id: int) -> Media:
    """One of the viewer's uploads, or `NotFound`."""
    found = await uploads.find(engines.db, viewer.account_id, media_id)
    if found is None or found.purpose is not Purpose.ATTACHMENT:
        raise NotFound
    return found


async def some(engines: Engines, viewer: Viewer, media_ids: Sequence[int]) -> list[Media]:
    """Those of these uploads that are the viewer's; one statement."""
    found = await uploads.some(engines.db, viewer.account_id, media_ids)
    return [media for media in found if media.purpose is Purpose.ATTACHMENT]


async def of_statuses(db: Queries, status_ids: Sequence[int]) -> dict[int, list[Media]]:
    """What each of these statuses shows, in its order, for whoever may see them; one statement."""
    return await using.of_statuses(db, status_ids)


async def usage(engines: Engines, viewer: Viewer) -> Usage:
    """What the viewer has in the store."""
    return await uploads.usage(engines.db, viewer.account_id)


async def usage_by_kind(engines: Engines, viewer: Viewer) -> list[UsageOfKind]:
    """The same by kind, the most first."""
    return await oversight.usage_by_kind(engines.db, viewer.account_id)
