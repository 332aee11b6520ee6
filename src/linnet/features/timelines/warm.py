"""A home timeline out of memory alone: the page that `reads.home` would give, or None when anything of it is missing.

Everything here is synchronous. Whoever calls it has read the log of changes since the request came.
"""

import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Final

from linnet.features.accounts.models import AccountVersion, Viewer
from linnet.features.filters import lenses
from linnet.features.filters.matching import Lens, hidden_ids
from linnet.features.filters.models import Context
from linnet.features.relationships import circles
from linnet.features.relationships.models import FOLLOWED, Circle, Stance
from linnet.features.statuses import marked as marking
from linnet.features.statuses.marked import Marked
from linnet.features.statuses.models import UNMARKED, Hydrated, Marks, Status
from linnet.features.statuses.shelf import Author, Shared, Shelf, Taken, seen_by
from linnet.features.timelines import homes, merged, packed, rules, tagged, visits
from linnet.features.timelines.gathering import MARGIN
from linnet.features.timelines.homes import Newest
from linnet.platform.engines import Engines
from linnet.platform.kept import Standing
from linnet.platform.paging import Window
from linnet.platform.valkey import Command

TOLD_MAX: Final = 5_000
"""Pages of one process that are remembered, 3 KB each besides the encoded statuses, which pages share."""

Row = tuple[Shared, Author | None]
"""A status, and its author where nobody else is shown in it."""


def asks(viewer: Viewer) -> Command:
    """What to ask Valkey for the viewer's home."""
    return "GET", homes.key_of(viewer.account_id)


@dataclass(slots=True)
class Warm:
    """A page in its order, row by row."""

    rows: list[Row]
    page: Hydrated
    """The same page, with `statuses` and `authors` only of rows that name no author, `stances` only of the silenced."""
    lens: Lens
    """Through which it was looked at."""
    encoded: object = None
    """What a presenter has made of it, which so lasts as long as it does."""


@dataclass(frozen=True, slots=True)
class _Told:
    """A page, and all that it was made of."""

    candidates: tuple[int, ...]
    stands_on: tuple[Standing[int], ...]
    warm: Warm


class Told:
    """The pages that readers were given last: who looks again before anything of theirs has changed gets the same.

    One in each process that answers people, in `engines.configs`.
    """

    def __init__(self) -> None:
        self._pages: dict[tuple[int, int], _Told] = {}

    def find(self, viewer_id: int, limit: int, candidates: tuple[int, ...], lens: Lens, at_s: float) -> Warm | None:
        """The page of `limit` rows that the viewer had, if it was made of these candidates and would be now."""
        told = self._pages.get((viewer_id, limit))
        if told is None or told.candidates != candidates or told.warm.lens is not lens:
            return None
        return told.warm if all(one.holds(at_s) for one in told.stands_on) else None

    def keep(self, viewer_id: int, limit: int, told: _Told) -> None:
        """Remember a page that has just been made."""
        if len(self._pages) >= TOLD_MAX:
            self._pages.clear()
        self._pages[viewer_id, limit] = told


def page(engines: Engines, viewer: Viewer, window: Window, string: bytes | None) -> Warm | None:
    """A page of the viewer's home, which Valkey just gave as `string`."""
    if string is None or window.forward or not visits.is_noted(engines, viewer.account_id):
        return None
    circle, marked = circles.glance(engines, viewer), marking.glance(engines, viewer)
    newest, lens = homes.newest_of(viewer.account_id, string), lenses.glance(engines, viewer)
    if circle is None or marked is None or newest is None or lens is None:
        return None
    wanted = window.limit + MARGIN
    candidates = _candidates(newest, window, wanted)
    large = merged.glance(engines, viewer, circle, max(window.floor, newest.floor - 1), window.ceiling, wanted)
    if candidates is None or large is None:
        return None
    if marked.tags:
        above = max(window.floor, newest.floor - 1)
        under = tagged.glance(engines, marked.tags.values(), above, window.ceiling, wanted)
        if under is None:
            return None
        large += under
    if large:
        candidates = tuple(packed.newest_first((*candidates, *large))[:wanted])
    told = engines.config(Told).find(viewer.account_id, window.limit, candidates, lens, time.monotonic())
    return told or _made_of(engines, viewer, window, candidates, (circle, marked, lens))


def _made_of(
    engines: Engines, viewer: Viewer, window: Window, candidates: tuple[int, ...], reader: tuple[Circle, Marked, Lens]
) -> Warm | None:
    """The page of those of the candidates that belong there; None when anything of it is not in memory."""
    wanted, (circle, marked, lens) = window.limit + MARGIN, reader
    taken = _Taken(engines.config(Shelf), viewer.account_id, circle, marked.tags)
    if not taken.take(candidates):
        return None
    if lens:
        taken.leave_out(lens)
    if len(taken.ids) < window.limit and len(candidates) == wanted:
        return None
    marks = _marks(marked, taken)
    if marks is None:
        return None
    more = len(candidates) == wanted or len(taken.ids) > window.limit
    made = taken.page(window.limit, marks, lens, more=more)
    if not circle.muted_until and lens.until_s is None:  # else it changes by itself as time goes by
        stands_on = _grounds(engines, viewer, candidates, taken)
        engines.config(Told).keep(viewer.account_id, window.limit, _Told(candidates, stands_on, made))
    return made


