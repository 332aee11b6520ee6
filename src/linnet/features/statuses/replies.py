"""Who may answer: an author decides for a post, and for the thread that it begins, and takes answers out of sight."""

from typing import Final

from linnet.features.accounts.models import Viewer
from linnet.features.statuses import reads
from linnet.features.statuses.events import ReplyHidden
from linnet.features.statuses.models import Hydrated, ReplyPolicy, Status
from linnet.features.statuses.store import pages, posts
from linnet.features.statuses.store import replies as store
from linnet.platform.changes import Kind
from linnet.platform.engines import Engines, Transaction
from linnet.platform.errors import Forbidden, Invalid
from linnet.platform.live import Live
from linnet.platform.paging import Window
from linnet.platform.postgres import Queries

_SENTENCES: Final = {
    ReplyPolicy.FOLLOWERS: "Only followers of the author, and people they mention, can reply to this post.",
    ReplyPolicy.FOLLOWED: "Only people whom the author follows or mentions can reply to this post.",
    ReplyPolicy.MENTIONED: "Only people whom the author mentions can reply to this post.",
    ReplyPolicy.NOBODY: "The author does not take replies to this post.",
}


async def check(db: Queries, viewer: Viewer, answered: Status) -> None:
    """Raise `Invalid` when the author of what is answered, or of what began its thread, does not let the viewer.

    No statement for what begins a thread that everybody, or its author, may go on with.
    """
    begins = answered.thread_id == answered.id
    if begins and (answered.reply_policy is ReplyPolicy.EVERYONE or answered.account_id == viewer.account_id):
        return
    refusing = await store.refusing(db, viewer.account_id, {answered.id, answered.thread_id})
    if refusing is not None:
        raise Invalid(_SENTENCES[refusing])


async def hide(engines: Engines, viewer: Viewer, status_id: int) -> int:
    """Take an answer out of its thread, where it is found among the hidden ones; its id.

    Raises `Forbidden` unless the viewer began the thread, or wrote what is answered.
    """
    async with engines.transaction() as tx:
        answer = await _answer(tx, viewer, status_id)
        if await store.hide(tx, answer.id, engines.clock.now()):
            await _changed(tx, viewer, answer)
    return answer.id


async def unhide(engines: Engines, viewer: Viewer, status_id: int) -> int:
    """Put a hidden answer back into its thread; its id. Raises as `hide`."""
    async with engines.transaction() as tx:
        answer = await _answer(tx, viewer, status_id)
        if await store.unhide(tx, answer.id):
            await _changed(tx, viewer, answer)
    return answer.id


async def hidden(engines: Engines, viewer: Viewer | None, status_id: int, window: Window) -> Hydrated:
    """A page of the hidden answers in the thread that a status belongs to, the latest first."""
    status = await reads.subject(engines.db, viewer, status_id)
    ids = await pages.hidden(engines.db, reads.viewer_id(viewer), status.thread_id, window)
    return await reads.hydrate(engines, viewer, ids)


async def _answer(tx: Transaction, viewer: Viewer, status_id: int) -> Status:
    """An answer that the viewer may hide; nobody can take it back while the transaction lasts."""
    await posts.hold(tx, status_id)
    answer = await reads.visible(tx, viewer, status_id)
    if answer.in_reply_to_id is None:
        raise Invalid("This post is no reply.")
    if answer.account_id == viewer.account_id:
        raise Invalid("You can delete your own reply instead.")
    if answer.in_reply_to_account_id != viewer.account_id:
        beginner = await store.author_of_thread(tx, answer.thread_id)
        if beginner != viewer.account_id:
            raise Forbidden("Only who began the thread, or is answered, can hide a reply.")
    return answer


async def _changed(tx: Transaction, viewer: Viewer, answer: Status) -> None:
    tx.changed(Kind.STATUS, answer.id)
    tx.live(Live.EDITED, answer.id)
    await tx.record(ReplyHidden(status_id=answer.id, account_id=viewer.account_id))
