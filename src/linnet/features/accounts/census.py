"""Questions about everybody here at once, cheap however many they are: ask them through a cache all the same."""

from collections.abc import Sequence
from typing import Final

from linnet.features.accounts.store import census as store
from linnet.platform.postgres import Queries

EXACT_MAX: Final = 200_000
"""Rows that are counted one by one; of more the database's own estimate is told."""


async def members(db: Queries) -> int:
    """How many people may sign in; above `EXACT_MAX` about how many."""
    return await store.members(db, EXACT_MAX)


async def made_between(db: Queries, bounds: Sequence[int], limit: int) -> list[int]:
    """How many accounts were made in each span of time, up to `limit` each; `bounds` are ids, one more than spans."""
    return await store.made_between(db, bounds, limit)


async def contact_id(db: Queries) -> int | None:
    """The account to turn to about this server: its first admin, if it has one."""
    return await store.first_admin_id(db)