def _grounds(
    engines: Engines, viewer: Viewer, candidates: tuple[int, ...], taken: "_Taken"
) -> tuple[Standing[int], ...]:
    """All that a page follows from, besides the candidates themselves."""
    shelf, me = engines.config(Shelf), (viewer.account_id,)
    return (
        engines.config(circles.Circles).kept.standing(me),
        engines.config(marking.Viewers).kept.standing(me),
        shelf.statuses.standing({*candidates, *taken.status_ids}),
        shelf.authors.standing(taken.author_ids),
    )


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

    def __init__(self, shelf: Shelf, viewer_id: int, circle: Circle, tags: Collection[str]) -> None:
        self.ids: list[int] = []
        self.rows: list[Row] = []
        self.statuses: dict[int, Status] = {}
        """Of rows without an author, and all that they lead to."""
        self.authors: dict[int, AccountVersion] = {}
        self.status_ids: set[int] = set()
        """Of all statuses that were looked at besides those that were asked for."""
        self.author_ids: set[int] = set()
        """Of everybody who was looked at."""
        self.stances: dict[int, Stance] = {}
        """To silenced people, where they are quoted."""
        self._reblogs = False
        self._shelf = shelf
        self._viewer_id = viewer_id
        self._circle = circle
        self._tags = tags

    def take(self, ids: Iterable[int]) -> bool:
        """Take those that the viewer may see and that belong into their home; False when one is not on the shelf."""
        at_s, now_s = time.monotonic(), time.time()
        found = self._shelf.statuses.get_all(ids, at_s)
        if found is None:
            return False
        people, stances, me = self._shelf.authors.get, self._circle.stances, self._viewer_id
        for shared in found:
            status = shared.status
            if status is None:
                continue
            if not shared.plain:
                if not self._take_linked(shared, status, now_s):
                    return False
                continue
            author_id = status.account_id
            self.author_ids.add(author_id)
            author = people(author_id, at_s)
            if author is None:
                return False
            if author.gone:
                continue
            if stances.get(author_id) is FOLLOWED or author_id == me or self._admits(status, now_s):
                self.ids.append(status.id)
                self.rows.append((shared, author))
        return True

    def leave_out(self, lens: Lens) -> None:
        """Drop what the viewer's filters leave out of their home."""
        shown = [one.status for one, _ in self.rows if one.status is not None]
        linked = {**self.statuses, **{one.id: one for one in shown}}
        hidden = hidden_ids(lens, self._viewer_id, shown, linked, Context.HOME)
        if hidden:
            self.rows = [row for row, status_id in zip(self.rows, self.ids, strict=True) if status_id not in hidden]
            self.ids = [status_id for status_id in self.ids if status_id not in hidden]

    def page(self, limit: int, marks: dict[int, Marks], lens: Lens, *, more: bool) -> Warm:
        """The first `limit` of what was taken."""
        rows, ids, row_ids = self.rows[:limit], self.ids[:limit], tuple(self.ids[:limit])
        if self._reblogs:
            statuses = {**self.statuses, **{one.status.id: one.status for one, _ in rows if one.status is not None}}
            kept = set(rules.without_repeats(Hydrated(statuses=statuses), ids))
            rows = [row for row, status_id in zip(rows, ids, strict=True) if status_id in kept]
            ids = [status_id for status_id in ids if status_id in kept]
        return Warm(rows, Hydrated(tuple(ids), self.statuses, row_ids, more, marks, self.authors, self.stances), lens)

    def _admits(self, status: Status, now_s: float) -> bool:
        """Whether a plain status that is not the viewer's belongs into their home."""
        if status.account_id in self._circle.blockers:
            return False
        return rules.belongs(status, status, self._viewer_id, lambda i: self._circle.stance(i, now_s), self._tags)

    def _take_linked(self, shared: Shared, status: Status, now_s: float) -> bool:
        """Take a status that leads to others, or that not everyone may see; False when any is not on the shelf."""
        taken = Taken(self._shelf, (status.id,))
        if taken.missing:
            return False
        self.status_ids |= taken.statuses.keys()
        self.author_ids |= taken.authors.keys()
        seen = seen_by(taken.statuses, taken.authors, self._viewer_id, self._circle)
        if status.id not in seen or (status.reblog_of_id is not None and status.reblog_of_id not in seen):
            return True
        subject = status if status.reblog_of_id is None else seen[status.reblog_of_id]
        if rules.belongs(status, subject, self._viewer_id, lambda i: self._circle.stance(i, now_s), self._tags):
            self.ids.append(status.id)
            self.rows.append((shared, None))
            self.statuses.update(seen)
            self.authors.update((one.account_id, taken.authors[one.account_id].version) for one in seen.values())
            self._reblogs |= status.reblog_of_id is not None
            for one in seen.values():
                if one.quoted_id in seen:
                    self._note_silenced(seen[one.quoted_id].account_id, now_s)
        return True

    def _note_silenced(self, quoted_author_id: int, now_s: float) -> None:
        stance = self._circle.stance(quoted_author_id, now_s)
        if stance.silenced:
            self.stances[quoted_author_id] = stance


def _marks(marked: Marked, taken: _Taken) -> dict[int, Marks] | None:
    """The viewer's marks, where there are any; None when they are not known of each status."""
    found: dict[int, Marks] = {}
    if not marked.known and not marked.threads and not marked.floor:
        return found
    for status in chain((one.status for one, _ in taken.rows), taken.statuses.values()):
        if status is None:
            continue
        marks = marked.marks(status)
        if marks is None:
            return None
        if marks is not UNMARKED:
            found[status.id] = marks
    return found
