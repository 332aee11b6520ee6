"""Who is written to when somebody posts. Pure; the whole policy is this file.

Writing to every follower makes reading cheap and posting dear; the balance tips with the author's reach:
- *push*: each follower with a live home timeline gets the id. Everybody's normal case.
- *hybrid*: only followers who were here lately get it; the others merge the author's statuses when they read.
- *pull*: nobody gets it; every follower merges. For the very largest, where one post would be millions of writes, and
  for large ones that post by machine. Decision 0014 has the reasons and the costs.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, NamedTuple

PASSING: Final = 0.3
"""What passing a follower by costs of a delivery: 0.52 of 1.67 µs of Valkey's CPU (decision 0006, last table)."""


class Strategy(StrEnum):
    """How a status reaches the homes of its author's followers."""

    PUSH = "push"
    HYBRID = "hybrid"
    PULL = "pull"


class Reason(StrEnum):
    """What a strategy was chosen for."""

    FOLLOWERS = "followers"
    """Their number alone, whoever of them comes here."""
    ACTIVITY = "activity"
    """How many of them come here: their number alone would have led to another strategy."""
    RATE = "rate"
    """How often the author posts."""


class Choice(NamedTuple):
    """A strategy for one status, and why that one."""

    strategy: Strategy
    reason: Reason


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From where on a strategy applies, and what "lately" means."""

    hybrid_followers: int = 100_000
    """Weight from which on only who was here lately is written to: that many followers, if all of them were."""
    pull_followers: int = 100_000
    """Weight from which on nobody is written to."""
    active_days: int = 14
    busy_followers: int = 10_000
    """Followers from which on it matters how often an author posts."""
    busy_posts: int = 100
    """Posts a day from which on such an author is merged."""

    @property
    def asked_from(self) -> int:
        """Followers from which on more of an author's reach can matter than their number: see `choose`."""
        return _half(min(self.hybrid_followers, self.pull_followers, self.busy_followers))


@dataclass(frozen=True, slots=True)
class Reach:
    """What a strategy goes by, of one author."""

    followers: int
    active_share: float = 1.0
    """How many of the followers were here within `active_days`, from 0 to 1; 1 where that is not known."""
    posts_per_day: int = 0
    is_merged: bool = False
    """Whether readers merge the author already, because of an earlier status."""

    @property
    def weight(self) -> float:
        """What pushing one status to all followers costs, in deliveries: who has no home is passed by."""
        return self.followers * (self.active_share + (1 - self.active_share) * PASSING)


def choose(reach: Reach, thresholds: Thresholds) -> Choice:
    """The strategy for one status of an author of such reach.

    Who is merged already is pushed again only below half of what makes others be merged: nobody flips with every post.
    """
    choice = _choose(reach, thresholds)
    return _choose(reach, _halved(thresholds)) if reach.is_merged and choice.strategy is Strategy.PUSH else choice


def _choose(reach: Reach, thresholds: Thresholds) -> Choice:
    by_weight = _by_size(reach.weight, thresholds)
    busy = reach.followers >= thresholds.busy_followers and reach.posts_per_day >= thresholds.busy_posts
    if busy and by_weight is not Strategy.PULL:
        return Choice(Strategy.PULL, Reason.RATE)
    as_numbered = by_weight is _by_size(reach.followers, thresholds)
    return Choice(by_weight, Reason.FOLLOWERS if as_numbered else Reason.ACTIVITY)


def _by_size(size: float, thresholds: Thresholds) -> Strategy:
    if size >= thresholds.pull_followers:
        return Strategy.PULL
    if size >= thresholds.hybrid_followers:
        return Strategy.HYBRID
    return Strategy.PUSH


def _halved(thresholds: Thresholds) -> Thresholds:
    """The thresholds between push and the rest; from where on hybrid becomes pull stays."""
    hybrid, pull = thresholds.hybrid_followers, thresholds.pull_followers
    return replace(
        thresholds,
        hybrid_followers=_half(hybrid),
        pull_followers=_half(pull) if pull <= hybrid else pull,
        busy_followers=_half(thresholds.busy_followers),
        busy_posts=_half(thresholds.busy_posts),
    )


def _half(number: int) -> int:
    """Half of it, rounded up: what was at least 1 stays so."""
    return (number + 1) // 2
