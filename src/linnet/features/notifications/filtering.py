"""What people's filters do to notifications that reach them outside of any app: in a push, or in a letter."""

from collections import defaultdict
from collections.abc import Iterable
from enum import Enum

from linnet.features.accounts.models import Viewer
from linnet.features.filters.lenses import load
from linnet.features.filters.matching import hidden_in, matches_on
from linnet.features.filters.models import Context
from linnet.features.statuses import reads as statuses
from linnet.platform.engines import Engines

Pair = tuple[int, int]
"""Who is told, and the status it is about."""


class Fate(Enum):
    """What becomes of a notification about a status that a filter for notifications matches."""

    LEFT_OUT = "left out"
    WORDLESS = "wordless"
    """A filter only warns of it: it is told, but not what it says."""


async def fates(engines: Engines, pairs: Iterable[Pair]) -> dict[Pair, Fate]:
    """Of pairs those that filters match. One statement, and one more for each of the people who filter anything."""
    ids_of = defaultdict[int, list[int]](list)
    for account_id, status_id in pairs:
        ids_of[account_id].append(status_id)
    lenses = await load(engines, ids_of) if ids_of else {}
    found = dict[Pair, Fate]()
    for account_id, lens in lenses.items():
        if lens:
            page = await statuses.read(engines, Viewer(account_id), ids_of[account_id])
            for status_id, matches in matches_on(lens, account_id, page.statuses).items():
                if hidden_in(Context.NOTIFICATIONS, matches):
                    found[account_id, status_id] = Fate.LEFT_OUT
                elif any(Context.NOTIFICATIONS in one.filter.contexts for one in matches):
                    found[account_id, status_id] = Fate.WORDLESS
    return found
