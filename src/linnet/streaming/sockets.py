"""WebSockets: the protocol is spoken by `websockets`, on connections of which uvicorn has read the head.

An event is one write of a frame that all sockets share. Nothing is compressed: that would cost each socket 64 KB, and
every event a compression for each.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final, cast
from urllib.parse import unquote

import structlog
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import OPEN
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol

from linnet.features.sessions.models import Access
from linnet.platform.errors import NotFound, ProductError, status_of
from linnet.streaming import measures
from linnet.streaming.answering import refusal
from linnet.streaming.asking import Asked
from linnet.streaming.channels import ROOT, channel_of, name_of_path
from linnet.streaming.limits import CLOSE_TIMEOUT_S, MESSAGE_BYTES_MAX, MESSAGES_PER_MINUTE, SILENT_S
from linnet.streaming.listeners import Closing, Listener
from linnet.streaming.messages import PING, Message, frame_of_error
from linnet.streaming.said import Said, said_in
from linnet.streaming.service import Streaming

ACTING_MAX: Final = 50
"""Subscriptions that wait for one before them."""

MINUTE_S: Final = 60.0

_quiet = logging.getLogger("linnet.websockets")
_quiet.setLevel(logging.WARNING)  # below that it would write down what is sent, and the token

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class SocketListener(Listener):
    """A socket whose reader is known."""

    kind = "websocket"

    def __init__(self, access: Access, address: str, socket: "Socket") -> None:
        super().__init__(access, address)
        self._socket = socket

    def send(self, message: Message) -> None:
        """One write."""
        self._socket.write(message.frame)

    def beat(self) -> None:
        """Ping, and hang up on whoever has not been heard for long."""
        self._socket.beat()

    def close(self, closing: Closing) -> None:
        """Say goodbye."""
        self._socket.close(closing)


class Socket(asyncio.Protocol):
    """A connection that asked to be upgraded, as uvicorn makes it."""

    def __init__(self, config: Any, server_state: Any, app_state: Any, _loop: Any = None) -> None:  # noqa: ANN401, ARG002 -- uvicorn's
        self._streaming: Streaming = config.loaded_app.streaming
        self._connections: set[object] = server_state.connections
        self._loop = asyncio.get_running_loop()
        self._protocol = ServerProtocol(
            max_size=MESSAGE_BYTES_MAX, select_subprotocol=_first_subprotocol, logger=_quiet
        )
        self._listener: SocketListener | None = None
        self._task: asyncio.Task[None] | None = None
        self._said: deque[Said] = deque()
        self._text = b""
        self._heard_at_s = self._loop.time()
        self._minute_began_s = self._heard_at_s
        self._messages = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take over a connection whose first request has been read."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(high=self._streaming.limits.buffer_bytes)
        self._connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 -- asyncio's
        """It is gone."""
        self._connections.discard(self)
        self._leave()
        if self._task is not None:
            self._task.cancel()

    def pause_writing(self) -> None:
        """More waits for the reader than is kept for one."""
        self.close(Closing.SLOW)

    def data_received(self, data: bytes) -> None:
        """Read the request, or what the client says."""
        self._heard_at_s = self._loop.time()
        self._protocol.receive_data(data)
        for event in self._protocol.events_received():
            if isinstance(event, Request):
                self._transport.pause_reading()  # nobody may say anything before we have answered
                self._do(self._open(event))
            elif isinstance(event, Frame):
                self._hear(event)
        self._flush()

    def eof_received(self) -> None:
        """They have gone."""
        self._protocol.receive_eof()
        self._flush()

    def shutdown(self) -> None:
        """The server stops; uvicorn calls this when everybody has been sent away already."""
        self.close(Closing.RESTART)

    def write(self, frame: bytes) -> None:
        """Send a frame, unless the socket is closing."""
        if self._protocol.state is OPEN:
            self._transport.write(frame)

    def beat(self) -> None:
        """Ping, or hang up."""
        if self._loop.time() - self._heard_at_s > SILENT_S:
            self._note(Closing.SILENT)
            self._transport.abort()
        else:
            self.write(PING)

    def close(self, closing: Closing) -> None:
        """Send a close frame, and cut the connection if they do not answer it."""
        if self._protocol.state is not OPEN:
            return
        self._note(closing)
        self._protocol.send_close(closing.code, closing.sentence)
        self._flush()
        self._leave()
        self._loop.call_later(CLOSE_TIMEOUT_S, self._transport.abort)

    def _note(self, closing: Closing) -> None:
        measures.dropped.labels(closing.label).inc()
        if self._listener is not None:
            self._listener.closing = closing

    def _leave(self) -> None:
        if self._listener is not None:
            self._streaming.hub.registry.remove(self._listener)
            self._listener = None

    def _flush(self) -> None:
        for data in self._protocol.data_to_send():
            if data:
                self._transport.write(data)
            else:
                self._transport.close()

    def _do(self, work: Any) -> None:  # noqa: ANN401 -- a coroutine
        self._task = self._loop.create_task(work)
        self._task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[None]") -> None:
        """Go on with what was said meanwhile; a mistake of ours ends the socket."""
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("socket failed", exc_info=error)
            self._transport.abort()
        elif self._said and self._listener is not None:
            self._do(self._act(self._listener, self._said.popleft()))
        else:
            self._task = None

    async def _open(self, request: Request) -> None:
        """Answer the request: 101 and the first subscription, or what is wrong with it."""
        response = self._protocol.accept(request)
        asked = None
        if response.status_code == HTTPStatus.SWITCHING_PROTOCOLS:  # else it is no WebSocket at all, and that is said
            try:
                asked = self._asked(request)
                self._listener = await self._admitted(asked)
            except ProductError as error:
                response = refusal(error)
        self._protocol.send_response(response)
        self._flush()
        if self._listener is None:
            measures.refused.labels(str(response.status_code)).inc()
        else:
            self._protocol = ServerProtocol(
                state=OPEN, max_size=MESSAGE_BYTES_MAX, logger=_quiet
            )  # without its request
        self._transport.resume_reading()
        if self._listener is not None and asked is not None:
            name = asked.parameters.get("stream") or name_of_path(asked.path, asked.parameters)
            if name:
                await self._act(self._listener, Said("subscribe", name, asked.parameters, asked.last_id))

    def _asked(self, request: Request) -> Asked:
        path, _, query = request.path.partition("?")
        headers = [(n.lower().encode("latin-1"), v.encode("latin-1")) for n, v in request.headers.raw_items()]
        client: Any = self._transport.get_extra_info("peername")
        return Asked.of(unquote(path), query, headers, client or None, self._streaming.trusted_proxies)

    async def _admitted(self, asked: Asked) -> SocketListener:
        if name_of_path(asked.path, asked.parameters) is None and asked.path.rstrip("/") != ROOT:
            raise NotFound
        listener = SocketListener(await self._streaming.admit(asked), asked.address, self)
        self._streaming.hub.registry.add(listener)
        return listener

    def _hear(self, frame: Frame) -> None:
        if frame.opcode is Opcode.TEXT or frame.opcode is Opcode.CONT:
            self._text += frame.data
            if frame.fin:
                text, self._text = self._text, b""
                self._take(text)
        elif frame.opcode is Opcode.BINARY:
            self.close(Closing.NO_TEXT)

    def _take(self, text: bytes) -> None:
        """Do what is said, one after the other."""
        if self._heard_at_s - self._minute_began_s >= MINUTE_S:
            self._minute_began_s, self._messages = self._heard_at_s, 0
        self._messages += 1
        if self._messages > MESSAGES_PER_MINUTE or len(self._said) >= ACTING_MAX:
            self.close(Closing.CHATTY)
            return
        try:
            said = said_in(text)
        except ProductError as error:
            self.write(frame_of_error(error.message, status_of(error)))
            return
        if self._task is not None:
            self._said.append(said)
        elif self._listener is not None:
            self._do(self._act(self._listener, said))

    async def _act(self, listener: SocketListener, said: Said) -> None:
        """Subscribe or unsubscribe; what cannot be is said, and the socket stays."""
        try:
            if said.kind == "unsubscribe":
                topic = channel_of(said.stream, said.parameters, listener.viewer.account_id).topic
                for channel in [one for one in listener.channels if one.topic == topic]:
                    self._streaming.hub.registry.unsubscribe(listener, channel)
            else:
                channel = await self._streaming.channel(listener.access, said.stream, said.parameters)
                await self._streaming.subscribe(listener, channel, said.last_id)
        except ProductError as error:
            self.write(frame_of_error(error.message, status_of(error)))


def _first_subprotocol(protocol: ServerProtocol, offered: Sequence[Subprotocol]) -> Subprotocol | None:  # noqa: ARG001
    """The one that is a token: browsers hang up unless it comes back."""
    return offered[0] if offered else None
