"""The streaming server over HTTP: server-sent events, and whether it is well. WebSockets are in `sockets`."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, Final

from linnet.features.sessions.models import Access
from linnet.platform.errors import NotFound, ProductError, status_of
from linnet.platform.health import HealthWatch
from linnet.platform.requests import TURN
from linnet.streaming import measures
from linnet.streaming.answering import JSON, PREFLIGHT, body_of, headers_of
from linnet.streaming.asking import Asked
from linnet.streaming.channels import ROOT, name_of_path
from linnet.streaming.limits import CLOSE_TIMEOUT_S
from linnet.streaming.listeners import Closing, Listener
from linnet.streaming.messages import THUMP, Message
from linnet.streaming.service import Streaming

Scope = dict[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Begin = Callable[[], Awaitable[None]]

HEALTH: Final = f"{ROOT}/health"
READINESS: Final = ("/health/live", "/health/ready")
"""As at the API, for who runs this process."""


class StreamingApp:
    """Answers HTTP of one streaming process."""

    def __init__(self, streaming: Streaming) -> None:
        self.streaming = streaming

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; of a stream, until it ends."""
        assert scope["type"] == "http", "the server is told to pass on nothing else"
        path = scope["path"].rstrip("/")
        if scope["method"] == "OPTIONS":
            await _answer(send, 204, b"", PREFLIGHT)
        elif path == HEALTH:
            await _answer(send, 200, b"OK", (("Content-Type", "text/plain; charset=utf-8"),))
        elif path in READINESS:
            await self._say_how_it_is(send, ready=path.endswith("ready"))
        else:
            await self._stream(scope, receive, send)

    async def _say_how_it_is(self, send: Send, *, ready: bool) -> None:
        engines = self.streaming.engines
        problem = (await engines.config(HealthWatch).look(engines)).problem if ready else None
        if problem is None and ready and self.streaming.hub.is_draining:
            problem = "It is about to stop"
        body = b'{"status":"OK"}' if problem is None else body_of(NotFound(problem))
        await _answer(send, 200 if problem is None else 503, body, (("Content-Type", JSON),))

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            listener, begin = await self._open(scope)
        except ProductError as error:
            measures.refused.labels(str(status_of(error))).inc()
            await _answer(send, status_of(error), body_of(error), (("Content-Type", JSON),), error)
            return
        try:
            await send(_start(200, [("Content-Type", "text/event-stream; charset=utf-8"), *_UNBUFFERED, *headers_of()]))
            await listener.run(receive, send, begin)
        finally:
            self.streaming.hub.registry.remove(listener)

    async def _open(self, scope: Scope) -> "tuple[EventListener, Begin]":
        """The listener of a request for a stream, and its subscription; raises `ProductError`."""
        streaming = self.streaming
        query = scope["query_string"].decode("latin-1")
        asked = Asked.of(scope["path"], query, scope["headers"], scope["client"], streaming.trusted_proxies)
        name = name_of_path(asked.path, asked.parameters)
        if name is None and asked.path.rstrip("/") == ROOT:
            name = asked.parameters.get("stream", "")
        if name is None or scope["method"] != "GET":
            raise NotFound
        access = await streaming.admit(asked)
        channel = await streaming.channel(access, name, asked.parameters)
        listener = EventListener(access, asked.address, streaming.limits.buffer_bytes, scope[TURN].abort)
        streaming.hub.registry.add(listener)
        return listener, partial(streaming.subscribe, listener, channel, asked.last_id)


class EventListener(Listener):
    """A reader of server-sent events."""

    kind = "sse"

    def __init__(self, access: Access, address: str, buffer_bytes: int, abort: Callable[[], None]) -> None:
        super().__init__(access, address)
        self._abort = abort
        self._buffer_bytes = buffer_bytes
        self._waiting: list[bytes] = []
        self._bytes = 0
        self._come = asyncio.Event()
        self._ended = False
        self._aborting: asyncio.TimerHandle | None = None

    async def run(self, receive: Receive, send: Send, begin: Begin) -> None:
        """Send until it ends, or they go."""
        gone = asyncio.create_task(_gone(receive))
        gone.add_done_callback(lambda _: self._end())
        try:
            self._put(THUMP)
            try:
                await begin()
            except ProductError as error:
                self._say(error.message)
            while not self._ended:
                await self._come.wait()
                self._come.clear()
                await self._send_waiting(send)
            await self._send_waiting(send)
            await send({"type": "http.response.body", "body": b""})
        finally:
            gone.cancel()
            if self._aborting is not None:
                self._aborting.cancel()

    async def _send_waiting(self, send: Send) -> None:
        waiting, self._waiting, self._bytes = self._waiting, [], 0
        if waiting:
            await send({"type": "http.response.body", "body": b"".join(waiting), "more_body": True})

    def send(self, message: Message) -> None:
        """Put it behind what waits for the reader."""
        self._put(message.chunk)

    def beat(self) -> None:
        """A comment; whoever is gone is noticed by it."""
        self._put(THUMP)

    def close(self, closing: Closing) -> None:
        """Say why in a comment, end the answer, and cut the connection if that is not read either."""
        if not self._ended:
            measures.dropped.labels(closing.label).inc()
            self.closing = closing
            self._say(closing.sentence)
            self._aborting = asyncio.get_running_loop().call_later(CLOSE_TIMEOUT_S, self._abort)

    def _say(self, sentence: str) -> None:
        """The last that is sent."""
        self._waiting.append(b":%b\n\n" % sentence.encode())
        self._end()

    def _put(self, chunk: bytes) -> None:
        if self._ended:
            return
        self._bytes += len(chunk)
        if self._bytes > self._buffer_bytes:
            self.close(Closing.SLOW)
        else:
            self._waiting.append(chunk)
            self._come.set()

    def _end(self) -> None:
        self._ended = True
        self._come.set()


_UNBUFFERED: Final = (("X-Accel-Buffering", "no"),)
"""For nginx, which would keep events until it has enough of them."""


async def _gone(receive: Receive) -> None:
    """Return when whoever asked has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _answer(
    send: Send, status: int, body: bytes, headers: Sequence[tuple[str, str]], error: ProductError | None = None
) -> None:
    length = ("Content-Length", str(len(body)))
    await send(_start(status, [*headers, length, *headers_of(error)]))
    await send({"type": "http.response.body", "body": body})


def _start(status: int, headers: Sequence[tuple[str, str]]) -> dict[str, Any]:
    encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    return {"type": "http.response.start", "status": status, "headers": encoded}
