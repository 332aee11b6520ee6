"""What people do with polls: vote."""

from collections.abc import Sequence

from linnet.features.accounts.models import Viewer
from linnet.features.statuses import reads
from linnet.features.statuses.polls import store
from linnet.features.statuses.polls.events import PollVoted
from linnet.features.statuses.polls.models import Poll, bits_of
from linnet.features.statuses.store import posts
from linnet.platform.changes import Kind
from linnet.platform.engines import Engines
from linnet.platform.errors import Invalid, NotFound
from linnet.platform.live import Live


async def vote(engines: Engines, viewer: Viewer, poll_id: int, choices: Sequence[int]) -> None:
    """Choose options of a poll by their places, once and for all.

    Raises `NotFound` when there is no such poll for the viewer (also when its status asks something else by now), and
    `Invalid` for one's own poll, one that is over, one already answered, or choices that it does not offer.
    """
    async with engines.transaction() as tx:
        status_id = await store.status_id_of(tx, poll_id)
        if status_id is None:
            raise NotFound
        await posts.hold(tx, status_id)
        status = await reads.visible(tx, viewer, status_id)
        poll, now = status.poll, engines.clock.now()
        if poll is None or poll.id != poll_id:
            raise NotFound
        if status.account_id == viewer.account_id:
            raise Invalid("You cannot vote in your own poll.")
        if poll.is_closed or poll.expires_at <= now:
            raise Invalid("This poll is over.")
        ballot = bits_of(_chosen(poll, choices))
        if not await store.vote(tx, viewer.account_id, status_id, poll_id, ballot, now):
            raise Invalid("You have already voted in this poll.")
        tx.changed(Kind.STATUS, status_id)
        tx.live(Live.TOUCHED, status_id)
        tx.changed(Kind.MARK, viewer.account_id, status_id)
        tx.changed(Kind.WRITER, viewer.account_id)
        await tx.record(PollVoted(poll_id=poll_id, status_id=status_id, account_id=viewer.account_id))


def _chosen(poll: Poll, choices: Sequence[int]) -> set[int]:
    chosen = set(choices)
    if not chosen:
        raise Invalid("Choose at least one option.")
    if not chosen <= set(range(len(poll.options))):
        raise Invalid("This poll has no such option.")
    if len(chosen) > 1 and not poll.multiple:
        raise Invalid("This poll takes one option only.")
    return chosen
