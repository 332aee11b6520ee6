"""A made-up follow graph for `linnet demo`."""

from collections.abc import Sequence
from datetime import datetime

from linnet.features.accounts import counting
from linnet.features.relationships.store import seeding as store
from linnet.platform.engines import Engines

Pairs = Sequence[tuple[int, int]]


async def seed_follows(engines: Engines, pairs: Pairs, moments: Sequence[datetime]) -> None:
    """Let the first of each pair follow the second since its moment, and count it. No event is recorded."""
    async with engines.transaction() as tx:
        await counting.count_follows(tx, await store.follow_all(tx, pairs, moments), 1)


async def seed_requests(engines: Engines, pairs: Pairs, moments: Sequence[datetime]) -> None:
    """Let the first of each pair wait to be let in by the second, whose account is locked. No event is recorded."""
    await store.request_all(engines.db, pairs, moments)
