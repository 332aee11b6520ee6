"""Authors too large to push to everybody: whether there are any, which most servers can say without asking."""

import time

from linnet.features.relationships.models import FOLLOWS_MAX
from linnet.features.timelines import store
from linnet.platform.postgres import Queries

MERGED_MAX = 2 * FOLLOWS_MAX
"""Large authors whose own statuses one reader merges: all that the reader can follow."""

FRESH_S = 1.0
"""How late a process may notice that the server has its first such author."""


class _NoneYet:
    """Until when this process may take it that there is no such author."""

    until = 0.0


async def followed_by(db: Queries, viewer_id: int) -> list[int]:
    """The merged authors whom an account follows; no statement while this server has none."""
    asked_at = time.monotonic()
    if asked_at < _NoneYet.until:
        return []
    found = await store.followed_merged_authors(db, viewer_id, MERGED_MAX)
    if not found and not await store.has_merged_authors(db):
        _NoneYet.until = asked_at + FRESH_S
    return found


async def add(db: Queries, author_id: int) -> None:
    """From now on readers merge this author's own statuses."""
    await store.merge_author(db, author_id)
    _NoneYet.until = 0.0
