"""Windows in time, outwards from where a search begins, so that what many posts say is found without reading all. Pure.

A search for a common word stops in the first window that fills its page; one for a rare word asks the index once for
each window. Every post is marked with its day and its epoch of 32 days, so that the index itself stays within a window.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from linnet.features.search import facets
from linnet.features.search.facets import DAY_MS, EPOCH_DAYS
from linnet.features.search.words import quoted
from linnet.platform.ids import ID_MAX, first_id_at

DAYS: Final = 2
MORE_DAYS: Final = 14
EPOCHS: Final = 6
"""The lengths of the first three windows: days, days, epochs. The fourth is all the rest."""

NUMBER: Final = 4

_DAY_OF_ID_MAX: Final = facets.day_of(ID_MAX)


@dataclass(frozen=True, slots=True)
class Period:
    """Posts with `after_id` < id < `before_id`; `tsquery` marks them in the index, as far as it can."""

    after_id: int
    before_id: int
    tsquery: str


def backward(after_id: int, before_id: int, now: datetime) -> list[Period]:
    """`NUMBER` periods that together are the ids between the two, the newest first."""
    last = facets.day_of(min(before_id, first_id_at(now)))
    starts = (last - DAYS + 1, last - DAYS - MORE_DAYS + 1, last - DAYS - MORE_DAYS - EPOCHS * EPOCH_DAYS + 1)
    edges = [before_id, *(max(_first_id(start) - 1, after_id) for start in starts), after_id]
    days = [
        (starts[0], last + 1),  # what other clocks make, too
        (starts[1], starts[0] - 1),
        (starts[2], starts[1] - 1),
    ]
    return _periods([(edges[at + 1], edges[at]) for at in range(NUMBER)], days)


def forward(after_id: int, before_id: int) -> list[Period]:
    """The same, the oldest first."""
    first = facets.day_of(after_id)
    ends = (first + DAYS, first + DAYS + MORE_DAYS, first + DAYS + MORE_DAYS + EPOCHS * EPOCH_DAYS)
    edges = [after_id, *(min(_first_id(end), before_id) for end in ends), before_id]
    days = [(first, ends[0] - 1), (ends[0], ends[1] - 1), (ends[1], ends[2] - 1)]
    spans = [(max(edges[at] - (at > 0), 0), edges[at + 1]) for at in range(NUMBER)]
    return _periods(spans, days)


def _first_id(day: int) -> int:
    return max(min(day, _DAY_OF_ID_MAX) * DAY_MS << 16, 0)


def _periods(spans: list[tuple[int, int]], days: list[tuple[int, int]]) -> list[Period]:
    marks = [
        " | ".join(quoted(facets.day(day)) for day in range(days[0][0], days[0][1] + 1)),
        " | ".join(quoted(facets.day(day)) for day in range(days[1][0], days[1][1] + 1)),
        " | ".join(
            quoted(facets.epoch(epoch)) for epoch in range(days[2][0] // EPOCH_DAYS, days[2][1] // EPOCH_DAYS + 1)
        ),
        "",
    ]
    return [
        Period(after_id, before_id, mark if before_id - after_id > 1 else quoted(facets.NOTHING))
        for (after_id, before_id), mark in zip(spans, marks, strict=True)
    ]
