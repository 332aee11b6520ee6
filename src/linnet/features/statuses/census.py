"""Questions about all statuses at once, cheap however many there are: ask them through a cache all the same."""

from collections.abc import Sequence

from linnet.features.accounts.census import EXACT_MAX
from linnet.features.statuses.store import census as store
from linnet.platform.postgres import Queries


async def published(db: Queries) -> int:
    """How many statuses, without reblogs, there are; above `EXACT_MAX` about how many."""
    return await store.published(db, EXACT_MAX)


async def posted_between(db: Queries, bounds: Sequence[int], limit: int) -> list[int]:
    """How many were posted in each span of time, up to `limit` each; `bounds` are ids, one more than spans."""
    return await store.posted_between(db, bounds, limit)
