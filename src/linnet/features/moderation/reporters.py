"""What reports weigh: as much as the record of who makes them. Pure; no mob decides by it what is looked at first."""

from collections.abc import Iterable
from typing import Final

MATURE_DAYS: Final = 14.0
"""The age at which a reporter's word has half the weight that age can give it."""

NEWCOMERS_WORD: Final = 0.1
"""The share of its weight that the word of an account has on its first day."""


def reporter_weight(reputation: float, age_days: float, *, upheld: float, dismissed: float) -> float:
    """What a report weighs whose author had so many upheld and dismissed: above 0, below 1.

    The share of their reports that were right (of whom nothing is known: half), times their reputation, times a share
    that grows with their age from `NEWCOMERS_WORD` to 1.
    """
    right = (1.0 + upheld) / (2.0 + upheld + dismissed)
    grown = NEWCOMERS_WORD + (1.0 - NEWCOMERS_WORD) * age_days / (age_days + MATURE_DAYS)
    return right * reputation * grown


def reports_weight(weights: Iterable[float]) -> float:
    """What the reports of one case weigh together, each reporter once: the heaviest in full, each next half as much.

    So it is never more than twice the heaviest: no number of newcomers, and no mob, outweighs one whose word has been
    good.
    """
    return sum(weight * 0.5**place for place, weight in enumerate(sorted(weights, reverse=True)))
