"""Later work of notifications: telling people, and forgetting what no longer holds. Every job here may run twice."""

from collections import Counter
from collections.abc import Collection, Sequence

from linnet.features.accounts.events import AccountDeleted, SignedUp
from linnet.features.notifications.events import (
    NotificationsMerged,
    Notified,
    RequestsAccepted,
    RequestsDismissed,
)
from linnet.features.notifications.models import Kind, Notice
from linnet.features.notifications.store import audiences, forgetting, policies, writing
from linnet.features.relationships.events import Blocked, Followed, FollowRequested, FollowRequestRemoved, Unfollowed
from linnet.features.statuses import reads as statuses
from linnet.features.statuses.events import (
    StatusDeleted,
    StatusEdited,
    StatusFavourited,
    StatusPosted,
    StatusReblogged,
    StatusReleased,
    StatusUnfavourited,
)
from linnet.features.statuses.polls.events import PollEnded
from linnet.platform.engines import Engines
from linnet.platform.jobs import Job, Work
from linnet.platform.live import Live

SLICE = 1_000
"""People told, or rows removed, by one step. The rest is another job, so that nobody else's notifications wait."""


STAFF_MAX = 100
"""How many of the staff hear of a sign-up."""


class AnnouncementSlice(Work, frozen=True):
    """Followers after `after_id` who asked to hear of each post, and are to hear of `status_id`."""

    status_id: int
    after_id: int = 0


class EditSlice(Work, frozen=True):
    """Those who reblogged or quoted `status_id` with a status after `after_id`, and are to hear of its new wording."""

    status_id: int
    after_id: int = 0


class PollSlice(Work, frozen=True):
    """Those with an id after `after_id` who voted in `poll_id`, and are to hear that it is over."""

    poll_id: int
    after_id: int = 0


async def _tell(engines: Engines, notices: Collection[Notice]) -> None:
    """Write the notices whose recipients may see what they are about and want to hear of it.

    At most three statements, one of which enqueues what follows from the `Notified` that is recorded.
    """
    about = {(notice.account_id, notice.status_id) for notice in notices if notice.status_id is not None}
    seen = await statuses.visible_pairs(engines.db, about)
    told = [one for one in notices if one.status_id is None or (one.account_id, one.status_id) in seen]
    await write(engines, told)


async def write(engines: Engines, notices: Collection[Notice]) -> None:
    """Write the notices of what their recipients may see, where they want to hear of it; none, no statement."""
    if not notices:
        return
    async with engines.transaction() as tx:
        written = await writing.insert(tx, notices, engines.clock.now())
        if written:
            await tx.record(Notified(tuple(i for i, _ in written), tuple(account_id for _, account_id in written)))
            for notification_id, account_id in written:
                tx.live(Live.NOTIFIED, notification_id, account_id)


async def _notify_posted(engines: Engines, works: Sequence[StatusPosted | StatusReleased]) -> None:
    ids = [work.status_id for work in works]
    await _tell(engines, await audiences.of_posts(engines.db, ids))
    await _announce(engines, ids, after_id=0)


async def _notify_announcements(engines: Engines, works: Sequence[AnnouncementSlice]) -> None:
    for work in works:
        await _announce(engines, [work.status_id], after_id=work.after_id)


async def _announce(engines: Engines, status_ids: Sequence[int], *, after_id: int) -> None:
    notices = await audiences.of_announced(engines.db, status_ids, after_id, SLICE)
    await _tell(engines, notices)
    told = Counter(notice.status_id for notice in notices)
    last = {notice.status_id: notice.account_id for notice in notices}
    rest = [AnnouncementSlice(status_id=i, after_id=last[i]) for i in status_ids if told[i] == SLICE]
    if rest:
        async with engines.transaction() as tx:
            await tx.enqueue(NOTIFY_ANNOUNCEMENT_SLICE, rest)


async def _notify_edited(engines: Engines, works: Sequence[StatusEdited]) -> None:
    mentions = [(i, work.status_id) for work in works for i in work.newly_mentioned_ids]
    reached = await audiences.reached(engines.db, mentions) if mentions else set[tuple[int, int]]()
    authors = {work.status_id: work.account_id for work in works}
    await _tell(engines, [Notice(i, Kind.MENTION, authors[status_id], status_id) for i, status_id in reached])
    for status_id in dict.fromkeys(work.status_id for work in works):
        await _tell_of_edit(engines, EditSlice(status_id=status_id))


