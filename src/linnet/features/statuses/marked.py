"""What readers have done with statuses, kept in this process as long as it is true."""

import time
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from linnet.features.accounts.models import Viewer
from linnet.features.statuses.models import UNMARKED, Marks, Status
from linnet.features.statuses.polls.store import vote_of
from linnet.features.statuses.store import shelf as store
from linnet.platform.changes import Change, Changes, Kind
from linnet.platform.engines import Engines
from linnet.platform.kept import Kept

VIEWERS_MAX: Final = 10_000
MARKS_MAX: Final = 200
"""Marks of each kind that are read of one viewer at once, the newest statuses first: most people's all."""

ASKED_MAX: Final = 500
"""Older statuses of which one viewer's marks are kept besides, because they were asked about."""

MARKERS_MAX: Final = 500
"""Accounts that have marked one status in one way, up to which they are read to find those among many viewers."""

_KINDS: Final = ("favourited", "reblogged", "bookmarked", "pinned", "muted")
"""Marks in the order of their numbers in `store.markers`, but for votes."""

MUTED_THREADS_MAX: Final = 2_000
"""Who has muted more threads is asked about in SQL, page by page."""


@dataclass(frozen=True, slots=True)
class Marked:
    """What one viewer has done."""

    floor: int
    """Of statuses with an id from here on all is known: what `known` does not name is unmarked."""
    threads: frozenset[int]
    """Threads that are muted."""
    known: dict[int, Marks | None]
    """By status; None for one to ask about anew."""
    tags: Mapping[str, int] = field(default_factory=dict[str, int])
    """Ids of the hashtags that are followed, by their normalised names."""

    def marks(self, status: Status) -> Marks | None:
        """The marks on a status; None when PostgreSQL has to be asked."""
        marks = self.known.get(status.id, UNMARKED if status.id >= self.floor else None)
        if marks is not None and self.threads and status.thread_id in self.threads:
            return replace(marks, muted=True)
        return marks


class Viewers:
    """A bounded memory of what viewers have done; one in each process, in `engines.configs`."""

    def __init__(self, changes: Changes) -> None:
        self.kept: Kept[int, Marked] = Kept(VIEWERS_MAX)
        changes.hear(self._hear, self.kept.clear)

    def _hear(self, change: Change) -> None:
        kind, account_id, status_id, *_ = change
        if kind is Kind.VIEWER:
            self.kept.drop(account_id)
        elif kind is Kind.MARK:
            self.kept.revise(account_id, lambda marked: _touched(marked, status_id))


def _touched(marked: Marked, status_id: int) -> Marked:
    marked.known[status_id] = None
    return marked


def glance(engines: Engines, viewer: Viewer) -> Marked | None:
    """What the viewer has done, if this process keeps it."""
    return engines.config(Viewers).kept.get(viewer.account_id, time.monotonic())


async def marks_on(
    engines: Engines, viewer: Viewer, marked: Marked, statuses: Mapping[int, Status]
) -> dict[int, Marks]:
    """The viewer's marks on these statuses; one statement for those not known yet."""
    found = {i: marks for i, status in statuses.items() if (marks := marked.marks(status)) is not None}
    unknown = statuses.keys() - found.keys()
    if not unknown:
        return found
    kept = engines.config(Viewers).kept
    began = kept.now()
    loaded = await store.marks(engines.db, viewer.account_id, unknown)
    if len(marked.known) + len(loaded) > 4 * MARKS_MAX + ASKED_MAX:
        kept.drop(viewer.account_id)
    elif kept.steady(viewer.account_id, began):
        marked.known.update(loaded)
    for status_id, marks in loaded.items():
        muted = statuses[status_id].thread_id in marked.threads
        found[status_id] = replace(marks, muted=True) if muted else marks
    return found


async def marks_of_many(
    engines: Engines, viewer_ids: Collection[int], statuses: Collection[Status]
) -> dict[tuple[int, int], Marks]:
    """The marks of many viewers on a few statuses, by viewer and status, where there are any. At most two statements.

    Who has marked a status is asked of it, however many look at it; one that very many have marked is asked of viewers.
    """
    threads = {status.id: status.thread_id for status in statuses}
    if not viewer_ids or not threads:
        return {}
    rows = await store.markers(engines.db, threads, MARKERS_MAX + 1)
    numbers = Counter((kind, status_id) for kind, _, status_id, _ in rows)
    crowded = {status_id for (_, status_id), number in numbers.items() if number > MARKERS_MAX}
    found: dict[tuple[int, int], Marks] = {}
    viewers = frozenset(viewer_ids)
    for kind, account_id, status_id, ballot in rows:
        if account_id in viewers and status_id not in crowded:
            marks = found.get((account_id, status_id), UNMARKED)
            found[account_id, status_id] = (
                replace(marks, vote=vote_of(ballot)) if ballot else replace(marks, **{_KINDS[kind]: True})
            )
    if crowded:
        found |= await store.marks_of_many(engines.db, viewers, {i: threads[i] for i in crowded})
    return found
