"""What people do with messages once they are said: reword, take back, put out of sight, favourite, bookmark."""

from dataclasses import replace

from linnet.features.accounts.models import Viewer
from linnet.features.conversations import reads, requests
from linnet.features.conversations.events import (
    MessageDeleted,
    MessageEdited,
    MessageFavourited,
    MessageUnfavourited,
)
from linnet.features.conversations.models import Message, Revision
from linnet.features.conversations.store import marks, threads, writing
from linnet.features.media.actions import check_number
from linnet.features.media.attachments import actions as attachments
from linnet.features.media.models import Media
from linnet.features.statuses import drafts, wording
from linnet.features.statuses import text as texts
from linnet.platform.changes import Kind
from linnet.platform.engines import Engines, Transaction
from linnet.platform.errors import Forbidden, NotFound
from linnet.platform.live import Live


async def edit(engines: Engines, viewer: Viewer, message_id: int, revision: Revision) -> None:
    """Give one's own message a new wording; the old one stays in its history. Whom it names adds nobody.

    `NotFound` when it is not there or not theirs, `Forbidden` where a block closes the conversation.
    """
    revision = replace(revision, text=texts.clean(revision.text), spoiler_text=texts.clean(revision.spoiler_text))
    check_number(revision.media_ids)
    wording.check(revision.text, revision.spoiler_text, shows=bool(revision.media_ids))
    weighed = await requests.weigh(engines, viewer, revision.spoiler_text, revision.text, revision.language)
    async with requests.judged(engines, weighed), engines.transaction() as tx:
        await writing.hold(tx, message_id)
        before = await _own(tx, viewer, message_id)
        sensitive = revision.sensitive or bool(revision.spoiler_text)
        language = drafts.language(revision.language) or before.language
        media = await _shown(engines, tx, before, revision)
        wanted = (revision.text, revision.spoiler_text, sensitive, language, media)
        if wanted == (before.text, before.spoiler_text, before.sensitive, before.language, before.media):
            return
        floor = await threads.floor(tx, before.conversation_id, viewer.account_id)
        if floor is None or not floor.is_open:
            raise Forbidden("You cannot write to this account.")
        waits = len(floor.member_ids) > 1 and floor.listeners == 0
        if waits:
            requests.check(weighed)
            await requests.keep(tx, weighed, message_id, engines.clock.now())
        words = await wording.parse(engines, tx, revision.text)
        await writing.revise(
            tx,
            before,
            text=revision.text,
            html=words.html,
            spoiler_text=revision.spoiler_text,
            sensitive=sensitive,
            language=language,
            media_count=len(media),
            at=engines.clock.now(),
        )
        for member_id in before.member_ids:
            tx.live(Live.MESSAGE_EDITED, message_id, member_id)
            tx.live(Live.CONVERSATION, before.conversation_id, member_id)
        await tx.record(
            MessageEdited(message_id=message_id, conversation_id=before.conversation_id, account_id=viewer.account_id)
        )


async def _shown(engines: Engines, tx: Transaction, before: Message, revision: Revision) -> tuple[Media, ...]:
    """What the message shows from now on."""
    if not revision.media_ids and not before.media:
        return ()
    return await attachments.revise(
        engines,
        tx,
        before.media,
        account_id=before.account_id,
        status_id=before.id,
        media_ids=revision.media_ids,
        captions=revision.captions,
    )


async def retract(engines: Engines, viewer: Viewer, message_id: int) -> None:
    """Take one's own message back for everybody, also from a group one has left; `NotFound` when it is not theirs."""
    async with engines.transaction() as tx:
        await writing.hold(tx, message_id)  # whoever marks it now comes first, and their mark goes with it
        gone = await writing.retract(tx, viewer.account_id, message_id, engines.clock.now())
        if gone is None:
            raise NotFound
        conversation_id, reader_ids = gone
        for reader_id in reader_ids:
            _gone(tx, message_id, conversation_id, reader_id)
        tx.changed(Kind.MEDIA, message_id)
        await tx.record(
            MessageDeleted(message_id=message_id, conversation_id=conversation_id, account_id=viewer.account_id)
        )


async def remove(engines: Engines, viewer: Viewer, message_id: int) -> None:
    """Put a message, whoever wrote it, out of one's own sight for good. Nothing follows from it."""
    async with engines.transaction() as tx:
        message = await _held(tx, viewer, message_id)
        await writing.remove(tx, viewer.account_id, message_id)
        _gone(tx, message_id, message.conversation_id, viewer.account_id)


def _gone(tx: Transaction, message_id: int, conversation_id: int, account_id: int) -> None:
    tx.live(Live.MESSAGE_DELETED, message_id, conversation_id, account_id)
    tx.live(Live.CONVERSATION, conversation_id, account_id)


async def favourite(engines: Engines, viewer: Viewer, message_id: int) -> None:
    """Favourite a message."""
    async with engines.transaction() as tx:
        await _held(tx, viewer, message_id)
        if await marks.favourite(tx, viewer.account_id, message_id, engines.clock.now()):
            await tx.record(MessageFavourited(message_id=message_id, account_id=viewer.account_id))


async def unfavourite(engines: Engines, viewer: Viewer, message_id: int) -> None:
    """Take a favourite back."""
    async with engines.transaction() as tx:
        await _held(tx, viewer, message_id)
        if await marks.unfavourite(tx, viewer.account_id, message_id):
            await tx.record(MessageUnfavourited(message_id=message_id, account_id=viewer.account_id))


async def bookmark(engines: Engines, viewer: Viewer, message_id: int) -> None:
    """Keep a message for later."""
    async with engines.transaction() as tx:
        await _held(tx, viewer, message_id)
        await marks.bookmark(tx, viewer.account_id, message_id, engines.clock.now())


async def unbookmark(engines: Engines, viewer: Viewer, message_id: int) -> None:
    """Drop a bookmark."""
    await reads.message(engines.db, viewer, message_id)
    await marks.unbookmark(engines.db, viewer.account_id, message_id)


async def _own(tx: Transaction, viewer: Viewer, message_id: int) -> Message:
    found = await reads.message(tx, viewer, message_id)
    if found.account_id != viewer.account_id:
        raise NotFound
    return found


async def _held(tx: Transaction, viewer: Viewer, message_id: int) -> Message:
    """A message that nobody can take back while the transaction lasts."""
    await writing.hold(tx, message_id)
    return await reads.message(tx, viewer, message_id)
