"""A page of a timeline whose rules leave some of it out: candidates are looked at until the page is full."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Final

from linnet.features.statuses.models import Hydrated
from linnet.features.timelines import rules
from linnet.platform.paging import Window

MARGIN: Final = 4
"""Candidates taken beyond the page, so that a few that the rules drop cost no second round."""

CANDIDATES_MAX: Final = 400
"""Candidates of one round; each round takes twice those of the one before, up to here."""

ROUNDS_MAX: Final = 10
"""Rounds of candidates for one page: a bound for a viewer who silenced nearly everyone they follow. What they lead to
is then a short page, and the next one goes on from there."""

Candidates = Callable[[int, int, int], Awaitable[list[int]]]
"""Up to a number of ids with above < id < below, newest first: those nearest to the end one pages from."""

Permitted = Callable[[Sequence[int]], Awaitable[Hydrated]]
"""Those of some candidates that belong on the timeline."""


async def gather(window: Window, candidates: Candidates, permitted: Permitted) -> Hydrated:
    """A page, newest first, of what is permitted; a status that several of its entries show is there once."""
    page, stopped_at = await _gather(window, candidates, permitted)
    found = sorted(page.ids, reverse=True)
    shown = found[-window.limit :] if window.forward else found[: window.limit]
    row_ids = tuple(shown)
    if stopped_at is not None and len(shown) < window.limit:
        row_ids = (stopped_at, *row_ids) if window.forward else (*row_ids, stopped_at)
    more = stopped_at is not None or len(found) > len(shown)
    return replace(page, ids=tuple(rules.without_repeats(page, shown)), row_ids=row_ids, more=more)


async def _gather(window: Window, candidates: Candidates, permitted: Permitted) -> tuple[Hydrated, int | None]:
    """Permitted candidates, enough for a page or all there are, and the one behind which nobody has looked yet."""
    above, below, wanted = window.floor, window.ceiling, window.limit + MARGIN
    page, stopped_at = Hydrated(), None
    for _ in range(ROUNDS_MAX):
        ids = await candidates(above, below, wanted)
        page = page.also(await permitted(ids))
        if len(ids) < wanted:
            return page, None
        stopped_at = ids[0] if window.forward else ids[-1]
        if len(page.ids) >= window.limit:
            break
        above, below = (stopped_at, below) if window.forward else (above, stopped_at)
        wanted = min(2 * wanted, CANDIDATES_MAX)
    return page, stopped_at
