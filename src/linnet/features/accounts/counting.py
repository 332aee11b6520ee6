"""Counting: followers, following and statuses change in the transaction of the fact that changes them."""

from collections.abc import Sequence

from linnet.features.accounts.store import counters
from linnet.platform.postgres import Queries


async def count(db: Queries, account_id: int, *, followers: int = 0, following: int = 0, statuses: int = 0) -> None:
    """Add to an account's counters; seen at once by every read, folded by the worker later."""
    await counters.append(db, [account_id], [followers], [following], [statuses])


async def count_follows(db: Queries, follows: Sequence[tuple[int, int]], by: int) -> None:
    """Count pairs (follower, followed) as `by` more follows: 1 for new ones, -1 for ended ones. One statement."""
    if follows:
        ids = [account_id for pair in follows for account_id in pair]
        sides = len(follows)
        await counters.append(db, ids, [0, by] * sides, [by, 0] * sides, [0, 0] * sides)


async def count_each(db: Queries, account_ids: Sequence[int], *, followers: int = 0, following: int = 0) -> None:
    """Add the same to the counters of many accounts, in one statement."""
    if account_ids:
        many = len(account_ids)
        await counters.append(db, account_ids, [followers] * many, [following] * many, [0] * many)
