"""What is told of conversations: to each member what they may see of it, asked anew for each who listens."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import msgspec

from linnet.features.accounts.models import Viewer
from linnet.features.conversations import reads as conversations
from linnet.mastodon.presenters.conversations import present_conversations
from linnet.mastodon.presenters.messages import present_messages
from linnet.platform.engines import Engines
from linnet.platform.live import Hint, Live
from linnet.streaming.channels import Stream, Topic
from linnet.streaming.messages import Event, Message
from linnet.streaming.presenting import Delivery
from linnet.streaming.registry import Registry

HINTS_MAX: Final = 40
"""Messages, or conversations, of one account that are read at once."""

_encode = msgspec.json.Encoder().encode
_EVENTS: Final = {Live.MESSAGE: Event.MESSAGE, Live.MESSAGE_EDITED: Event.MESSAGE_UPDATE}


class DeletedMessage(msgspec.Struct):
    """Which message is gone."""

    id: str
    thread_id: str


class ReadThread(msgspec.Struct):
    """Who has read a thread, and up to which message."""

    thread_id: str
    account_id: str
    message_id: str


class Typing(msgspec.Struct):
    """Who is typing in a thread."""

    thread_id: str
    account_id: str


class Private:
    """Answers for one process who gets what of conversations."""

    def __init__(self, engines: Engines, registry: Registry) -> None:
        self._engines = engines
        self._registry = registry

    async def of(self, hints: Sequence[Hint]) -> list[Delivery]:
        """Who is told of these, and how. A fixed number of statements for each account that is here and concerned."""
        deliveries: list[Delivery] = []
        spoken: defaultdict[int, dict[int, Event]] = defaultdict(dict)
        changed: defaultdict[int, dict[int, None]] = defaultdict(dict)
        for hint in hints:
            match hint:
                case Hint(Live.MESSAGE | Live.MESSAGE_EDITED as kind, (message_id, account_id)):
                    if self._registry.has((Stream.MESSAGES, account_id)):
                        spoken[account_id].setdefault(message_id, _EVENTS[Live(kind)])
                case Hint(Live.CONVERSATION, (conversation_id, account_id)):
                    if self._registry.has((Stream.DIRECT, account_id)):
                        changed[account_id][conversation_id] = None
                case _:
                    deliveries += self._as_told(hint)
        for account_id, events in spoken.items():
            deliveries = [*await self._spoken(account_id, events), *deliveries]
        for account_id, ids in changed.items():
            deliveries += await self._changed(account_id, list(ids))
        return deliveries

    def _as_told(self, hint: Hint) -> list[Delivery]:
        """What a hint says in full, to whom who told it has found that it may be told."""
        match hint:
            case Hint(Live.MESSAGE_DELETED, (message_id, conversation_id, account_id)):
                gone = DeletedMessage(str(message_id), str(conversation_id))
                return self._own(account_id, Event.MESSAGE_DELETE, gone)
            case Hint(Live.CONVERSATION_READ, (conversation_id, reader_id, message_id, account_id)):
                read = ReadThread(str(conversation_id), str(reader_id), str(message_id))
                return self._own(account_id, Event.MESSAGE_READ, read)
            case Hint(Live.TYPING, (conversation_id, writer_id, account_id)):
                typing = Typing(str(conversation_id), str(writer_id))
                return self._own(account_id, Event.MESSAGE_TYPING, typing)
            case _:
                return []

    async def _spoken(self, account_id: int, events: dict[int, Event]) -> list[Delivery]:
        """New and reworded messages that the account hears of, the oldest first."""
        viewer, ids = self._viewer(account_id), sorted(events)
        if viewer is None:
            return []
        deliveries: list[Delivery] = []
        for at in range(0, len(ids), HINTS_MAX):
            heard = await conversations.heard(self._engines, viewer, ids[at : at + HINTS_MAX])
            for one in present_messages(self._engines, heard):
                event = events[int(one.id)]
                position = int(one.id) if event is Event.MESSAGE else 0
                deliveries += self._own(account_id, event, one, position)
        return deliveries

    async def _changed(self, account_id: int, ids: list[int]) -> list[Delivery]:
        """Conversations as the account has them now; not those it has declined."""
        viewer = self._viewer(account_id)
        if viewer is None:
            return []
        deliveries: list[Delivery] = []
        for at in range(0, len(ids), HINTS_MAX):
            page = await conversations.some(self._engines, viewer, ids[at : at + HINTS_MAX])
            for one in await present_conversations(self._engines, viewer, page):
                position = int(one.last_status.id) if one.last_status is not None else 0
                deliveries += self._deliveries((Stream.DIRECT, account_id), Event.CONVERSATION, _encode(one), position)
        return deliveries

    def _viewer(self, account_id: int) -> Viewer | None:
        reader = self._registry.readers.get(account_id)
        return None if reader is None else reader.viewer

    def _own(self, account_id: int, event: Event, payload: msgspec.Struct, position: int = 0) -> list[Delivery]:
        """What our own clients are told; nothing is encoded where none listens."""
        topic: Topic = (Stream.MESSAGES, account_id)
        return self._deliveries(topic, event, _encode(payload), position) if self._registry.has(topic) else []

    def _deliveries(self, topic: Topic, event: Event, payload: bytes, position: int) -> list[Delivery]:
        return [
            Delivery(Message(channel.names, event, payload, position=position), listeners)
            for channel, listeners in self._registry.of_topic(topic)
        ]