async def _notify_edit_slices(engines: Engines, works: Sequence[EditSlice]) -> None:
    for work in works:
        await _tell_of_edit(engines, work)


async def _tell_of_edit(engines: Engines, work: EditSlice) -> None:
    notices, end_id = await audiences.of_edit(engines.db, work.status_id, work.after_id, SLICE)
    await _tell(engines, notices)
    if end_id is not None:
        async with engines.transaction() as tx:
            await tx.enqueue(NOTIFY_EDIT_SLICE, [EditSlice(status_id=work.status_id, after_id=end_id)])


async def _notify_poll_ended(engines: Engines, works: Sequence[PollEnded]) -> None:
    for work in works:
        await _tell_of_poll(engines, PollSlice(poll_id=work.poll_id))


async def _notify_poll_slices(engines: Engines, works: Sequence[PollSlice]) -> None:
    for work in works:
        await _tell_of_poll(engines, work)


async def _tell_of_poll(engines: Engines, work: PollSlice) -> None:
    notices = await audiences.of_poll(engines.db, work.poll_id, work.after_id, SLICE)
    await _tell(engines, notices)
    voters = [one.account_id for one in notices if one.account_id != one.from_account_id]
    if len(voters) == SLICE:
        async with engines.transaction() as tx:
            await tx.enqueue(NOTIFY_POLL_SLICE, [PollSlice(poll_id=work.poll_id, after_id=voters[-1])])


async def _notify_reblogged(engines: Engines, works: Sequence[StatusReblogged]) -> None:
    await _tell(engines, await audiences.of_reblogs(engines.db, [work.reblog_id for work in works]))


async def _notify_favourited(engines: Engines, works: Sequence[StatusFavourited]) -> None:
    await _tell(
        engines, await audiences.of_favourites(engines.db, [(work.account_id, work.status_id) for work in works])
    )


async def _notify_followed(engines: Engines, works: Sequence[Followed]) -> None:
    """Tell people who follows them; who has just let somebody in knows it, and is asked no longer."""
    accepted = [(work.account_id, work.target_id) for work in works if work.accepted]
    await forgetting.of_follows(engines.db, accepted)
    uninvited = [(work.account_id, work.target_id) for work in works if not work.accepted]
    await _tell(engines, await audiences.of_follows(engines.db, uninvited))


async def _notify_follow_requested(engines: Engines, works: Sequence[FollowRequested]) -> None:
    pairs = [(work.account_id, work.target_id) for work in works]
    await _tell(engines, await audiences.of_follow_requests(engines.db, pairs))


async def _notify_signed_up(engines: Engines, works: Sequence[SignedUp]) -> None:
    await _tell(engines, await audiences.of_sign_ups(engines.db, [work.account_id for work in works], STAFF_MAX))


async def _merge_requests(engines: Engines, works: Sequence[RequestsAccepted]) -> None:
    """Put what waited of accepted requests among the other notifications; say so when none is left to merge."""
    for work in works:
        while await policies.merge(engines.db, work.account_id, work.from_account_ids, SLICE) == SLICE:
            pass
        async with engines.transaction() as tx:
            ended = await policies.end_accepted(tx, work.account_id, work.from_account_ids)
            if ended and await policies.is_merged(tx, work.account_id):
                await tx.record(NotificationsMerged(work.account_id))
                tx.live(Live.NOTIFICATIONS_MERGED, work.account_id)


async def _drop_dismissed(engines: Engines, works: Sequence[RequestsDismissed]) -> None:
    for work in works:
        senders, up_to_id = work.from_account_ids, work.up_to_id
        while await policies.drop(engines.db, work.account_id, senders, up_to_id, SLICE) == SLICE:
            pass


async def _forget_status(engines: Engines, works: Sequence[StatusDeleted]) -> None:
    ids = [work.status_id for work in works]
    await forgetting.of_reblogs(engines.db, ids)
    while await forgetting.about_statuses(engines.db, ids, SLICE) == SLICE:
        pass


async def _forget_favourite(engines: Engines, works: Sequence[StatusUnfavourited]) -> None:
    await forgetting.of_favourites(engines.db, [(work.account_id, work.status_id) for work in works])


