"""What people do with statuses: each verb checks, acts in one transaction and records one event."""

from dataclasses import replace

from linnet.features.accounts.models import Viewer
from linnet.features.media.attachments import reads as attached
from linnet.features.moderation import judging, rates
from linnet.features.moderation.rates import Act
from linnet.features.statuses import drafts, folders, quoting, reads, replies, shelf, spending, wording
from linnet.features.statuses import judged as judging_statuses
from linnet.features.statuses.events import (
    StatusDeleted,
    StatusFavourited,
    StatusPosted,
    StatusReblogged,
    StatusUnfavourited,
)
from linnet.features.statuses.judged import Judged
from linnet.features.statuses.models import (
    PINS_MAX,
    Draft,
    Status,
    Visibility,
)
from linnet.features.statuses.press import Press, Written
from linnet.features.statuses.store import hashtags, marks, posts
from linnet.features.statuses.wording import Wording
from linnet.platform.changes import Kind, change
from linnet.platform.engines import Engines, Transaction
from linnet.platform.errors import Conflict, Invalid, NotFound
from linnet.platform.live import Live


async def post(engines: Engines, viewer: Viewer, draft: Draft) -> tuple[int, Status | None]:
    """Publish a draft; the status and its id. A repeated idempotency key gives only the id, of the first time.

    Raises `Invalid` for words or media that break a rule, and when an author does not let the viewer answer or quote;
    `NotFound` when what it answers or quotes is not there for the viewer, `TooOften` for more than one may post,
    `Conflict` for a post for later that is not on the list any more, and as `judging.stop` does for words that the
    engine does not let pass.
    """
    draft = drafts.tidied(draft)
    now = engines.clock.now()
    press = engines.config(Press)
    await engines.db.let_go()
    # What a repeated request answers, quotes or shows may be gone or taken: then its key has to be known first.
    refers = draft.in_reply_to_id is not None or draft.quoted_id is not None or bool(draft.media_ids)
    is_current = not (refers and draft.idempotency_key) and await engines.changes.catch_up()
    beginning = posts.Beginning(viewer.account_id, draft.idempotency_key, now)
    blank = await press.begin(beginning, is_current=is_current)
    if blank.earlier_id is not None:
        return blank.earlier_id, None
    draft = drafts.with_defaults(draft, blank.defaults)
    assert draft.visibility is not Visibility.DIRECT, "what is said in private is a message, and no status"
    parent = await drafts.parent(engines.db, viewer, draft.in_reply_to_id)
    if parent is not None:
        await replies.check(engines.db, viewer, parent)
    if draft.quoted_id is not None:
        draft = replace(draft, quoted_id=await quoting.quotable(engines.db, viewer, draft.quoted_id))
    try:
        media = await attached.attachable(engines.db, viewer, draft.media_ids)
    except Invalid:  # a repeated request that runs at the same time may show them by now
        blank = await press.begin(beginning, is_current=False)
        if blank.earlier_id is None:
            raise
        return blank.earlier_id, None
    words = await wording.parse(engines, engines.db, draft.text)
    weighed = await judging_statuses.weigh_draft(engines, viewer, draft, words, parent)
    if draft.scheduled_id is not None:
        weighed = judging_statuses.unattended(weighed)
    if weighed.stops:
        blank = await press.begin(beginning, is_current=False)
        if blank.earlier_id is not None:
            return blank.earlier_id, None
        await judging.stop(engines, weighed)
    judged = await judging_statuses.settle(engines, weighed)
    spent = await spending.spend_post(engines, viewer, draft.text, words.mention_ids, parent, len(media))
    status = drafts.published(draft, blank.id, viewer, words, parent, media, now)
    status = replace(status, moderated=judged.moderated)
    if not await _publish(engines, draft, judged, status, words, announced=blank.announced):
        await rates.give_back(engines, spent)
        return await _id_of_other(engines, viewer, draft), None
    return status.id, status


