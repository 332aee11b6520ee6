"""How far a status goes, and how often its author posts: what the choice of a strategy goes by.

Of nearly all authors the number of followers says enough. The larger ones are asked about, and each process keeps what
it was told for a while.
"""

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from linnet.features.timelines.store import fanout
from linnet.features.timelines.strategy import Reach, Thresholds
from linnet.platform.engines import Engines
from linnet.platform.ids import first_id_at
from linnet.platform.kept import Kept

KEPT_S: Final = 600.0
"""Longer than what people see may be kept: after old numbers a post goes a dearer way, and arrives all the same."""

AUTHORS_MAX: Final = 20_000
"""Authors whose reach a process keeps."""

FOLLOWERS_LOOKED_AT: Final = 1_000
"""Followers of one author who stand for all of them."""

DAY: Final = timedelta(days=1)


class Reaches:
    """What this process knows of larger authors; one in each, in `engines.configs`."""

    def __init__(self) -> None:
        self.known: Kept[int, Reach] = Kept(AUTHORS_MAX, kept_s=KEPT_S)


async def of_authors(engines: Engines, followers: Mapping[int, int]) -> dict[int, Reach]:
    """The reach of each of some authors, who have so many followers.

    One statement for all of the larger ones that this process does not know, and none for the others.
    """
    thresholds, known, at_s = engines.config(Thresholds), engines.config(Reaches).known, time.monotonic()
    found = {author_id: known.get(author_id, at_s) for author_id in followers}
    missing = [i for i, number in followers.items() if found[i] is None and number >= thresholds.asked_from]
    if missing:
        began, now = known.now(), engines.clock.now()
        asked = await fanout.reaches(
            engines.db,
            missing,
            active_since=(now - timedelta(days=thresholds.active_days)).date(),
            looked_at=FOLLOWERS_LOOKED_AT,
            posted_since=first_id_at(now - DAY),
            posts_max=thresholds.busy_posts,
        )
        for author_id, (share, posts, is_merged) in asked.items():
            one = Reach(followers[author_id], share, posts, is_merged)
            found[author_id] = one
            known.put(author_id, one, began)
    return {i: replace(found[i] or Reach(number), followers=number) for i, number in followers.items()}


def note_merged(engines: Engines, author_id: int) -> None:
    """From now on readers merge this author."""
    engines.config(Reaches).known.revise(author_id, lambda reach: replace(reach, is_merged=True))
