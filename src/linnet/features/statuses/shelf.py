"""The statuses that this process keeps for everybody, and what viewers have done with them: a warm page asks no SQL."""

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from linnet.features.accounts.models import AccountVersion, Viewer
from linnet.features.relationships.models import Circle
from linnet.features.statuses import readers
from linnet.features.statuses.marked import Marked, marks_on
from linnet.features.statuses.models import Hydrated, Status
from linnet.features.statuses.readers import reader_of
from linnet.features.statuses.store import shelf as store
from linnet.features.statuses.store.shelf import Author, Shared
from linnet.features.statuses.visibility import is_visible
from linnet.platform.changes import Change, Changes, Kind
from linnet.platform.engines import Engines
from linnet.platform.kept import Kept
from linnet.platform.postgres import Queries
from linnet.platform.together import Asked

STATUSES_MAX: Final = 50_000
"""Statuses of one process, about 2 KB each."""

AUTHORS_MAX: Final = 50_000
PAGES_MAX: Final = 10
"""Pages whose missing statuses are read in one statement."""

GONE: Final = Shared(None, ())
NOBODYS_CIRCLE: Final = Circle.of(b"", {}, (), (), (), {})
"""Of the public, who follows nobody and is blocked by nobody."""
NOBODYS_MARKS: Final = Marked(0, frozenset(), {})
Read = tuple[dict[int, Shared], dict[int, Author]]
_QUOTES_DEEP: Final = 2
"""A quoted status is shown; of what that one quotes only whether it may be seen."""


class Shelf:
    """One in each process, in `engines.configs`."""

    def __init__(self, changes: Changes) -> None:
        self.statuses: Kept[int, Shared] = Kept(STATUSES_MAX)
        self.authors: Kept[int, Author] = Kept(AUTHORS_MAX)
        self.asked: Asked[frozenset[int], Read] = Asked(self._load, questions_max=PAGES_MAX)
        """For statuses by id: what it gives is kept as well."""
        changes.hear(self._hear, self._forget)

    async def _load(self, db: Queries, asked: Sequence[frozenset[int]]) -> list[Read]:
        """What was read for all, to each: the statuses, what they lead to, and every author."""
        began = self.statuses.now(), self.authors.now()
        wanted = frozenset[int]().union(*asked)
        loaded, authors = await store.load(db, wanted)
        found = dict.fromkeys(wanted - loaded.keys(), GONE) | loaded
        for status_id, shared in found.items():
            self.statuses.put(status_id, shared, began[0])
        for account_id, author in authors.items():
            self.authors.put(account_id, author, began[1])
        return [(found, authors)] * len(asked)

    def _hear(self, change: Change) -> None:
        kind, number, *others = change
        if kind is Kind.STATUS:
            self.statuses.drop(number)
        elif kind is Kind.ACCOUNT:
            self.authors.drop(number)
        elif kind is Kind.AUTHOR:
            self.statuses.drop_those(lambda one: one.status is not None and one.status.account_id == number)
        elif kind is Kind.COUNTERS:
            self.authors.revise(number, lambda author: _counted(author, *others))

    def _forget(self) -> None:
        self.statuses.clear()
        self.authors.clear()


def _counted(author: Author, followers: int, following: int, statuses: int) -> Author:
    version = AccountVersion(author.version.version, followers, following, statuses)
    return Author(version, author.gone, author.restricted)


def learn(engines: Engines, status: Status) -> None:
    """Keep a status that was just written, so that nobody has to read it; unless staff have made it another one.

    Whether they have is known of authors who are kept; of others it is read together with them.
    """
    shelf = engines.config(Shelf)
    author = shelf.authors.get(status.account_id, time.monotonic())
    if author is not None and not author.restricted:
        shelf.statuses.put(status.id, Shared.of(status, status.mention_ids), shelf.statuses.now())


async def fresh(engines: Engines, status: Status) -> Hydrated | None:
    """The page of a status that its author has just written, who has done nothing with it yet.

    None when that cannot be known without asking: it quotes another, or its author is restricted or not there any more.
    """
    if status.quoted_id is not None:
        return None
    _, authors = await shared_of(engines, [status.id])
    author = authors.get(status.account_id)
    if author is None or author.gone or author.restricted:
        return None
    return Hydrated((status.id,), {status.id: status}, authors={status.account_id: author.version})


