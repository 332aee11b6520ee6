"""Where pushing a post costs more than merging it when people read: the thresholds of fan-out, from measured costs.

For one follower of an author who posts p times a day, who reads their home r times a day: pushing costs p times (an id
into a home, or passing by who has none); merging costs r times (one more author in a read).
Both grow with the number of followers alike, so their balance is a number of posts a day and no number of followers.
What does depend on followers is how long one post occupies a worker, and how many merged authors a reader has.
"""

from dataclasses import dataclass

import numpy as np

from bench.demand import PUSH_ONLY, cost, merging_ms, need_of, work_of
from bench.shape import Figures, Shape, Tail, tail_of
from bench.units import Units
from linnet.features.timelines.strategy import Thresholds

KINDS = ("api", "postgres", "valkey")
PROMPT_S = 2.0
"""A post is in the last home after so long …"""

PROMPT_SHARE = 0.5
"""… with so much of one worker's core: the rest is for everybody else's posts."""

MERGING_SHARE = 0.1
"""Merging adds at most this part to the cost of an average read."""

SWEEP = np.geomspace(1_000, 100_000_000, 61)


@dataclass(frozen=True)
class Derived:
    """What the costs say of the thresholds."""

    push_us: float
    """CPU of one post for one follower, worker and Valkey, when it is pushed: homes and passing by, as people are."""
    merge_us: float
    """CPU that one more merged author adds to one read."""
    crossover_posts_day: float
    """Above so many posts a day merging an author is cheaper than pushing, however many followers."""
    readers_followers: float
    """Merging everybody above so many followers adds `MERGING_SHARE` to a read; merging fewer adds less."""
    prompt_followers: float
    """A post to so many followers takes one worker `PROMPT_S`."""
    cheapest_followers: float
    """Pulling from here on costs the least CPU in all; infinite when nobody should be pulled for that."""


def derive(shape: Shape, units: Units) -> Derived:
    """The thresholds for one network."""
    tail = tail_of(shape)
    push_us, merge_us = pushing_us(shape, units), 1000 * sum(cost(units, f"merge_next_{kind}_ms") for kind in KINDS)
    reads_day = shape.daily_share * shape.reads_day
    slower_us = max(units.delivery_worker_us, units.delivery_valkey_us)
    costs = sweep(shape, units, tail)
    cheapest = float(SWEEP[int(np.argmin(costs))]) if costs.min() < _pushing_only(shape, units, tail) else float("inf")
    return Derived(
        push_us=push_us,
        merge_us=merge_us,
        crossover_posts_day=reads_day * merge_us / push_us,
        readers_followers=_readers_bound(shape, units, tail),
        prompt_followers=PROMPT_S * PROMPT_SHARE * 1e6 / slower_us / shape.live_share,
        cheapest_followers=cheapest,
    )


def pushing_us(shape: Shape, units: Units) -> float:
    """CPU µs of one post for one follower who may or may not have a home."""
    delivery = units.delivery_worker_us + units.delivery_valkey_us
    passing = units.passing_worker_us + units.passing_valkey_us
    return shape.live_share * delivery + (1 - shape.live_share) * passing


def sweep(shape: Shape, units: Units, tail: Tail) -> Figures:
    """Cores for fan-out and reading together when authors are pulled from each number of followers in `SWEEP` on."""
    return np.array([
        need_of(shape, Thresholds(hybrid_followers=round(at), pull_followers=round(at)), units, tail).cores
        for at in SWEEP
    ])  # fmt: skip


def _pushing_only(shape: Shape, units: Units, tail: Tail) -> float:
    return need_of(shape, PUSH_ONLY, units, tail).cores


def _readers_bound(shape: Shape, units: Units, tail: Tail) -> float:
    """The lowest number of followers above which all may be merged without `MERGING_SHARE` more cost for a read."""
    read_ms = sum(cost(units, f"read_{kind}_ms") for kind in KINDS)
    for at in SWEEP:
        work = work_of(shape, Thresholds(hybrid_followers=round(at), pull_followers=round(at)), tail)
        added = sum(merging_ms(units, kind, work.merged_mean, work.merged_any) for kind in KINDS)
        if added <= MERGING_SHARE * read_ms:
            return float(at)
    return float(SWEEP[-1])