async def _publish(
    engines: Engines, draft: Draft, judged: Judged, status: Status, words: Wording, *, announced: bool
) -> bool:
    """Write a status, and tell of it; False when it was written by another request.

    Who else may hear of one that is withheld is told once it is released.
    """
    tags = await hashtags.learn(engines.db, words.tag_names, words.tag_display_names)
    tag_ids = tuple(tags) if status.visibility is Visibility.PUBLIC and not judged.is_quiet else ()
    notable = announced or bool(words.mention_ids) or draft.quoted_id is not None
    links = wording.may_link(draft.text) and not status.media
    posted = StatusPosted(
        status.id, status.account_id, notable and not judged.withheld, tag_ids, links and not judged.withheld
    )
    await engines.db.let_go()
    if not await engines.config(Press).insert(Written(judged.row(drafts.row(status, draft)), posted)):
        return False
    await judging_statuses.count(engines, judged)
    shelf.learn(engines, status)
    related = [one for one in (status.in_reply_to_id, draft.quoted_id) if one is not None and not judged.withheld]
    told = [change(Kind.STATUS, one) for one in related]
    told += [change(Kind.TAGGED, tag_id, status.id) for tag_id in tag_ids if tags[tag_id]]
    if engines.replicas:
        told.append(change(Kind.WRITER, status.account_id))
    await engines.changes.tell(told)
    return True


async def _id_of_other(engines: Engines, viewer: Viewer, draft: Draft) -> int:
    """The status that another request has made of a draft; raises as `post` where that is none, but was in the way."""
    if draft.idempotency_key is not None:
        other_id = await posts.id_of_key(engines.db, viewer.account_id, draft.idempotency_key)
        if other_id is not None:
            return other_id
    await attached.attachable(engines.db, viewer, draft.media_ids)
    raise Conflict("This post was published, moved or called off by another request.")


async def retract(engines: Engines, viewer: Viewer, status_id: int) -> None:
    """Delete one's own status; `NotFound` when it is not there or not theirs."""
    async with engines.transaction() as tx:
        if not await retract_within(engines, tx, viewer, status_id):
            raise NotFound


async def retract_within(engines: Engines, tx: Transaction, viewer: Viewer, status_id: int) -> bool:
    """Delete a status of the viewer as part of what else happens; False when it is not there or not theirs."""
    retracted = await posts.retract(tx, viewer.account_id, status_id, engines.clock.now())
    if retracted is None:
        return False
    gone, related = retracted
    tx.changed(Kind.STATUS, status_id)
    tx.changed(Kind.WRITER, viewer.account_id)
    for related_id in related:
        _mark_changed(tx, viewer, related_id)
    tx.live(Live.DELETED, *gone.numbers)
    await tx.record(StatusDeleted(status_id=status_id, account_id=viewer.account_id))
    return True


async def reblog(engines: Engines, viewer: Viewer, status_id: int, visibility: Visibility | None = None) -> int:
    """Pass a status on to one's followers; the reblog's id. A second time gives the first one's. Raises `TooOften`."""
    now = engines.clock.now()
    async with engines.transaction() as tx:
        target = await _held(tx, viewer, status_id)
        own_private = target.visibility is Visibility.PRIVATE and target.account_id == viewer.account_id
        if target.visibility not in {Visibility.PUBLIC, Visibility.UNLISTED} and not own_private:
            raise NotFound
        if target.visibility is Visibility.PRIVATE or visibility is Visibility.DIRECT:
            visibility = Visibility.PRIVATE
        reblog_id = await posts.new_id(tx, now)
        made = await posts.insert_reblog(
            tx, reblog_id, viewer.account_id, target.id, target.thread_id, visibility or Visibility.PUBLIC, now
        )
        if not made:
            earlier = await posts.reblog_id_of(tx, viewer.account_id, target.id)
            if earlier is None:
                raise NotFound
            return earlier
        await rates.spend(engines, viewer.account_id, {Act.POSTS: 1}, tx=tx)
        _mark_changed(tx, viewer, target.id)
        await tx.record(StatusReblogged(reblog_id=reblog_id, status_id=target.id, account_id=viewer.account_id))
    return reblog_id


async def unreblog(engines: Engines, viewer: Viewer, status_id: int) -> int:
    """Take one's reblog of a status back, if there is one; the id of the original.

    This and the two others that take back ask no leave: who may not see a status any more can still let go of it.
    """
    async with engines.transaction() as tx:
        target_id = await _subject_id(tx, viewer, status_id)
        reblog_id = await posts.reblog_id_of(tx, viewer.account_id, target_id)
        if reblog_id is not None:
            await retract_within(engines, tx, viewer, reblog_id)
    return target_id


async def favourite(engines: Engines, viewer: Viewer, status_id: int) -> int:
    """Favourite a status; its id (of a reblog, the original's)."""
    async with engines.transaction() as tx:
        target = await _held(tx, viewer, status_id)
        if await marks.favourite(tx, viewer.account_id, target.id, engines.clock.now()):
            _mark_changed(tx, viewer, target.id)
            await tx.record(StatusFavourited(status_id=target.id, account_id=viewer.account_id))
    return target.id


