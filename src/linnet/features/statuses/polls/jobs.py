"""Later work about polls: counting, noting their end, removing what is left of them. Every job here may run twice."""

from collections.abc import Sequence

from linnet.features.accounts.events import AccountDeleted
from linnet.features.statuses.events import StatusDeleted
from linnet.features.statuses.polls import store
from linnet.features.statuses.polls.events import PollEnded, PollReplaced
from linnet.platform.changes import Kind, change
from linnet.platform.engines import Engines
from linnet.platform.jobs import Job, Periodic
from linnet.platform.live import Live

SLICE = 500
"""Votes removed, or polls closed, by one statement."""

FOLD_MAX = 5_000
FOLD_EVERY_S = 1.0
CLOSE_EVERY_S = 1.0
"""How late a poll may be shown as over; votes are refused from the moment on."""


async def fold_tallies(engines: Engines) -> None:
    """Fold every pending ballot."""
    folded = FOLD_MAX
    while folded == FOLD_MAX:
        async with engines.transaction() as tx:
            folded = await store.fold(tx, FOLD_MAX)


async def close_ended(engines: Engines) -> None:
    """Note the end of every poll that is over, with what follows from it."""
    closed = SLICE
    while closed == SLICE:
        async with engines.transaction() as tx:
            ended = await store.close_due(tx, engines.clock.now(), SLICE)
            closed = len(ended)
            for poll_id, status_id, account_id in ended:
                tx.changed(Kind.STATUS, status_id)
                tx.live(Live.TOUCHED, status_id)
                await tx.record(PollEnded(poll_id=poll_id, status_id=status_id, account_id=account_id))


async def _erase_replaced(engines: Engines, works: Sequence[PollReplaced]) -> None:
    await _erase(engines, [work.poll_id for work in works])


async def _erase_of_statuses(engines: Engines, works: Sequence[StatusDeleted]) -> None:
    await _erase(engines, await store.poll_ids_of(engines.db, [work.status_id for work in works]))


async def _erase(engines: Engines, poll_ids: Sequence[int]) -> None:
    if not poll_ids:
        return
    while await store.erase_votes(engines.db, poll_ids, SLICE) == SLICE:
        pass
    await store.erase(engines.db, poll_ids)


async def _take_back_votes(engines: Engines, works: Sequence[AccountDeleted]) -> None:
    """What an account voted counts no more: nobody could say any longer whose voice it was."""
    for work in works:
        while status_ids := await store.take_back_votes_of(engines.db, work.account_id, SLICE):
            await engines.changes.tell(change(Kind.STATUS, status_id) for status_id in status_ids)


_QUEUE = "maintenance"

ERASE_REPLACED = Job("polls.erase_replaced", PollReplaced, _erase_replaced, queue=_QUEUE)
ERASE_OF_STATUSES = Job("polls.erase_of_statuses", StatusDeleted, _erase_of_statuses, queue=_QUEUE)
TAKE_BACK_VOTES = Job("polls.take_back_votes", AccountDeleted, _take_back_votes, queue=_QUEUE, batch_max=1)

PERIODICS = (
    Periodic("polls.fold_tallies", FOLD_EVERY_S, fold_tallies),
    Periodic("polls.close_ended", CLOSE_EVERY_S, close_ended),
)
