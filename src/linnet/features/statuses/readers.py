"""What pages ask about their reader: the circle, and what they have done. One statement for all who come together."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from linnet.features.accounts.models import Viewer
from linnet.features.relationships import circles
from linnet.features.relationships.circles import Circles
from linnet.features.relationships.models import Circle
from linnet.features.statuses import marked as marking
from linnet.features.statuses.marked import Marked, Viewers
from linnet.features.statuses.store import readers as store
from linnet.features.statuses.tags.models import FOLLOWED_MAX
from linnet.platform.engines import Engines
from linnet.platform.postgres import Queries
from linnet.platform.together import Asked

Reader = tuple[Circle, Marked]


@dataclass(frozen=True, slots=True)
class _Question:
    """About whom, and what keeps the answer."""

    account_id: int
    circles: Circles
    viewers: Viewers


def glance(engines: Engines, viewer: Viewer) -> Reader | None:
    """The viewer's circle and marks, if this process keeps both."""
    circle, marked = circles.glance(engines, viewer), marking.glance(engines, viewer)
    return None if circle is None or marked is None else (circle, marked)


async def reader_of(engines: Engines, viewer: Viewer) -> Reader | None:
    """Everything between the viewer and others that a timeline asks about, and what they have done with statuses.

    None when either is too much to keep. At most one statement. Call it only after `changes.catch_up()` was true.
    """
    known = glance(engines, viewer)
    return known if known is not None else await _readers.ask(engines.db, _question(engines, viewer))


def expect(engines: Engines, viewer: Viewer) -> "asyncio.Future[Reader | None] | None":
    """The same without waiting for it; None when this process keeps it."""
    known = glance(engines, viewer)
    return _readers.put(engines.db, _question(engines, viewer)) if known is None else None


def _question(engines: Engines, viewer: Viewer) -> _Question:
    return _Question(viewer.account_id, engines.config(Circles), engines.config(Viewers))


async def _load(db: Queries, questions: Sequence[_Question]) -> list[Reader | None]:
    began = [(one.circles.kept.now(), one.viewers.kept.now()) for one in questions]
    found = await store.load(
        db,
        {one.account_id for one in questions},
        edges_max=circles.EDGES_MAX,
        marks_max=marking.MARKS_MAX,
        threads_max=marking.MUTED_THREADS_MAX,
        tags_max=FOLLOWED_MAX,
    )
    readers = list[Reader | None]()
    for one, (circle_began, marked_began) in zip(questions, began, strict=True):
        circle, read = found[one.account_id]
        if circle.largest > circles.EDGES_MAX or len(read.threads) > marking.MUTED_THREADS_MAX:
            readers.append(None)
            continue
        marked = Marked(read.floor, frozenset(read.threads), dict(read.marks), read.tags)
        one.circles.kept.put(one.account_id, circle, circle_began)
        one.viewers.kept.put(one.account_id, marked, marked_began)
        readers.append((circle, marked))
    return readers


_readers: Asked[_Question, Reader | None] = Asked(_load)
