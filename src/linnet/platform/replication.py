"""How far replicas of PostgreSQL have come, and who has written since. Pure, and all by the clock of this process.

No clocks of two machines are compared: a replica is as of a moment at which this process asked the primary how far it
was, and an account has written at the moment at which this process heard of it.
"""

import math
import time
from bisect import bisect_right
from typing import Final

from linnet.platform.changes import Change, Kind

POSITIONS_KEPT: Final = 1_200
"""Moments of the primary that are remembered: five minutes. A replica further behind is just as far as that."""

WRITERS_MAX: Final = 100_000
"""Accounts that wrote lately. Should there be more, for a moment everybody counts as one."""

NEVER: Final = -math.inf
"""Before every moment."""

_OF_WRITERS: Final = frozenset({Kind.WRITER, Kind.ACCOUNT, Kind.VIEWER, Kind.MARK})
"""Changes whose first number is the account that made them, or one that they are about."""

_PAGE_HEADER_BYTES: Final = 24
_SEGMENT_HEADER_BYTES: Final = 40


def end_of_records(position: int, *, page_bytes: int, segment_bytes: int) -> int:
    """The end of the last record before an insert position of the WAL.

    When that end is the end of a page, PostgreSQL tells the primary's position as behind the next page's header, and a
    replica's as before it: a replica of an idle primary would seem to lack something for ever. No record ends elsewhere
    within a header, so nothing that was written is taken for replayed.
    """
    header = _PAGE_HEADER_BYTES if position % segment_bytes >= page_bytes else _SEGMENT_HEADER_BYTES
    return position - header if position % page_bytes == header else position


class Positions:
    """Where the primary's WAL was at which moments, the latest `POSITIONS_KEPT`."""

    def __init__(self) -> None:
        self._moments: list[float] = []
        self._ends: list[int] = []

    @property
    def latest(self) -> int | None:
        """The last that is known; None when nothing is."""
        return self._ends[-1] if self._ends else None

    @property
    def first_s(self) -> float:
        """The first moment that is known; `NEVER` when none is."""
        return self._moments[0] if self._moments else NEVER

    def note(self, at_s: float, end: int) -> None:
        """At `at_s` (monotonic seconds), or later, the WAL reached to `end` (bytes)."""
        if self._ends and end < self._ends[-1]:  # another primary, which lacks the end of the former one's
            self._moments.clear()
            self._ends.clear()
        self._moments.append(at_s)
        self._ends.append(end)
        if len(self._ends) > POSITIONS_KEPT:
            del self._moments[0], self._ends[0]

    def contradict(self, replayed: int, seen_at_s: float) -> bool:
        """Whether the primary had, later than `seen_at_s`, not written yet what was replayed then: it is another's."""
        return bool(self._ends) and self._moments[-1] > seen_at_s and self._ends[-1] < replayed

    def as_of_s(self, replayed: int) -> float:
        """The last known moment before which everything committed is part of what was `replayed`; or `NEVER`."""
        reached = bisect_right(self._ends, replayed)
        return self._moments[reached - 1] if reached else NEVER


class Writers:
    """When this process last heard of a write of each account; to hear the log of changes."""

    def __init__(self, *, kept_s: float) -> None:
        self._kept_s = kept_s
        self._moments: dict[int, float] = {}
        self._anybody_s = NEVER

    def hear(self, change: Change) -> None:
        """Take note of a change, if it says whose it is."""
        if change[0] not in _OF_WRITERS:
            return
        now_s = time.monotonic()
        self._moments.pop(change[1], None)
        self._moments[change[1]] = now_s
        while (oldest := next(iter(self._moments))) != change[1] and self._moments[oldest] < now_s - self._kept_s:
            del self._moments[oldest]
        if len(self._moments) > WRITERS_MAX:
            self.forget()

    def forget(self) -> None:
        """From now on, whoever wrote before may have been anybody."""
        self._anybody_s = time.monotonic()
        self._moments.clear()

    def wrote_at_s(self, account_id: int) -> float:
        """The moment (monotonic seconds) after which the account has written nothing that this process heard of."""
        return max(self._moments.get(account_id, NEVER), self._anybody_s)
