"""Public posts under followed hashtags: readers merge them into their homes, as they do those of large authors.

Nobody is written to: a post costs one entry of the log of changes for each of its hashtags that anybody follows, and
nothing at all without such; a reader who follows no hashtag is not asked anything. Decision 0025 has the reasons.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from linnet.features.statuses.tags import reads as tags
from linnet.features.timelines import recents
from linnet.features.timelines.recents import Recent
from linnet.features.timelines.store import tags as store
from linnet.platform.changes import Change, Changes, Kind, change
from linnet.platform.engines import Engines
from linnet.platform.kept import Kept

TAGS_KEPT_MAX: Final = 20_000
"""Hashtags of which one process keeps the newest posts, 3 KB each."""


class Tagged:
    """The newest posts under followed hashtags; one in each process that answers people, in `engines.configs`."""

    def __init__(self, changes: Changes) -> None:
        self.recent: Kept[int, Recent] = Kept(TAGS_KEPT_MAX)
        changes.hear(self._hear, self.recent.clear)

    def _hear(self, heard: Change) -> None:
        kind, tag_id, status_id, *_ = heard
        if kind is Kind.TAGGED:
            self.recent.revise(tag_id, lambda recent: recent.also(status_id))


async def keep_recent(engines: Engines, tag_ids: Collection[int]) -> None:
    """Read the newest posts under those of these hashtags that this process does not keep yet; one statement."""
    await recents.keep(engines.config(Tagged).recent, engines.db, tag_ids, store.recent_ids)


def glance(engines: Engines, tag_ids: Collection[int], above: int, below: int, wanted: int) -> list[int] | None:
    """The newest posts with above < id < below under these hashtags, in no order; None when they are not kept."""
    return recents.glance(engines.config(Tagged).recent, tag_ids, above, below, wanted)


async def ids(
    engines: Engines, tag_ids: Collection[int], above: int, below: int, wanted: int, *, forward: bool
) -> list[int]:
    """The `wanted` posts with above < id < below under these hashtags that are nearest to the end one pages from.

    Out of what this process keeps, where that will do; there may be more. Else one statement.
    """
    if forward:
        return await store.ids_forward(engines.db, tag_ids, above, below, wanted)
    known = glance(engines, tag_ids, above, below, wanted) if await engines.changes.catch_up() else None
    return known if known is not None else await store.ids(engines.db, tag_ids, above, below, wanted)


async def tell(engines: Engines, tagged: Iterable[tuple[int, Sequence[int]]]) -> None:
    """Tell every process of public statuses and their hashtags: of those that anybody follows by now."""
    pairs = [(tag_id, status_id) for status_id, tag_ids in tagged for tag_id in tag_ids]
    followed = await tags.followed_by_any(engines.db, {tag_id for tag_id, _ in pairs})
    await engines.changes.tell(change(Kind.TAGGED, *pair) for pair in pairs if pair[0] in followed)
