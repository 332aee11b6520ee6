"""The newest statuses of what readers merge into their homes, kept by each process: see `merged` and `tagged`."""

import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final

from linnet.platform.ids import ID_MAX
from linnet.platform.kept import Kept
from linnet.platform.postgres import Queries

RECENT_MAX: Final = 100
"""Statuses of one source that a process keeps the ids of."""


@dataclass(frozen=True, slots=True)
class Recent:
    """The newest statuses of one source, newest first."""

    ids: tuple[int, ...]
    whole: bool
    """Whether there are no older ones."""

    def also(self, status_id: int) -> "Recent":
        """The same with one more."""
        if status_id in self.ids:
            return self
        ids = sorted((*self.ids, status_id), reverse=True)
        return Recent(tuple(ids[:RECENT_MAX]), self.whole and len(ids) <= RECENT_MAX)


Newest = Callable[[Queries, Sequence[int], int], Awaitable[dict[int, list[int]]]]
"""The newest statuses of each of some sources, up to a number of them, newest first."""


async def keep(kept: Kept[int, Recent], db: Queries, sources: Collection[int], newest: Newest) -> None:
    """Read of those of the sources that are not kept yet; one statement, none when all are."""
    at_s = time.monotonic()
    missing = [one for one in sources if kept.get(one, at_s) is None]
    if not missing:
        return
    began = kept.now()
    for source, ids in (await newest(db, missing, RECENT_MAX)).items():
        kept.put(source, Recent(tuple(ids), len(ids) < RECENT_MAX), began)


def glance(kept: Kept[int, Recent], sources: Collection[int], above: int, below: int, wanted: int) -> list[int] | None:
    """The newest statuses with above < id < below of these sources, in no order.

    At least the newest `wanted` of each; None when this process does not keep them.
    """
    found: list[int] = []
    at_s = time.monotonic() if sources else 0.0
    for source in sources:
        recent = kept.get(source, at_s)
        if recent is None:
            return None
        ids = recent.ids if below == ID_MAX else [i for i in recent.ids if i < below]
        if len(ids) < wanted and not recent.whole and (not ids or ids[-1] > above):
            return None
        found += [i for i in ids[:wanted] if i > above]
    return found
