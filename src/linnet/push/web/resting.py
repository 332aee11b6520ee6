"""Services that did not answer are left alone for a while: messages for them are not to make others' wait."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

FIRST_S: Final = 30.0
LONGEST_S: Final = 900.0
ORIGINS_MAX: Final = 10_000


@dataclass(frozen=True, slots=True)
class _Rest:
    times: int
    until_s: float


class Resting:
    """Which origins rest, by what this process saw; one in each, in `engines.configs`. Times are Unix seconds."""

    def __init__(self) -> None:
        self._rests: OrderedDict[str, _Rest] = OrderedDict()

    def left_s(self, origin: str, now_s: float) -> float:
        """For how long it is not to be asked; 0 when it may be."""
        rest = self._rests.get(origin)
        return max(rest.until_s - now_s, 0.0) if rest else 0.0

    def silent(self, origin: str, now_s: float) -> None:
        """It did not answer: it rests, twice as long as the time before. One failing of several at once counts."""
        before = self._rests.get(origin)
        if before is not None and before.until_s > now_s:
            return
        times = before.times + 1 if before else 1
        self._rests[origin] = _Rest(times, now_s + min(FIRST_S * 2.0 ** (times - 1), LONGEST_S))
        self._rests.move_to_end(origin)
        while len(self._rests) > ORIGINS_MAX:
            self._rests.popitem(last=False)

    def answered(self, origin: str) -> None:
        """It answered, whatever it said."""
        self._rests.pop(origin, None)