async def hydrate(
    engines: Engines, viewer: Viewer | None, ids: Collection[int], *, if_known: bool = False
) -> Hydrated | None:
    """What `statuses.reads.read` gives, out of what this process keeps; a few statements for what it lacks.

    None when nothing kept may be used, or this viewer's own edges are too many to be. With `if_known` also for a
    viewer of whom nothing is kept yet: to learn all about them does not pay for a single status.
    """
    if not ids:
        return Hydrated()
    if not await engines.changes.catch_up():
        return None
    known = await _known(engines, viewer, if_known=if_known) if viewer else (NOBODYS_CIRCLE, NOBODYS_MARKS)
    if known is None:
        return None
    circle, done = known
    shared, authors = await shared_of(engines, ids)
    seen = seen_by(shared, authors, viewer.account_id if viewer else 0, circle)
    asked = tuple(dict.fromkeys(ids))
    shown = tuple(i for i in asked if i in seen and (seen[i].reblog_of_id is None or seen[i].reblog_of_id in seen))
    people = {status.account_id for status in seen.values()}
    answered = {one.in_reply_to_account_id for one in seen.values() if one.in_reply_to_account_id} - people
    at_s = time.time()
    return Hydrated(
        shown,
        seen,
        asked,
        marks=await marks_on(engines, viewer, done, seen) if viewer else {},
        authors={i: authors[i].version for i in people},
        stances={i: circle.stance(i, at_s) for i in (*people, *answered)},
    )


async def _known(engines: Engines, viewer: Viewer, *, if_known: bool) -> tuple[Circle, Marked] | None:
    """The viewer's circle and marks, read if need be, and unless only what is kept will do."""
    if if_known and not is_known(engines, viewer):
        return None
    return await reader_of(engines, viewer)


def seen_by(
    shared: Mapping[int, Shared], authors: Mapping[int, Author], viewer_id: int, circle: Circle
) -> dict[int, Status]:
    """Those that this viewer may see."""
    return {
        status_id: one.status
        for status_id, one in shared.items()
        if one.status is not None
        and not authors[one.status.account_id].gone
        and is_visible(one.status, one.mentioned, viewer_id, circle)
    }


async def shared_of(engines: Engines, ids: Collection[int]) -> Read:
    """These statuses and what they lead to, by id, and every author; one statement for all that is missing.

    Only after `changes.catch_up()` was true.
    """
    shelf = engines.config(Shelf)
    kept = Taken(shelf, ids)
    if kept.missing:
        kept.go_on(ids, await shelf.asked.ask(engines.db, frozenset(kept.missing)))
    return kept.statuses, kept.authors


class Taken:
    """What was taken off the shelf for a page, and the ids of what was not there."""

    def __init__(self, shelf: Shelf, ids: Iterable[int]) -> None:
        self.statuses: dict[int, Shared] = {}
        self.authors: dict[int, Author] = {}
        self.missing: set[int] = set()
        self._shelf = shelf
        self._at_s = time.monotonic()
        self._depths: dict[int, int] = {}
        self._read: Read | None = None
        for status_id in ids:
            self._take(status_id, _QUOTES_DEEP)

    def go_on(self, ids: Iterable[int], read: Read) -> None:
        """Take the page again, with what was read since: as far as that leads, for it was read for others as well."""
        self._read = read[0], self.authors | read[1]
        self.missing.clear()
        self._depths.clear()
        for status_id in ids:
            self._take(status_id, _QUOTES_DEEP)
        for status_id in self.missing:
            self.statuses.pop(status_id, None)

    def _find(self, status_id: int) -> Shared | None:
        if self._read is not None and (known := self._read[0].get(status_id) or self.statuses.get(status_id)):
            return known
        return self._shelf.statuses.get(status_id, self._at_s)

    def _find_author(self, account_id: int) -> Author | None:
        if self._read is not None and (known := self._read[1].get(account_id)):
            return known
        return self._shelf.authors.get(account_id, self._at_s)

    def _take(self, status_id: int, quotes: int) -> None:
        """Take a status, what it reblogs, and what it quotes, to a depth of `quotes`; one that is there only deeper."""
        if self._depths.get(status_id, -1) >= quotes:
            return
        self._depths[status_id] = quotes
        shared = self._find(status_id)
        if shared is None:
            self.missing.add(status_id)
            return
        self.statuses[status_id] = shared
        status = shared.status
        if status is None:
            return
        if status.account_id not in self.authors:
            author = self._find_author(status.account_id)
            if author is None:
                self.missing.add(status_id)
                return
            self.authors[status.account_id] = author
        if status.reblog_of_id is not None:
            self._take(status.reblog_of_id, _QUOTES_DEEP)
        elif status.quoted_id is not None and quotes:
            self._take(status.quoted_id, quotes - 1)


def is_known(engines: Engines, viewer: Viewer) -> bool:
    """Whether this process keeps the viewer's circle and marks."""
    return readers.glance(engines, viewer) is not None