async def unfavourite(engines: Engines, viewer: Viewer, status_id: int) -> int:
    """Take a favourite back; the status's id."""
    async with engines.transaction() as tx:
        target_id = await _subject_id(tx, viewer, status_id)
        if await marks.unfavourite(tx, viewer.account_id, target_id):
            _mark_changed(tx, viewer, target_id)
            await tx.record(StatusUnfavourited(status_id=target_id, account_id=viewer.account_id))
    return target_id


async def bookmark(engines: Engines, viewer: Viewer, status_id: int, folder_id: int | None = None) -> int:
    """Keep a status for later, in private; its id.

    In one of the viewer's folders (else `NotFound`), with 0 in none; None leaves one that is kept where it is.
    """
    async with engines.transaction() as tx:
        target = await _held(tx, viewer, status_id)
        if folder_id:
            await folders.hold(tx, viewer, folder_id)
        await marks.bookmark(tx, viewer.account_id, target.id, engines.clock.now(), folder_id)
        tx.changed(Kind.MARK, viewer.account_id, target.id)
    return target.id


async def unbookmark(engines: Engines, viewer: Viewer, status_id: int) -> int:
    """Drop a bookmark; the status's id."""
    async with engines.transaction() as tx:
        target_id = await _subject_id(tx, viewer, status_id)
        await marks.unbookmark(tx, viewer.account_id, target_id)
        tx.changed(Kind.MARK, viewer.account_id, target_id)
    return target_id


async def pin(engines: Engines, viewer: Viewer, status_id: int) -> int:
    """Show one's own status on top of one's profile; at most `PINS_MAX`."""
    async with engines.transaction() as tx:
        await posts.hold(tx, status_id)
        status = await reads.visible(tx, viewer, status_id)
        if status.account_id != viewer.account_id:
            raise Invalid("Validation failed: Someone else's post cannot be pinned")
        if status.reblog_of_id is not None:
            raise Invalid("Validation failed: A boost cannot be pinned")
        if status.visibility is Visibility.DIRECT:
            raise Invalid("Validation failed: Posts that are only visible to mentioned users cannot be pinned")
        if not await marks.pin(tx, viewer.account_id, status.id, engines.clock.now(), PINS_MAX):
            raise Invalid("Validation failed: You have already pinned the maximum number of posts")
        tx.changed(Kind.MARK, viewer.account_id, status.id)
    return status.id


async def unpin(engines: Engines, viewer: Viewer, status_id: int) -> int:
    """Take one's own status off the top of one's profile."""
    async with engines.transaction() as tx:
        status = await reads.visible(tx, viewer, status_id)
        await marks.unpin(tx, viewer.account_id, status.id)
        tx.changed(Kind.MARK, viewer.account_id, status.id)
    return status.id


async def mute_thread(engines: Engines, viewer: Viewer, status_id: int) -> int:
    """Hear no more of the thread a status belongs to; the status's id."""
    async with engines.transaction() as tx:
        status = await reads.subject(tx, viewer, status_id)
        await marks.mute_thread(tx, viewer.account_id, status.thread_id)
        tx.changed(Kind.VIEWER, viewer.account_id)
    return status.id


async def unmute_thread(engines: Engines, viewer: Viewer, status_id: int) -> int:
    """Hear of the thread again; the status's id."""
    async with engines.transaction() as tx:
        status = await reads.subject(tx, viewer, status_id)
        await marks.unmute_thread(tx, viewer.account_id, status.thread_id)
        tx.changed(Kind.VIEWER, viewer.account_id)
    return status.id


def _mark_changed(tx: Transaction, viewer: Viewer, status_id: int) -> None:
    """Note that the viewer did or undid something with a status which is counted."""
    tx.changed(Kind.STATUS, status_id)
    tx.changed(Kind.MARK, viewer.account_id, status_id)


async def _subject_id(tx: Transaction, viewer: Viewer, status_id: int) -> int:
    """The id of the status a reader means; of what they may not see any more just what they said."""
    try:
        return (await reads.subject(tx, viewer, status_id)).id
    except NotFound:
        return status_id


async def _held(tx: Transaction, viewer: Viewer, status_id: int) -> Status:
    """The status a reader means by an id, which nobody can take back while the transaction lasts."""
    await posts.hold(tx, status_id)
    status = await reads.subject(tx, viewer, status_id)
    return status if status.id == status_id else await _held(tx, viewer, status.id)