async def _forget_follow(engines: Engines, works: Sequence[Unfollowed]) -> None:
    await forgetting.of_follows(engines.db, [(work.account_id, work.target_id) for work in works])


async def _forget_follow_request(engines: Engines, works: Sequence[FollowRequestRemoved]) -> None:
    await forgetting.of_follows(engines.db, [(work.account_id, work.target_id) for work in works])


async def _forget_blocked(engines: Engines, works: Sequence[Blocked]) -> None:
    for work in works:
        while await forgetting.from_blocked(engines.db, work.account_id, work.target_id, SLICE) == SLICE:
            pass


async def _erase_account(engines: Engines, works: Sequence[AccountDeleted]) -> None:
    for work in works:
        while await forgetting.of_account(engines.db, work.account_id, SLICE):
            pass
        while await policies.erase(engines.db, work.account_id, SLICE):
            pass


_QUEUE = "notifications"

NOTIFY_POSTED = Job(
    "notifications.notify_posted",
    StatusPosted,
    _notify_posted,
    queue=_QUEUE,
    priority=1,
    concerns=lambda posted: posted.notable,
)
NOTIFY_RELEASED = Job(
    "notifications.notify_released",
    StatusReleased,
    _notify_posted,
    queue=_QUEUE,
    priority=1,
    concerns=lambda released: released.notable,
)
NOTIFY_EDITED = Job("notifications.notify_edited", StatusEdited, _notify_edited, queue=_QUEUE, priority=1)
NOTIFY_POLL_ENDED = Job("notifications.notify_poll_ended", PollEnded, _notify_poll_ended, queue=_QUEUE, priority=1)
NOTIFY_REBLOGGED = Job("notifications.notify_reblogged", StatusReblogged, _notify_reblogged, queue=_QUEUE, priority=1)
NOTIFY_FAVOURITED = Job(
    "notifications.notify_favourited", StatusFavourited, _notify_favourited, queue=_QUEUE, priority=1
)
NOTIFY_FOLLOWED = Job("notifications.notify_followed", Followed, _notify_followed, queue=_QUEUE, priority=1)
NOTIFY_FOLLOW_REQUESTED = Job(
    "notifications.notify_follow_requested", FollowRequested, _notify_follow_requested, queue=_QUEUE, priority=1
)
NOTIFY_SIGNED_UP = Job("notifications.notify_signed_up", SignedUp, _notify_signed_up, queue=_QUEUE)
NOTIFY_ANNOUNCEMENT_SLICE = Job(
    "notifications.notify_announcement_slice", AnnouncementSlice, _notify_announcements, queue=_QUEUE, batch_max=1
)
NOTIFY_POLL_SLICE = Job("notifications.notify_poll_slice", PollSlice, _notify_poll_slices, queue=_QUEUE, batch_max=1)
NOTIFY_EDIT_SLICE = Job("notifications.notify_edit_slice", EditSlice, _notify_edit_slices, queue=_QUEUE, batch_max=1)

MERGE_REQUESTS = Job("notifications.merge_requests", RequestsAccepted, _merge_requests, queue=_QUEUE, batch_max=1)
DROP_DISMISSED = Job("notifications.drop_dismissed", RequestsDismissed, _drop_dismissed, queue="maintenance")

FORGET_STATUS = Job("notifications.forget_status", StatusDeleted, _forget_status, queue="maintenance")
FORGET_FAVOURITE = Job("notifications.forget_favourite", StatusUnfavourited, _forget_favourite, queue=_QUEUE)
FORGET_FOLLOW = Job("notifications.forget_follow", Unfollowed, _forget_follow, queue=_QUEUE)
FORGET_FOLLOW_REQUEST = Job(
    "notifications.forget_follow_request", FollowRequestRemoved, _forget_follow_request, queue=_QUEUE
)
FORGET_BLOCKED = Job("notifications.forget_blocked", Blocked, _forget_blocked, queue=_QUEUE)
ERASE_ACCOUNT = Job("notifications.erase_account", AccountDeleted, _erase_account, queue="maintenance", batch_max=1)

SLICES = (NOTIFY_ANNOUNCEMENT_SLICE, NOTIFY_POLL_SLICE, NOTIFY_EDIT_SLICE)
"""Jobs that jobs enqueue themselves."""
