"""Questions about polls. Who may see the status may see its poll."""

from dataclasses import dataclass

from linnet.features.accounts.models import Viewer
from linnet.features.statuses import reads
from linnet.features.statuses.models import UNMARKED
from linnet.features.statuses.polls import store
from linnet.features.statuses.polls.models import Poll, Vote
from linnet.platform.engines import Engines
from linnet.platform.errors import NotFound
from linnet.platform.paging import Window


@dataclass(frozen=True, slots=True)
class Shown:
    """A poll, whose it is, and what the viewer chose."""

    poll: Poll
    author_id: int
    vote: Vote | None


async def show(engines: Engines, viewer: Viewer | None, poll_id: int) -> Shown:
    """One poll, or `NotFound`; one that its status does not ask any more is none."""
    status_id = await store.status_id_of(engines.db, poll_id)
    if status_id is None:
        raise NotFound
    page = await reads.show(engines, viewer, status_id)
    status = page.statuses[status_id]
    if status.poll is None or status.poll.id != poll_id:
        raise NotFound
    return Shown(status.poll, status.account_id, page.marks.get(status_id, UNMARKED).vote)


async def cast_by(engines: Engines, viewer: Viewer, window: Window) -> list[tuple[int, Vote]]:
    """A page of the viewer's votes with the status each poll is or was asked in, the latest status first."""
    return await store.cast_by(engines.db, viewer.account_id, window)
