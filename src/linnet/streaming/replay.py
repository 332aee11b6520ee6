"""What a reader missed who comes back: out of the same reads as the timelines, oldest first, and bounded."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Final, cast

import msgspec

from linnet.features.accounts.models import Viewer
from linnet.features.conversations import reads as conversations
from linnet.features.filters.models import Context
from linnet.features.filters.reads import without_hidden
from linnet.features.notifications import reads as notifications
from linnet.features.notifications.models import Choice
from linnet.features.search import listed
from linnet.features.search import saved as searches
from linnet.features.statuses import reads as statuses
from linnet.features.statuses.models import Hydrated
from linnet.features.timelines import reads as timelines
from linnet.mastodon.presenters.conversations import present_conversations
from linnet.mastodon.presenters.encoded import encoded_statuses
from linnet.mastodon.presenters.messages import present_messages
from linnet.mastodon.presenters.notifications import present_notifications
from linnet.platform.engines import Engines
from linnet.platform.errors import NotFound
from linnet.platform.ids import made_at
from linnet.platform.paging import Window
from linnet.streaming.channels import MEDIA, PUBLICS, TAGGED, Channel, Stream
from linnet.streaming.limits import REPLAY_EDITED_AMONG, REPLAY_MAX, REPLAY_OVERLAP_MS
from linnet.streaming.listeners import Listener
from linnet.streaming.messages import Event, Message

_OVERLAP: Final = REPLAY_OVERLAP_MS << 16
"""In ids."""

_encode = msgspec.json.Encoder().encode


class _Identified(msgspec.Struct):
    """Of an encoded status no more than which one it is: some of a page may be gone by the time it is encoded."""

    id: str


_identified = msgspec.json.Decoder(_Identified)


async def missed(engines: Engines, listener: Listener, channel: Channel, last_id: int) -> list[Message]:
    """What came on a channel after what `last_id` names, by id; the newest where it is too much.

    Before it what has another wording since, of the `REPLAY_EDITED_AMONG` newest that the reader may have. A fixed
    number of statements. What was deleted meanwhile is not told of.
    """
    window = Window(since_id=max(last_id - _OVERLAP, 0), limit=REPLAY_MAX)
    found = await _reworded(engines, listener.viewer, channel, last_id)
    found += await _statuses(engines, listener.viewer, channel, window)
    if channel.stream in {Stream.USER, Stream.USER_NOTIFICATION} and listener.hears_notifications:
        found += await _notifications(engines, listener.viewer, channel, window)
    if channel.stream is Stream.MESSAGES:
        found += await _messages(engines, listener.viewer, channel, window)
    if channel.stream is Stream.DIRECT:
        found += await _conversations(engines, listener.viewer, channel, window)
    return sorted((one for one in found if one.position != last_id), key=lambda one: one.position)


async def _statuses(engines: Engines, viewer: Viewer, channel: Channel, window: Window) -> list[Message]:
    page = await _page(engines, viewer, channel, window)
    encoded = cast("Sequence[msgspec.Raw]", await encoded_statuses(engines, viewer, page))
    return [
        Message(channel.names, Event.UPDATE, bytes(one), position=int(_identified.decode(one).id)) for one in encoded
    ]


async def _reworded(engines: Engines, viewer: Viewer, channel: Channel, last_id: int) -> list[Message]:
    """What was edited after what `last_id` names was made, and is not newer itself. It moves no reader on."""
    since = made_at(max(last_id - _OVERLAP, 0))
    page = await _page(engines, viewer, channel, Window(max_id=last_id + 1, limit=REPLAY_EDITED_AMONG))
    edited = [one.id for one in page if one.edited_at is not None and one.edited_at > since]
    encoded = cast("Sequence[msgspec.Raw]", await encoded_statuses(engines, viewer, page.only(edited)))
    return [Message(channel.names, Event.STATUS_UPDATE, bytes(one)) for one in encoded]


async def _page(engines: Engines, viewer: Viewer, channel: Channel, window: Window) -> Hydrated:
    """The timeline that a channel follows."""
    stream, of = channel.topic
    if stream is Stream.USER:
        return await timelines.home(engines, viewer, window)
    if stream in {*PUBLICS, *MEDIA}:
        return await timelines.public(engines, viewer, window, only_media=stream in MEDIA)
    if stream in TAGGED:
        return await timelines.tagged(engines, viewer, window, any_of=[str(of)])
    if stream is Stream.LIST:
        with suppress(NotFound):  # dropped since it was subscribed to
            return await listed.timeline(engines, viewer, int(of), window)
    if stream is Stream.SEARCH:
        with suppress(NotFound):
            found = await searches.timeline(engines, viewer, int(of), window)
            return await without_hidden(engines, viewer, await statuses.hydrate(engines, viewer, found), Context.PUBLIC)
    return Hydrated()


async def _notifications(engines: Engines, viewer: Viewer, channel: Channel, window: Window) -> list[Message]:
    page = await notifications.page(engines, viewer, window, Choice())
    return [
        Message(channel.names, Event.NOTIFICATION, _encode(one), position=int(one.id))
        for one in await present_notifications(engines, viewer, page)
    ]


async def _messages(engines: Engines, viewer: Viewer, channel: Channel, window: Window) -> list[Message]:
    said = await conversations.since(engines, viewer, window.floor, window.limit)
    return [
        Message(channel.names, Event.MESSAGE, _encode(one), position=int(one.id))
        for one in present_messages(engines, said)
    ]


async def _conversations(engines: Engines, viewer: Viewer, channel: Channel, window: Window) -> list[Message]:
    """Conversations in which something was said since, as they are now."""
    page = await conversations.page(engines, viewer, window, conversations.EVERYTHING)
    return [
        Message(channel.names, Event.CONVERSATION, _encode(one), position=int(one.last_status.id))
        for one in await present_conversations(engines, viewer, page)
        if one.last_status is not None
    ]
