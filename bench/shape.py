"""A network on paper: how many people, whom they follow with a heavy tail, how much they read and post."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.degrees import RANK_EXPONENT

Figures = NDArray[np.float64]
BUCKETS = 600
"""Ranks are taken together in so many buckets, ever wider: enough for sums to three digits."""

DAY_S = 86_400


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What is assumed of a network. The defaults are of Twitter's order.

    At 500 million accounts: 150 million people a day with two posts each, and 400 followers that a post reaches on
    average, which is what Rama's published load for its Mastodon assumed (403).
    """

    accounts: int
    daily_share: float = 0.3
    """Of all accounts so many come on a day."""
    live_share: float = 0.45
    """So many have come within the last two weeks, and have a home in Valkey."""
    reads_day: float = 20.0
    """Pages of home that somebody who comes reads that day."""
    posts_day: float = 2.0
    """What they post that day, on average."""
    posts_bias: float = 0.2
    """Posts of an author grow with followers to this power: large accounts post more."""
    follows_mean: float = 190.0
    top_share: float = 0.2
    """The largest account is followed by so many of all."""
    peak: float = 2.5
    """The busiest minute against the average."""
    first_share: float = 0.5
    """Of all reads so many are the first in a minute, by somebody whom no API process remembers."""
    rebuilt_share: float = 0.005
    """So many find no home in Valkey, as after two weeks away."""
    kept_days: int = 365
    """Posts of so many days are in PostgreSQL."""

    @property
    def reads_s(self) -> float:
        """Pages of home a second, at the peak."""
        return self.accounts * self.daily_share * self.reads_day / DAY_S * self.peak

    @property
    def posts_s(self) -> float:
        """Posts a second, at the peak."""
        return self.accounts * self.daily_share * self.posts_day / DAY_S * self.peak


@dataclass(frozen=True)
class Tail:
    """All authors by rank, in buckets: how many there are, their followers each, their share of all posts together."""

    authors: Figures
    followers: Figures
    post_share: Figures

    def fan_out(self) -> float:
        """Followers that a post reaches on average."""
        return float((self.post_share * self.followers).sum())


def tail_of(shape: Shape) -> Tail:
    """The authors of a network: followers by rank r are C (r + r0)^-a, with the mean and the top that the shape says.

    The exponent is Twitter's (see `bench.degrees`); r0 follows from the other two.
    """
    edges = np.unique(np.round(np.geomspace(1, shape.accounts + 1, BUCKETS)))
    authors, middle = np.diff(edges), (edges[:-1] + edges[1:] - 1) / 2
    top, total = shape.top_share * shape.accounts, shape.follows_mean * shape.accounts
    low, high = 1e-6, float(shape.accounts)
    for _ in range(200):
        offset = np.sqrt(low * high)
        followers = top * ((middle + offset) / (1 + offset)) ** -RANK_EXPONENT
        low, high = (low, offset) if (authors * followers).sum() > total else (offset, high)
    followers = np.minimum(top * ((middle + low) / (1 + low)) ** -RANK_EXPONENT, top)
    weights = authors * (followers + 1) ** shape.posts_bias
    return Tail(authors, followers, weights / weights.sum())
