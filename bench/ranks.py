"""Whether two samples can be told apart by their order: the rank test of Mann and Whitney."""

from collections.abc import Sequence
from itertools import groupby
from math import sqrt
from statistics import NormalDist


def p_value(one: Sequence[float], other: Sequence[float]) -> float:
    """How likely two samples of one distribution differ by as much as these (two-sided, normal approximation).

    Ties share their ranks, and the variance is corrected for them. Source: H. B. Mann and D. R. Whitney, 1947.
    """
    values = sorted([(value, True) for value in one] + [(value, False) for value in other])
    rank_sum, ties, place = 0.0, 0.0, 0
    for _, group in groupby(values, key=lambda pair: pair[0]):
        members = [is_one for _, is_one in group]
        rank_sum += sum(members) * (place + (len(members) + 1) / 2)
        ties += len(members) ** 3 - len(members)
        place += len(members)
    n, m = len(one), len(other)
    statistic = rank_sum - n * (n + 1) / 2
    variance = n * m / 12 * ((n + m + 1) - ties / ((n + m) * (n + m - 1)))
    if variance == 0:
        return 1.0
    return 2 * (1 - NormalDist().cdf(abs(statistic - n * m / 2) / sqrt(variance)))
