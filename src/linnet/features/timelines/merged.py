"""Authors too large to push to everybody: who they are, and what they posted last, which readers merge into homes.

They are few, so each process keeps them: the list of them, and of each the ids of what they posted last. Both are told
of in the log of changes when such an author's status is delivered.
"""

from collections.abc import Sequence
from typing import Final

from linnet.features.accounts.models import Viewer
from linnet.features.relationships.models import FOLLOWS_MAX, Circle
from linnet.features.timelines import recents, store
from linnet.features.timelines.recents import Recent
from linnet.platform.changes import Change, Changes, Kind, change
from linnet.platform.engines import Engines
from linnet.platform.kept import Kept

MERGED_MAX: Final = 2 * FOLLOWS_MAX
"""Large authors whose own statuses one reader merges: all that the reader can follow."""

AUTHORS_MAX: Final = 100_000
"""Large authors of a whole server. With more of them, thresholds are too low: each is asked about in SQL."""

READERS_MAX: Final = 20_000


class Merged:
    """What this process knows of large authors; one in each that answers people, in `engines.configs`."""

    def __init__(self, changes: Changes) -> None:
        self.authors: frozenset[int] | None = None
        """All of them; None when it has to be asked."""
        self.recent: Kept[int, Recent] = Kept(AUTHORS_MAX)
        self._followed: dict[int, tuple[Circle, frozenset[int], tuple[int, ...]]] = {}
        self._forgotten = 0
        changes.hear(self._hear, self._forget)

    def followed_in(self, viewer_id: int, circle: Circle) -> tuple[int, ...] | None:
        """The large authors whom the owner of this circle follows; None when it has to be asked."""
        authors = self.authors
        if authors is None:
            return None
        if not authors:
            return ()
        known = self._followed.get(viewer_id)
        if known is not None and known[0] is circle and known[1] is authors:
            return known[2]
        followed = tuple(authors.intersection(circle.follows))
        if len(self._followed) >= READERS_MAX:
            self._followed.clear()
        self._followed[viewer_id] = circle, authors, followed
        return followed

    async def learn(self, engines: Engines) -> frozenset[int] | None:
        """All large authors, asked for once; None when they are too many to keep."""
        if self.authors is not None:
            return self.authors
        began = self._forgotten
        authors = frozenset(await store.merged_authors(engines.db, AUTHORS_MAX + 1))
        if len(authors) > AUTHORS_MAX:
            return None
        if began == self._forgotten:
            self.authors = authors
        return authors

    def _hear(self, heard: Change) -> None:
        kind, author_id, status_id, *_ = heard
        if kind is not Kind.MERGED:
            return
        if self.authors is None:
            self._forgotten += 1  # one that is being asked for may lack this author
        elif author_id not in self.authors:
            self.authors |= {author_id}
        self.recent.revise(author_id, lambda recent: recent.also(status_id))

    def _forget(self) -> None:
        self._forgotten += 1
        self.authors = None
        self.recent.clear()


async def followed_by(engines: Engines, viewer: Viewer) -> list[int]:
    """The large authors whom an account follows; no statement while this server has none."""
    merged = engines.config(Merged)
    if await engines.changes.catch_up() and await merged.learn(engines) == frozenset():
        return []
    return await store.followed_merged_authors(engines.db, viewer.account_id, MERGED_MAX)


async def keep_recent(engines: Engines, author_ids: Sequence[int]) -> None:
    """Read the newest statuses of those of these authors that this process does not keep yet; one statement."""
    await recents.keep(engines.config(Merged).recent, engines.db, author_ids, store.recent_ids)


async def add(engines: Engines, author_id: int, status_id: int) -> None:
    """From now on readers merge this author's own statuses, this one among them."""
    merged = engines.config(Merged)
    if merged.authors is None or author_id not in merged.authors:
        await store.merge_author(engines.db, author_id)
    await tell(engines, author_id, status_id)


def is_known_as_large(engines: Engines, author_id: int) -> bool:
    """Whether this process knows that readers merge this author's statuses."""
    authors = engines.config(Merged).authors
    return authors is not None and author_id in authors


async def tell(engines: Engines, author_id: int, status_id: int) -> None:
    """Tell every process of a large author's status."""
    await engines.changes.tell([change(Kind.MERGED, author_id, status_id)])


def glance(engines: Engines, viewer: Viewer, circle: Circle, above: int, below: int, wanted: int) -> list[int] | None:
    """The newest statuses with above < id < below of the large authors whom the viewer follows, in no order.

    At least the newest `wanted` of each; None when this process does not keep them.
    """
    merged = engines.config(Merged)
    followed = merged.followed_in(viewer.account_id, circle)
    return None if followed is None else recents.glance(merged.recent, followed, above, below, wanted)
