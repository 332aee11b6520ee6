"""What members do about a conversation: answer a request, read, hide, clear, mute, leave, take people in.

What concerns nobody else is one statement and records nothing.
"""

from collections.abc import Iterable

from linnet.features.accounts.models import Viewer
from linnet.features.conversations import reads
from linnet.features.conversations.events import ConversationRead, ConversationRenamed, MembersChanged
from linnet.features.conversations.models import MEMBERS_MAX, Conversation, Standing, Told
from linnet.features.conversations.sending import check_asked, check_company, check_title
from linnet.features.conversations.store import members as store
from linnet.features.conversations.store import threads
from linnet.features.statuses import text as texts
from linnet.platform import live
from linnet.platform.engines import Engines, Transaction
from linnet.platform.errors import Invalid, NotFound
from linnet.platform.live import Live


async def accept(engines: Engines, viewer: Viewer, conversation_id: int) -> None:
    """Let those who wrote to one in; also after declining it. `NotFound` when one is no member."""
    await _answer(engines, viewer, conversation_id, Standing.ACCEPTED)


async def decline(engines: Engines, viewer: Viewer, conversation_id: int) -> None:
    """Want nothing of a conversation: it is in no list, and nobody is told of it or by it any more."""
    await _answer(engines, viewer, conversation_id, Standing.DECLINED)


async def _answer(engines: Engines, viewer: Viewer, conversation_id: int, standing: Standing) -> None:
    await _joined(engines, viewer, conversation_id)
    async with engines.transaction() as tx:
        await store.answer(tx, viewer.account_id, conversation_id, standing)
        tx.live(Live.CONVERSATION, conversation_id, viewer.account_id)


async def read(engines: Engines, viewer: Viewer, conversation_id: int, message_id: int | None = None) -> None:
    """Have read a conversation up to a message, or all of it."""
    await _joined(engines, viewer, conversation_id)
    async with engines.transaction() as tx:
        read_id = await store.read_up_to(tx, viewer.account_id, conversation_id, message_id)
        if read_id is not None:
            tx.live(Live.CONVERSATION, conversation_id, viewer.account_id)
            if (await store.told(tx, viewer.account_id)).reads:
                for listener_id in await store.listeners(tx, conversation_id, viewer.account_id):
                    tx.live(Live.CONVERSATION_READ, conversation_id, viewer.account_id, read_id, listener_id)
            await tx.record(
                ConversationRead(conversation_id=conversation_id, account_id=viewer.account_id, message_id=read_id)
            )


async def hide(engines: Engines, viewer: Viewer, conversation_id: int) -> None:
    """Take a conversation off one's list until somebody speaks in it again: Mastodon's way to delete one."""
    if not await store.hide(engines.db, viewer.account_id, conversation_id, clears=False):
        raise NotFound


async def clear(engines: Engines, viewer: Viewer, conversation_id: int) -> None:
    """Delete a conversation for oneself: all that was said in it until now is out of one's sight for good."""
    if not await store.hide(engines.db, viewer.account_id, conversation_id, clears=True):
        raise NotFound


async def mute(engines: Engines, viewer: Viewer, conversation_id: int, *, muted: bool) -> None:
    """Be notified of what is said in a conversation no more, or again."""
    if not await store.mute(engines.db, viewer.account_id, conversation_id, muted=muted):
        raise NotFound


async def rename(engines: Engines, viewer: Viewer, conversation_id: int, title: str) -> None:
    """Call a group something else. `Invalid` for a conversation of two, and for a title that is too long."""
    check_title(title)
    async with engines.transaction() as tx:
        await threads.lock(tx, conversation_id)
        member_ids = await _group(tx, viewer, conversation_id)
        await threads.rename(tx, conversation_id, texts.clean(title).strip())
        for member_id in member_ids:
            tx.live(Live.CONVERSATION, conversation_id, member_id)
        await tx.record(ConversationRenamed(conversation_id=conversation_id, account_id=viewer.account_id))


async def leave(engines: Engines, viewer: Viewer, conversation_id: int) -> None:
    """Leave a group, and see nothing of it any more. `Invalid` for a conversation of two."""
    async with engines.transaction() as tx:
        await threads.lock(tx, conversation_id)
        for member_id in await _group(tx, viewer, conversation_id):
            tx.live(Live.CONVERSATION, conversation_id, member_id)
        await store.leave(tx, viewer.account_id, conversation_id)
        await tx.record(MembersChanged(conversation_id=conversation_id, account_id=viewer.account_id))


async def add(engines: Engines, viewer: Viewer, conversation_id: int, account_ids: Iterable[int]) -> None:
    """Take people into a group; they see what is said from now on, and those who do not follow one are asked first.

    Raises `Invalid` for more than `MEMBERS_MAX` people and for a conversation of two, `NotFound` for people who are not
    there, `Forbidden` where there is a block between them and the viewer, `TooMany` for too many strangers.
    """
    async with engines.transaction() as tx:
        await threads.lock(tx, conversation_id)
        member_ids = await _group(tx, viewer, conversation_id)
        added_ids = sorted({*account_ids} - {*member_ids})
        if not added_ids:
            return
        if len(member_ids) + len(added_ids) > MEMBERS_MAX:
            raise Invalid(f"Validation failed: A conversation has at most {MEMBERS_MAX} people")
        await check_company(tx, viewer, added_ids)
        now = engines.clock.now()
        if await store.add(tx, viewer.account_id, conversation_id, added_ids, now):
            await check_asked(tx, viewer, now)
        for member_id in (*member_ids, *added_ids):
            tx.live(Live.CONVERSATION, conversation_id, member_id)
        await tx.record(
            MembersChanged(conversation_id=conversation_id, account_id=viewer.account_id, added_ids=tuple(added_ids))
        )


async def type_in(engines: Engines, viewer: Viewer, conversation_id: int) -> None:
    """Be typing: said to the others at this moment, unless one keeps it to oneself, and kept nowhere."""
    await _joined(engines, viewer, conversation_id)
    if (await store.told(engines.db, viewer.account_id)).typing:
        told = await store.listeners(engines.db, conversation_id, viewer.account_id)
        await live.tell(engines.bus, [live.hint(Live.TYPING, conversation_id, viewer.account_id, one) for one in told])


async def tell(engines: Engines, viewer: Viewer, *, reading: bool | None, typing: bool | None) -> Told:
    """Choose what others get to know: how far one has read, that one is typing. None leaves it as it is."""
    async with engines.transaction() as tx:
        now = await store.told(tx, viewer.account_id)
        told = Told(now.reads if reading is None else reading, now.typing if typing is None else typing)
        await store.tell(tx, viewer.account_id, told)
    return told


async def _joined(engines: Engines, viewer: Viewer, conversation_id: int) -> Conversation:
    return (await reads.show(engines, viewer, conversation_id)).items[0]


async def _group(tx: Transaction, viewer: Viewer, conversation_id: int) -> tuple[int, ...]:
    """Who is in a group that the viewer is in."""
    floor = await threads.floor(tx, conversation_id, viewer.account_id)
    if floor is None:
        raise NotFound
    if not floor.is_group:
        raise Invalid("Validation failed: Only a group has people who come and go")
    return floor.member_ids
