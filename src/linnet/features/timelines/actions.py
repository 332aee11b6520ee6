"""The one thing done to a timeline outside a job: showing people their own post at once."""

from contextlib import suppress

from linnet.features.accounts.models import Viewer
from linnet.features.timelines import homes
from linnet.platform.engines import Engines
from linnet.platform.errors import EngineDown


async def show_own(engines: Engines, viewer: Viewer, status_id: int) -> None:
    """Put a status into its author's home before the fan-out job does, which will do it again whatever happens here."""
    with suppress(EngineDown):
        await homes.append(engines.valkey, status_id, [viewer.account_id])
