"""Questions about announcements. Whoever asks, they are the same, but for what the viewer did with them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from linnet.features.accounts.models import Viewer
from linnet.features.accounts.permissions import Actor, Operator, Permission, require
from linnet.features.announcements.models import ACTIVE_MAX, MARKED_MAX, Announcement, Marked, Reaction
from linnet.features.announcements.store import rows
from linnet.platform.engines import Engines
from linnet.platform.errors import NotFound
from linnet.platform.remembered import remembered

KEPT_S: Final = 2
"""How old the numbers of reactions may be: the viewer's own are always among them."""

Counts = dict[str, list[tuple[str, int]]]
"""By announcement: (name, how many) of each reaction, what came first first."""


async def active(engines: Engines, viewer: Viewer) -> list[Announcement]:
    """What everybody is told now, the oldest first. At most three statements."""
    return await _as_seen(engines, viewer, await rows.active(engines.db, engines.clock.now(), ACTIVE_MAX))


async def show(engines: Engines, viewer: Viewer | None, announcement_id: int) -> Announcement:
    """One announcement that is shown, as the viewer or nobody in particular sees it; else `NotFound`."""
    found = await rows.show(engines.db, announcement_id, engines.clock.now())
    if found is None:
        raise NotFound
    return (await _as_seen(engines, viewer, [found]))[0]


async def reaction(engines: Engines, announcement_id: int, name: str) -> Reaction:
    """How many say this to an announcement that is shown, counted now; `NotFound` when it is not."""
    if await rows.show(engines.db, announcement_id, engines.clock.now()) is None:
        raise NotFound
    counted = await rows.reaction_counts(engines.db, [announcement_id])
    return Reaction(name, next((number for _, said, number in counted if said == name), 0))


async def marked_by(engines: Engines, viewer: Viewer) -> list[Marked]:
    """Which announcements the viewer has put away, and what they said to which, the oldest first; shown or not."""
    return await rows.marked_by(engines.db, viewer.account_id, MARKED_MAX)


async def newest(engines: Engines, actor: Actor | Operator, limit: int) -> list[Announcement]:
    """The newest announcements, shown or not, for those who make them. Raises `Forbidden`."""
    require(actor, Permission.MANAGE_ANNOUNCEMENTS)
    return await rows.newest(engines.db, limit)


async def _as_seen(engines: Engines, viewer: Viewer | None, found: Sequence[Announcement]) -> list[Announcement]:
    if not found:
        return []
    ids = [one.id for one in found]
    counts = await _counts(engines, ids)
    marks = {} if viewer is None else await rows.own_marks(engines.db, viewer.account_id, ids)
    seen: list[Announcement] = []
    for one in found:
        is_read, own = marks.get(one.id, (False, []))
        reactions = [Reaction(name, number, name in own) for name, number in counts.get(str(one.id), [])]
        counted = {said.name for said in reactions}
        reactions += [Reaction(name, 1, is_own=True) for name in own if name not in counted]
        seen.append(replace(one, is_read=is_read, reactions=tuple(reactions)))
    return seen


async def _counts(engines: Engines, ids: Sequence[int]) -> Counts:
    async def count() -> Counts:
        counts: Counts = {}
        for announcement_id, name, number in await rows.reaction_counts(engines.db, ids):
            counts.setdefault(str(announcement_id), []).append((name, number))
        return counts

    key = "announcement-reactions:" + "-".join(map(str, sorted(ids)))
    return await remembered(engines.valkey, key, Counts, count, kept_s=KEPT_S)
