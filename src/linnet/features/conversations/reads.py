"""Questions about conversations. Each takes the viewer; what the viewer may not see does not exist."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from linnet.features.accounts.models import Viewer
from linnet.features.conversations.models import (
    CONTEXT_MAX,
    UNREAD_AMONG,
    VERSIONS_MAX,
    Conversation,
    ConversationPage,
    Message,
    Messages,
    Standing,
    Told,
    Unread,
)
from linnet.features.conversations.store import loading, marks, members, threads, visible
from linnet.features.statuses.models import Version
from linnet.platform.engines import Engines
from linnet.platform.errors import NotFound
from linnet.platform.paging import Window
from linnet.platform.postgres import Queries

INBOX = (Standing.ACCEPTED,)
REQUESTS = (Standing.REQUESTED,)
EVERYTHING = (Standing.ACCEPTED, Standing.REQUESTED)
"""What clients see that know nothing of requests."""


async def page(
    engines: Engines, viewer: Viewer, window: Window, standings: Collection[Standing] = INBOX
) -> ConversationPage:
    """A page of the viewer's conversations, the one with the latest message first. Three statements."""
    found = await threads.page(engines.db, viewer.account_id, window, standings)
    return await _whole(engines, viewer, found)


async def show(engines: Engines, viewer: Viewer, conversation_id: int) -> ConversationPage:
    """One of the viewer's conversations, also one they have declined; `NotFound` when a block closes it."""
    found = await threads.load(engines.db, viewer.account_id, [conversation_id])
    if not found:
        raise NotFound
    return await _whole(engines, viewer, found)


async def _whole(engines: Engines, viewer: Viewer, found: Sequence[Conversation]) -> ConversationPage:
    if not found:
        return ConversationPage()
    newest = [one.newest_id for one in found if one.newest_id is not None]
    reads = await threads.reads(engines.db, viewer.account_id, [one.id for one in found])
    return ConversationPage(
        tuple(replace(one, reads=reads.get(one.id, {})) for one in found),
        await hydrate(engines, viewer, newest),
    )


async def hydrate(engines: Engines, viewer: Viewer | None, ids: Sequence[int]) -> Messages:
    """Those of `ids` that are messages the viewer may see, in their order. One statement, none for no ids."""
    return await loading.load(engines.db, viewer.account_id, ids) if viewer and ids else Messages(row_ids=tuple(ids))


async def heard(engines: Engines, viewer: Viewer, ids: Sequence[int]) -> Messages:
    """Those of `ids` that the viewer hears of as they are said, in their order. One statement.

    Nothing of conversations they have declined, or by people they have blocked.
    """
    return await loading.heard(engines.db, viewer.account_id, ids)


async def since(engines: Engines, viewer: Viewer, after_id: int, limit: int) -> Messages:
    """The newest `limit` messages after one that the viewer hears of, oldest first."""
    return await heard(engines, viewer, await loading.since(engines.db, viewer.account_id, after_id, limit))


async def some(engines: Engines, viewer: Viewer, ids: Sequence[int]) -> ConversationPage:
    """Those of the viewer's conversations with these ids that they have not declined."""
    found = await threads.load(engines.db, viewer.account_id, ids)
    return await _whole(engines, viewer, [one for one in found if one.standing is not Standing.DECLINED])


async def message(db: Queries, viewer: Viewer | None, message_id: int) -> Message:
    """One message; `NotFound` when there is none, or not for this viewer."""
    found = await loading.load(db, viewer.account_id, [message_id]) if viewer else Messages()
    if message_id not in found.by_id:
        raise NotFound
    return found.by_id[message_id]


async def visible_pairs(db: Queries, pairs: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    """Of pairs (viewer id, message id) those whose viewer may see the message. One statement, none for no pairs."""
    return await visible.visible_pairs(db, pairs) if pairs else set()


async def visible_words(db: Queries, pairs: Collection[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """Of such pairs those whose viewer may see the message, and its warning or else its text. One statement or none."""
    return await visible.visible_words(db, pairs) if pairs else {}


async def audience(db: Queries, message_ids: Collection[int]) -> list[tuple[int, int, int]]:
    """Who is to hear of messages: (member, author, message). See `store.visible.audience`."""
    return await visible.audience(db, message_ids) if message_ids else []


async def messages(engines: Engines, viewer: Viewer, conversation_id: int, window: Window) -> Messages:
    """A page of a conversation, newest first; `NotFound` when it is not the viewer's or a block closes it."""
    if not await threads.load(engines.db, viewer.account_id, [conversation_id]):
        raise NotFound
    ids = await loading.of_conversation(engines.db, viewer.account_id, conversation_id, window)
    return await hydrate(engines, viewer, ids)


async def around(engines: Engines, viewer: Viewer, message_id: int) -> tuple[Message, Messages, Messages]:
    """A message, and up to `CONTEXT_MAX` of its conversation before and after it, oldest first."""
    found = await message(engines.db, viewer, message_id)
    before = Window(max_id=message_id, limit=CONTEXT_MAX)
    after = Window(min_id=message_id, limit=CONTEXT_MAX)
    asking = viewer.account_id
    earlier = await loading.of_conversation(engines.db, asking, found.conversation_id, before)
    later = await loading.of_conversation(engines.db, asking, found.conversation_id, after)
    both = await hydrate(engines, viewer, [*earlier[::-1], *later[::-1]])
    return (
        found,
        both.only([one for one in both.ids if one < message_id]),
        both.only([one for one in both.ids if one > message_id]),
    )


async def history(engines: Engines, viewer: Viewer, message_id: int) -> tuple[Message, list[Version]]:
    """A message and every wording it has had, the present one last."""
    one = await message(engines.db, viewer, message_id)
    written_at = one.edited_at or one.created_at
    now = Version(one.text, one.html, one.spoiler_text, one.sensitive, written_at, media=one.media)
    return one, [*await loading.versions(engines.db, message_id, VERSIONS_MAX), now]


async def favouriters(engines: Engines, viewer: Viewer, message_id: int, window: Window) -> loading.Keyed:
    """A page of account ids that favourited a message, with the ids it is paged by."""
    await message(engines.db, viewer, message_id)
    return await loading.favouriters(engines.db, viewer.account_id, message_id, window)


async def favourites(engines: Engines, viewer: Viewer, window: Window) -> loading.Keyed:
    """A page of the messages the viewer has favourited: ids it is paged by, and of the messages."""
    return await marks.favourites(engines.db, viewer.account_id, window)


async def bookmarks(engines: Engines, viewer: Viewer, window: Window) -> loading.Keyed:
    """A page of the messages the viewer has bookmarked: ids it is paged by, and of the messages."""
    return await marks.bookmarks(engines.db, viewer.account_id, window)


async def sent(engines: Engines, viewer: Viewer, window: Window) -> Messages:
    """A page of what the viewer has said in the conversations they are in, newest first: for an export of their own."""
    return await hydrate(engines, viewer, await loading.sent_by(engines.db, viewer.account_id, window))


async def unread(engines: Engines, viewer: Viewer) -> Unread:
    """How many of the viewer's `UNREAD_AMONG` latest conversations have something unread."""
    return await threads.unread(engines.db, viewer.account_id, UNREAD_AMONG)


async def told(engines: Engines, viewer: Viewer) -> Told:
    """What the viewer lets others know."""
    return await members.told(engines.db, viewer.account_id)
