"""Fan-out: from a posted status to the homes of those who follow its author. Every job here may run twice."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from linnet.features.accounts.events import AccountDeleted
from linnet.features.relationships.events import Blocked, Followed, Unfollowed
from linnet.features.statuses.events import StatusEdited, StatusPosted, StatusReblogged, StatusReleased
from linnet.features.timelines import delivery, homes, measures, merged, reach, store, tagged
from linnet.features.timelines.store import fanout
from linnet.features.timelines.strategy import Strategy, Thresholds, choose
from linnet.platform import live
from linnet.platform.changes import Kind, change
from linnet.platform.engines import Engines
from linnet.platform.jobs import Job, Work
from linnet.platform.live import Live

SLICE = 5_000
"""Followers written to by one job. The rest is another job, behind the posts that came meanwhile: nobody is delayed."""


class HomeSlice(Work, frozen=True):
    """The followers of `author_id` after `after_id`, who are still to get `status_id`."""

    status_id: int
    author_id: int
    after_id: int
    recent_only: bool
    followers: int = 0
    """Of the author, when the status was posted."""


async def deliver(engines: Engines, status_ids: Sequence[int], told_as: Live = Live.POSTED) -> None:
    """Bring statuses to their authors' own homes and to their followers', as the strategy says.

    Two round trips for all of them, as long as they are neither long nor by large authors; in the end those who look on
    are told.
    """
    thresholds = engines.config(Thresholds)
    found = await fanout.deliveries(engines.db, status_ids, SLICE, thresholds.hybrid_followers)
    followers = {one.author_id: one.followers for one in found.values() if one.mentioned_ids is None}
    reaches = await reach.of_authors(engines, followers)
    readers: list[tuple[int, Sequence[int]]] = []
    slices: list[HomeSlice] = []
    done: list[tuple[int, Strategy, int]] = []
    for status_id, one in found.items():
        own = (one.author_id,)
        if one.mentioned_ids is not None:
            readers.append((status_id, own + one.mentioned_ids))
            continue
        choice = choose(reaches[one.author_id], thresholds)
        measures.chosen(choice)
        first = one.follower_ids if choice.strategy is Strategy.PUSH else ()
        readers.append((status_id, own + (first or ())))
        if choice.strategy is not Strategy.PUSH:
            await merged.add(engines, one.author_id, status_id)
            reach.note_merged(engines, one.author_id)
        if choice.strategy is Strategy.HYBRID:
            slices.append(_slice(status_id, one, recent_only=True))
        elif first is None:  # too many to have come along, and pushed all the same
            slices.append(_slice(status_id, one))
        elif len(first) == SLICE:
            slices.append(_slice(status_id, one, after_id=first[-1]))
        else:
            done.append((status_id, choice.strategy, one.followers))
    written = await delivery.append_each(engines.valkey, readers, lasting=True)
    measures.count(sum(len(ids) for _, ids in readers), written)
    await live.tell(engines.bus, [live.hint(told_as, status_id) for status_id in sorted(found)])
    for status_id, strategy, number in done:
        measures.done(status_id, strategy, number, engines.clock.now())
    if slices:
        async with engines.transaction() as tx:
            await tx.enqueue(FAN_OUT_SLICE, slices)


def _slice(status_id: int, one: fanout.Delivery, *, after_id: int = 0, recent_only: bool = False) -> HomeSlice:
    return HomeSlice(
        status_id=status_id,
        author_id=one.author_id,
        after_id=after_id,
        recent_only=recent_only,
        followers=one.followers,
    )


async def _deliver_slice(engines: Engines, work: HomeSlice) -> None:
    if work.recent_only:
        since = (engines.clock.now() - timedelta(days=engines.config(Thresholds).active_days)).date()
        followers = await fanout.recent_follower_ids(engines.db, work.author_id, work.after_id, SLICE, since)
    else:
        followers = await fanout.follower_ids(engines.db, work.author_id, work.after_id, SLICE)
    measures.count(len(followers), await delivery.append(engines.valkey, work.status_id, followers, lasting=True))
    if len(followers) < SLICE:
        strategy = Strategy.HYBRID if work.recent_only else Strategy.PUSH
        measures.done(work.status_id, strategy, work.followers, engines.clock.now())
    else:
        async with engines.transaction() as tx:
            rest = HomeSlice(
                status_id=work.status_id,
                author_id=work.author_id,
                after_id=followers[-1],
                recent_only=work.recent_only,
                followers=work.followers,
            )
            await tx.enqueue(FAN_OUT_SLICE, [rest])


async def _fan_out(engines: Engines, works: Sequence[StatusPosted]) -> None:
    await deliver(engines, [work.status_id for work in works])
    await tagged.tell(engines, ((work.status_id, work.tag_ids) for work in works))


async def _fan_out_released(engines: Engines, works: Sequence[StatusReleased]) -> None:
    await engines.changes.tell(change(Kind.STATUS, work.status_id) for work in works)  # who released it may have died
    await deliver(engines, [work.status_id for work in works], Live.RELEASED)
    await tagged.tell(engines, ((work.status_id, work.tag_ids) for work in works))


async def _fan_out_reblogs(engines: Engines, works: Sequence[StatusReblogged]) -> None:
    await deliver(engines, [work.reblog_id for work in works])


async def _fan_out_edits(engines: Engines, works: Sequence[StatusEdited]) -> None:
    """A direct status is in no home but of those it mentions; whom an edit names first may have it from now on."""
    await engines.changes.tell(change(Kind.STATUS, work.status_id) for work in works)  # who edited may have died
    for work in works:
        await delivery.append(engines.valkey, work.status_id, work.newly_mentioned_ids, lasting=True)
    await tagged.tell(engines, ((work.status_id, work.tag_ids) for work in works))


async def _fan_out_slices(engines: Engines, works: Sequence[HomeSlice]) -> None:
    for work in works:
        await _deliver_slice(engines, work)


async def _refill_follower(engines: Engines, works: Sequence[Followed]) -> None:
    await _refill(engines, {work.account_id for work in works})


async def _refill_unfollower(engines: Engines, works: Sequence[Unfollowed]) -> None:
    await _refill(engines, {work.account_id for work in works})


async def _refill_both(engines: Engines, works: Sequence[Blocked]) -> None:
    await _refill(engines, {i for work in works for i in (work.account_id, work.target_id)})


async def _refill(engines: Engines, account_ids: Collection[int]) -> None:
    """Have homes made anew, and circles: the process that changed them may have died before it told."""
    await engines.changes.tell(change(Kind.VIEWER, account_id) for account_id in account_ids)
    await homes.forget(engines.valkey, account_ids)


async def _forget_account(engines: Engines, works: Sequence[AccountDeleted]) -> None:
    await homes.forget(engines.valkey, {work.account_id for work in works})
    for work in works:
        await store.forget_author(engines.db, work.account_id)


FAN_OUT = Job("timelines.fan_out", StatusPosted, _fan_out, queue="fanout", batch_max=20, priority=1)
FAN_OUT_RELEASED = Job(
    "timelines.fan_out_released", StatusReleased, _fan_out_released, queue="fanout", batch_max=20, priority=1
)
FAN_OUT_REBLOG = Job(
    "timelines.fan_out_reblog", StatusReblogged, _fan_out_reblogs, queue="fanout", batch_max=20, priority=1
)
FAN_OUT_EDIT = Job("timelines.fan_out_edit", StatusEdited, _fan_out_edits, queue="fanout", batch_max=20, priority=1)
FAN_OUT_SLICE = Job("timelines.fan_out_slice", HomeSlice, _fan_out_slices, queue="fanout", batch_max=1)
REFILL_FOLLOWER = Job("timelines.refill_follower", Followed, _refill_follower, queue="fanout", priority=2)
REFILL_UNFOLLOWER = Job("timelines.refill_unfollower", Unfollowed, _refill_unfollower, queue="fanout", priority=2)
REFILL_BLOCKED = Job("timelines.refill_blocked", Blocked, _refill_both, queue="fanout", priority=2)
FORGET_ACCOUNT = Job("timelines.forget_account", AccountDeleted, _forget_account, queue="maintenance")
