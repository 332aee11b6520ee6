"""Who is written to when somebody posts. Pure; the whole policy is this file.

Writing to every follower makes reading cheap and posting dear; the balance tips with the author's reach:
- *push*: each follower with a live home timeline gets the id. Everybody's normal case.
- *hybrid*: only followers who were here lately get it; the others merge the author's statuses when they read.
- *pull*: nobody gets it; every follower merges. For the very largest, where one post would be millions of writes.
"""

from dataclasses import dataclass
from enum import StrEnum


class Strategy(StrEnum):
    """How a status reaches the homes of its author's followers."""

    PUSH = "push"
    HYBRID = "hybrid"
    PULL = "pull"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Followers from which on a strategy applies, and what "lately" means."""

    hybrid_followers: int = 100_000
    pull_followers: int = 100_000
    active_days: int = 14


def choose(followers: int, thresholds: Thresholds) -> Strategy:
    """The strategy for one status of an author with so many followers."""
    if followers >= thresholds.pull_followers:
        return Strategy.PULL
    if followers >= thresholds.hybrid_followers:
        return Strategy.HYBRID
    return Strategy.PUSH
