"""Who follows whom in made-up networks, as arrays of places: a heavy tail as on Twitter, or the same for everybody.

Followers by rank r fall as (r + r0)^-a. Source for the exponent: H. Kwak et al., "What is Twitter, a Social Network or
a News Media?", WWW 2010: followers have the density x^-2.276, hence a = 1 / 1.276.
"""

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int64]
Edges = tuple[Places, Places]
"""Followers and whom they follow, as places among the people: equally long, each pair once, nobody oneself."""

RANK_EXPONENT = 1 / (2.276 - 1)
RANK_OFFSET = 10
"""Flattens the very top, as in real networks: the first account has not ten times the followers of the tenth."""

FOLLOWS_SIGMA = 0.7
"""Spread of how many people somebody follows, log-normal: nine of ten within a factor of three of the median."""

TOP_UP_ROUNDS = 4


def follow_counts(number: int, median: int, most: int, chance: np.random.Generator) -> Places:
    """How many each of `number` people follows: log-normal about `median`, 1 to `most`."""
    if median == 0:
        return np.zeros(number, dtype=np.int64)
    drawn = np.exp(chance.normal(np.log(median), FOLLOWS_SIGMA, number))
    return np.clip(np.round(drawn), 1, most).astype(np.int64)


def popularity(number: int, chance: np.random.Generator) -> NDArray[np.float64]:
    """The share of all follows that goes to each of `number` people, in no order; it adds up to 1."""
    weights = (np.arange(1, number + 1) + RANK_OFFSET) ** -RANK_EXPONENT
    chance.shuffle(weights)
    return weights / weights.sum()


def heavy_tail(counts: Places, first: int, shares: NDArray[np.float64], chance: np.random.Generator) -> Edges:
    """Edges from each place to as many others as `counts` says, drawn by their shares.

    Those that can be followed are the places from `first` on, one for each share. Somebody who is to follow nearly
    everybody may end up a few short: whom one has already is drawn again only so often.
    """
    people = max(len(counts), first + len(shares))
    bounds = np.cumsum(shares)
    keys = np.empty(0, dtype=np.int64)
    for _ in range(TOP_UP_ROUNDS):
        missing = counts - np.bincount(keys // people, minlength=len(counts))
        followers = np.repeat(np.arange(len(counts)), np.maximum(missing, 0))
        drawn = np.searchsorted(bounds, chance.random(len(followers)), side="right")
        targets = first + np.minimum(drawn, len(shares) - 1)
        other = targets != followers
        keys = distinct(np.concatenate([keys, followers[other] * people + targets[other]]))
    return keys // people, keys % people


def distinct(keys: Places) -> Places:
    """Each key once, in order. `np.unique` of NumPy 2.4 hashes, which takes ten times as long as sorting."""
    ordered = np.sort(keys)
    return ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])] if len(ordered) else ordered


def even(authors: Places, followers: Places, each: int, chance: np.random.Generator) -> Edges:
    """Exactly `each` of `followers` to each of `authors`, and as many authors to each follower, give or take one."""
    assert each <= len(followers), "nobody follows an author twice"
    shuffled = chance.permutation(followers)
    places = np.arange(len(authors) * each) % len(followers)
    return shuffled[places], np.repeat(authors, each)


def regular(people: int, each: int, chance: np.random.Generator) -> Edges:
    """Everybody follows exactly `each` others and has exactly as many followers."""
    assert each < people, "there are only so many others"
    circle = chance.permutation(people)
    steps = chance.choice(np.arange(1, people), each, replace=False)
    at = np.arange(people)
    targets = circle[(at[:, None] + steps[None, :]) % people]
    return np.repeat(circle, each), targets.ravel()
