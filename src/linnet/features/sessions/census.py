"""Questions about everybody's sign-ins at once: ask them through a cache."""

from collections.abc import Sequence

from linnet.features.sessions.store import census as store
from linnet.platform.postgres import Queries


async def signed_in_between(db: Queries, bounds: Sequence[int], limit: int) -> list[int]:
    """How many accounts signed in in each span of time, as far as `limit` rows tell; `bounds` are ids."""
    return await store.signed_in_between(db, bounds, limit)
