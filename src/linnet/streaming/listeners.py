"""A connection that is streamed to, whatever it speaks: whom it is for, what it subscribed to, and why it ends."""

import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from enum import Enum
from typing import Final

from linnet.features.accounts.models import Viewer
from linnet.features.sessions.models import Access
from linnet.streaming.channels import Channel
from linnet.streaming.messages import Message


class Closing(Enum):
    """Why we end a connection: a name for the metrics, the code of WebSocket's close frame, a sentence."""

    RESTART = ("restart", 1012, "The server restarts: come back in a moment")
    SLOW = ("slow", 1013, "You read too slowly: come back with last_event_id")
    ENDED = ("ended", 1008, "The access token is no longer valid")
    SHUT_OUT = ("shut_out", 1008, "This server does not answer requests from your network")
    CHATTY = ("chatty", 1008, "Too many messages")
    SILENT = ("silent", 1001, "Nothing was heard of you")
    NO_TEXT = ("no_text", 1003, "Messages are text")

    def __init__(self, label: str, code: int, sentence: str) -> None:
        self.label = label
        self.code = code
        self.sentence = sentence


HELD_MAX: Final = 1_000
"""Messages that wait for a listener who is told first what they missed."""


HINTED_WITHIN_S: Final = 30.0
"""By then a hint of what can be read already has come, or never will."""


class Listener(ABC):
    """One connection. It is streamed to from `Registry.add` on until `Registry.remove`."""

    kind = ""
    """How it is spoken to, for the metrics."""

    def __init__(self, access: Access, address: str) -> None:
        assert access.viewer is not None, "streams are for accounts"
        self.access = access
        self.viewer: Viewer = access.viewer
        self.address = address
        self.channels: dict[Channel, None] = {}
        self.opened_at_s = time.monotonic()
        self.closing: Closing | None = None
        """Why we ended it, if it was us."""
        self._held: dict[tuple[str, ...], list[Message]] | None = None
        self._told: dict[tuple[str, ...], tuple[float, set[tuple[object, object]]]] = {}
        """By channel what was told as missed, and until when a late hint of the same is passed over."""

    @property
    def hears_notifications(self) -> bool:
        """Whether its token lets it know of notifications."""
        return self.access.allows("read:notifications")

    def tell(self, message: Message) -> None:
        """Send a message, without waiting; of a channel that is held, later."""
        held = self._held.get(message.names) if self._held is not None else None
        if held is None:
            if not (self._told and self._was_told(message)):
                self.send(message)
        elif len(held) < HELD_MAX:
            held.append(message)
        else:
            self.close(Closing.SLOW)

    def hold(self, channel: Channel) -> None:
        """Keep what comes on a channel until `release`."""
        self._held = {**(self._held or {}), channel.names: []}

    def release(self, channel: Channel, missed: Sequence[Message]) -> None:
        """Send what was missed, and then what was kept and is not the same."""
        held = self._held.pop(channel.names, []) if self._held is not None else []
        self._held = self._held or None
        told: set[tuple[object, object]] = {(message.event, message.position) for message in missed}
        if told:
            self._told[channel.names] = time.monotonic() + HINTED_WITHIN_S, told
        for message in missed:
            self.send(message)
        for message in held:
            if (message.event, message.position) not in told:
                self.send(message)

    def _was_told(self, message: Message) -> bool:
        """Whether the message was among those missed: its hint came only after it had been read."""
        until_s, told = self._told.get(message.names, (0.0, set[tuple[object, object]]()))
        if time.monotonic() > until_s:
            self._told.pop(message.names, None)
            return False
        return (message.event, message.position) in told

    @abstractmethod
    def send(self, message: Message) -> None:
        """Send a message at once."""

    @abstractmethod
    def beat(self) -> None:
        """Show that we are there, and see whether they are."""

    @abstractmethod
    def close(self, closing: Closing) -> None:
        """Say why, and end it."""
