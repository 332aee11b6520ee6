"""What goes out: one event of one stream, made once for all who get the very same, as a WebSocket frame or as SSE."""

from enum import StrEnum
from functools import cached_property
from typing import Final

import msgspec
from websockets.frames import Frame, Opcode

_encode = msgspec.json.Encoder().encode


class Event(StrEnum):
    """What can be told of, by the names of Mastodon's API; those of messages and uploads are ours."""

    UPDATE = "update"
    STATUS_UPDATE = "status.update"
    DELETE = "delete"
    NOTIFICATION = "notification"
    NOTIFICATIONS_MERGED = "notifications_merged"
    CONVERSATION = "conversation"
    FILTERS_CHANGED = "filters_changed"
    ANNOUNCEMENT = "announcement"
    ANNOUNCEMENT_REACTION = "announcement.reaction"
    ANNOUNCEMENT_DELETE = "announcement.delete"
    MESSAGE = "message"
    MESSAGE_UPDATE = "message.update"
    MESSAGE_DELETE = "message.delete"
    MESSAGE_READ = "message.read"
    MESSAGE_TYPING = "message.typing"
    MEDIA = "media"


class _Told(msgspec.Struct, omit_defaults=True):
    """A message over WebSocket; the payload is JSON in a string, as clients expect."""

    stream: tuple[str, ...]
    event: str
    payload: str | None = None


class Message:
    """One event of one channel. Where it is said in JSON, `payload` is that; an id stands for itself.

    It says no more of the channel than its names: what goes to the homes of many is one message.
    """

    def __init__(
        self, names: tuple[str, ...], event: Event, payload: bytes | None = None, *, position: int = 0
    ) -> None:
        self.names = names
        self._payload = payload
        self.event = event
        self.position = position
        """Of the status or notification that it tells of: from there on a reader goes on who comes back; 0 for none."""

    @cached_property
    def frame(self) -> bytes:
        """As a WebSocket frame: unmasked and uncompressed, so it is the same for every socket."""
        payload = None if self._payload is None else self._payload.decode()
        return frame_of(_encode(_Told(self.names, self.event.value, payload)))

    @cached_property
    def chunk(self) -> bytes:
        """As a server-sent event. JSON as we write it is one line."""
        position = b"id: %d\n" % self.position if self.position else b""
        payload = b"undefined" if self._payload is None else self._payload  # what Mastodon says where there is none
        return b"event: %b\n%bdata: %b\n\n" % (self.event.value.encode(), position, payload)


def frame_of(text: bytes) -> bytes:
    """A text as a WebSocket frame from a server."""
    return Frame(Opcode.TEXT, text).serialize(mask=False)


PING: Final = Frame(Opcode.PING, b"").serialize(mask=False)
THUMP: Final = b":thump\n\n"
"""What a stream of server-sent events says when it has nothing to say, as Mastodon's does."""


def frame_of_error(sentence: str, status: int) -> bytes:
    """What is said to a subscription that cannot be; the socket stays."""
    return frame_of(_encode({"error": sentence, "status": status}))
