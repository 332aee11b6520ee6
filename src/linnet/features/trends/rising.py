"""How much a subject rises against its own past, and how many people a crowd is. Pure.

The score is the significance of SigniTrend (Schubert, Weiler, Kriegel: "SigniTrend: Scalable Detection of Emerging
Topics in Textual Streams by Hashed Significance Thresholds", KDD 2014): how many standard deviations the present is
above the exponentially weighted mean of the past, with a bias `β` that keeps rare subjects from trending by chance,

    score = (people − max(mean, β)) / (√variance + β).

What is spoken of every day by as many is not rising, however many they are.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import log, sqrt
from typing import Final

from linnet.features.trends.models import WINDOW_HOURS

HALF_LIFE_HOURS: Final = 24.0
"""After so many hours the past counts half."""

BIAS_PEOPLE: Final = 2.0
"""β: a subject without any past begins to trend above so many people."""

NETWORK_PEOPLE_MAX: Final = 3.0
"""People of one network count as at most so many, and less than each for one from the second on."""

_KEEP = 2.0 ** (-1.0 / HALF_LIFE_HOURS)


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of a subject: people when last looked at, and their weighted mean and square until `hour`."""

    hour: int
    """Hours since 1970."""
    people: float = 0.0
    mean: float = 0.0
    square: float = 0.0

    def until(self, hour: int) -> "Past":
        """The same at a later hour. Nobody has looked since: people stayed for the window's length, then went."""
        passed = max(hour - self.hour, 0)
        stayed = min(passed, WINDOW_HOURS)
        faded, gone = _KEEP**stayed, _KEEP ** (passed - stayed)
        mean = (self.people + (self.mean - self.people) * faded) * gone
        square = (self.people**2 + (self.square - self.people**2) * faded) * gone
        return Past(max(hour, self.hour), self.people if passed == stayed else 0.0, mean, square)


def score(people: float, past: Past) -> float:
    """How far `people` is above what `past` lets expect; not above 0 when it is not.

    >>> score(5, Past(0))
    1.5
    >>> score(5, Past(0, mean=10, square=101))
    -1.6666666666666667
    """
    variance = max(past.square - past.mean**2, 0.0)
    return (people - max(past.mean, BIAS_PEOPLE)) / (sqrt(variance) + BIAS_PEOPLE)


def weight(age_days: float, established_days: int, *, bot: bool) -> float:
    """How much of a person an account is: nothing of a program, less than all of one that is new."""
    if bot:
        return 0.0
    return min(max(age_days, 0.0) / established_days, 1.0) if established_days else 1.0


def crowd(networks: Iterable[tuple[float, float]]) -> float:
    """How many people a crowd is, of which each network's part is given: established accounts, new ones by weight.

    A network's accounts beyond the first count for ever less; new accounts count for no more than established ones do,
    so that however many are made they do not make a trend among themselves.
    """
    established = newcomers = 0.0
    for old, new in networks:
        both = _people(old + new)
        mine = _people(old)
        established += mine
        newcomers += both - mine
    return established + min(newcomers, established)


def _people(accounts: float) -> float:
    return accounts if accounts <= 1 else min(1 + log(accounts), NETWORK_PEOPLE_MAX)
