"""A home timeline out of memory alone: the page that `reads.home` would give, or None when anything of it is missing.

Everything here is synchronous. Whoever calls it has read the log of changes since the request came.
"""

import time
from collections.abc import Iterable, Mapping

from linnet.features.accounts.models import AccountVersion, Viewer
from linnet.features.relationships import circles
from linnet.features.relationships.models import FOLLOWED, Circle, Stance
from linnet.features.statuses import marked as marking
from linnet.features.statuses.marked import Marked
from linnet.features.statuses.models import UNMARKED, Hydrated, Marks, Status
from linnet.features.statuses.shelf import Shelf, Taken, seen_by
from linnet.features.timelines import homes, merged, packed, rules, visits
from linnet.features.timelines.homes import Newest
from linnet.features.timelines.reads import MARGIN
from linnet.platform.engines import Engines
from linnet.platform.paging import Window
from linnet.platform.valkey import Command


def asks(viewer: Viewer) -> Command:
    """What to ask Valkey for the viewer's home."""
    return "GET", homes.key_of(viewer.account_id)


def page(engines: Engines, viewer: Viewer, window: Window, string: bytes | None) -> Hydrated | None:
    """A page of the viewer's home, which Valkey just gave as `string`; without `stances`."""
    if string is None or not visits.is_noted(engines, viewer.account_id):
        return None
    newest = homes.newest_of(viewer.account_id, string)
    return None if newest is None else _page(engines, viewer, window, newest)


def _page(engines: Engines, viewer: Viewer, window: Window, newest: Newest) -> Hydrated | None:
    circle, marked = circles.glance(engines, viewer), marking.glance(engines, viewer)
    if circle is None or marked is None or window.forward:
        return None
    wanted = window.limit + MARGIN
    candidates = _candidates(newest, window, wanted)
    above = max(window.floor, newest.floor - 1)
    large = merged.glance(engines, viewer, circle, above, window.ceiling, wanted)
    if candidates is None or large is None:
        return None
    if large:
        candidates = tuple(packed.newest_first((*candidates, *large))[:wanted])
    taken = _Taken(engines.config(Shelf), viewer.account_id, circle)
    if not taken.take(candidates) or (len(taken.ids) < window.limit and len(candidates) == wanted):
        return None
    marks = _marks(marked, taken.statuses)
    if marks is None:
        return None
    shown = taken.ids[: window.limit]
    ids = rules.without_repeats(Hydrated(statuses=taken.statuses), shown) if taken.reblogs else shown
    more = len(candidates) == wanted or len(taken.ids) > len(shown)
    return Hydrated(tuple(ids), taken.statuses, tuple(shown), more, marks, taken.authors)


def _candidates(newest: Newest, window: Window, wanted: int) -> tuple[int, ...] | None:
    """What `reads` would look at; None when some of it is not in memory."""
    ids = newest.ids
    if window.max_id is not None:
        ids = tuple(i for i in ids if i < window.ceiling)
    above = window.floor
    if above:
        ids = tuple(i for i in ids if i > above)
    if len(ids) >= wanted:
        return ids[:wanted]
    has_all = not newest.more and newest.floor <= max(packed.WHOLE, above)
    reached_above = newest.ids and newest.ids[-1] <= above
    return ids if has_all or reached_above else None


class _Taken:
    """The statuses of a page as they are taken off the shelf."""

    def __init__(self, shelf: Shelf, viewer_id: int, circle: Circle) -> None:
        self.ids: list[int] = []
        self.statuses: dict[int, Status] = {}
        self.authors: dict[int, AccountVersion] = {}
        self.reblogs = False
        self._shelf = shelf
        self._viewer_id = viewer_id
        self._circle = circle

    def take(self, ids: Iterable[int]) -> bool:
        """Take those that the viewer may see and that belong into their home; False when one is not on the shelf."""
        at_s, now_s = time.monotonic(), time.time()
        people = self._shelf.authors.get
        stance, me = self._circle.stance, self._viewer_id
        found = self._shelf.statuses.get_all(ids, at_s)
        if found is None:
            return False
        for shared in found:
            status = shared.status
            if status is None:
                continue
            if not shared.plain:
                if not self._take_linked(status.id, now_s):
                    return False
                continue
            author_id = status.account_id
            author = people(author_id, at_s)
            if author is None:
                return False
            if author.gone:
                continue
            if (
                author_id != me
                and (standing := stance(author_id, now_s)) is not FOLLOWED
                and not self._admits(status, standing)
            ):
                continue
            self.ids.append(status.id)
            self.statuses[status.id] = status
            self.authors[author_id] = author.version
        return True

    def _admits(self, status: Status, standing: Stance) -> bool:
        """Whether a plain status belongs into the home of a viewer who stands so to its author."""
        if status.account_id in self._circle.blockers:
            return False
        return rules.belongs(status, status, self._viewer_id, lambda _: standing)

    def _take_linked(self, status_id: int, now_s: float) -> bool:
        """Take a status that leads to others, or that not everyone may see; False when any is not on the shelf."""
        taken = Taken(self._shelf, (status_id,))
        if taken.missing:
            return False
        seen = seen_by(taken.statuses, taken.authors, self._viewer_id, self._circle)
        status = seen.get(status_id)
        if status is None or (status.reblog_of_id is not None and status.reblog_of_id not in seen):
            return True
        subject = status if status.reblog_of_id is None else seen[status.reblog_of_id]
        if rules.belongs(status, subject, self._viewer_id, lambda i: self._circle.stance(i, now_s)):
            self.ids.append(status_id)
            self.statuses.update(seen)
            self.authors.update((one.account_id, taken.authors[one.account_id].version) for one in seen.values())
            self.reblogs |= status.reblog_of_id is not None
        return True


def _marks(marked: Marked, statuses: Mapping[int, Status]) -> dict[int, Marks] | None:
    """The viewer's marks, where there are any; None when they are not known of each status."""
    known, floor, found = marked.known, marked.floor, dict[int, Marks]()
    if marked.threads:
        for status_id, status in statuses.items():
            marks = marked.marks(status)
            if marks is None:
                return None
            found[status_id] = marks
        return found
    for status_id in statuses:
        if status_id in known:
            marks = known[status_id]
            if marks is None:
                return None
            if marks is not UNMARKED:
                found[status_id] = marks
        elif status_id < floor:
            return None
    return found
