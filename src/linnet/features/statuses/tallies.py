"""What people post, counted for how they stand (`moderation/standings.py`): by a job, so that no post pays for it."""

from datetime import timedelta
from typing import Final

from linnet.features.moderation import standings
from linnet.features.statuses.store import tallies as store
from linnet.platform.engines import Engines
from linnet.platform.ids import first_id_at, made_at

EVERY_S: Final = 300.0
SPAN: Final = timedelta(hours=1)
"""Statuses counted by one transaction: those of so long."""

SETTLED: Final = timedelta(minutes=1)
"""A status that was begun so long ago is committed, or never will be."""

MISSED_MAX: Final = timedelta(days=7)
"""What was posted before is not counted any more, should nobody have counted for so long."""


async def tally(engines: Engines) -> None:
    """Count everything posted since the last time, each once; it may be killed anywhere, and run twice at a time.

    Neither what was brought along from elsewhere counts, nor what was deleted before it was counted.
    """
    until = engines.clock.now() - SETTLED
    behind = True
    while behind:
        async with engines.transaction() as tx:
            began = await standings.counted_through(tx)
            oldest = first_id_at(until - MISSED_MAX)
            if began is None:
                began = first_id_at(until - SPAN)
            began = max(began, oldest)
            to = min(made_at(began) + SPAN, until)
            through = max(first_id_at(to), began)
            await standings.count_posted(tx, await store.posted(tx, began, through), through, engines.clock.now())
            behind = to < until
