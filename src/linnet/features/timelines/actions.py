"""What is done to timelines outside a job: showing people their own post at once, and a large author's to readers."""

from contextlib import suppress

from linnet.features.accounts.models import Viewer
from linnet.features.timelines import delivery, merged
from linnet.platform.engines import Engines
from linnet.platform.errors import EngineDown


async def show_own(engines: Engines, viewer: Viewer, status_id: int) -> None:
    """Put a status into its author's home before the fan-out job does, which will do it again whatever happens here.

    Of an author whose statuses readers merge they have it at once as well, wherever their home comes from.
    """
    with suppress(EngineDown):
        await delivery.append(engines.valkey, status_id, [viewer.account_id])
    if merged.is_known_as_large(engines, viewer.account_id):
        await merged.tell(engines, viewer.account_id, status_id)
