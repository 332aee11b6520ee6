"""HTTP/1.1 connections as uvicorn serves them, but a request must be of some size and come in some time."""

import asyncio
import time
from collections.abc import Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from linnet.api.answers import JSON, json_answer
from linnet.api.edge import lines_of
from linnet.api.turn import TURN

if TYPE_CHECKING:
    from linnet.api.dispatch import Scope
    from linnet.api.express import Express

HEAD_BYTES_MAX: Final = 64 * 1024
"""Request line and headers together; more than any proxy passes on. One read more may come in before it is noticed.

Neither httptools nor uvicorn has a limit: one connection whose header never ends would fill the memory.
"""

HEAD_TIMEOUT_S: Final = 15.0
"""For the head of a request from its first byte on, and for a new connection until its first request has one."""

BODY_TIMEOUT_S: Final = 20.0
BODY_BYTES_PER_S_MIN: Final = 500
"""For a body from the end of its head on: so long, and a second more for every so many bytes that came.

Neither httptools nor uvicorn has a limit here either: who sends a byte now and then would hold a connection forever.
The numbers are those of Apache's mod_reqtimeout.
"""


class _Turn:
    """A request whose turn it is, for `Express`; it leaves uvicorn's cycle as an answer through ASGI would."""

    __slots__ = ("_app", "_cycle", "_protocol")

    def __init__(self, protocol: "BoundedHttp", cycle: RequestResponseCycle, app: Any) -> None:  # noqa: ANN401
        self._protocol = protocol
        self._cycle = cycle
        self._app = app

    @property
    def connection(self) -> object:
        """What is the same for all requests of a connection."""
        return self._protocol

    @property
    def has_gone(self) -> bool:
        """Whether whoever asked has hung up."""
        return self._cycle.disconnected

    @property
    def is_slow(self) -> bool:
        """Whether whoever asked has not read what was sent before."""
        return self._protocol.flow.write_paused

    def send(self, status: int, head: Sequence[bytes], body: bytes) -> None:
        """Write the answer, and have the connection go on to its next request."""
        cycle = self._cycle
        closes = b"connection" in head  # all that we ever say of it is that it closes
        parts = [STATUS_LINE[status], *head, *lines_of(cycle.default_headers)]
        if closes:
            cycle.keep_alive = False
        elif not cycle.keep_alive:
            parts.append(b"connection: close\r\n")
        parts += (b"\r\n", body)
        cycle.response_started = cycle.response_complete = True
        cycle.transport.write(b"".join(parts))
        cycle.message_event.set()
        if not cycle.keep_alive:
            cycle.transport.close()
        cycle.on_response()

    def abort(self) -> None:
        """Cut the connection, whatever was not sent yet."""
        self._protocol.transport.abort()

    def go_on(self) -> None:
        """Have the application answer."""
        self._protocol.go_on(self._cycle, self._app)


class BoundedHttp(HttpToolsProtocol):
    """A connection on which a request's head, and the trailers after its body, are at most `HEAD_BYTES_MAX` long.

    What comes in too slowly is answered 408. Requests that come whole, as nearly all do, need no timer for that.
    """

    head_timeout_s = HEAD_TIMEOUT_S
    body_timeout_s = BODY_TIMEOUT_S

    _unfinished_bytes = 0
    _has_progressed = False
    _in_head = False
    _in_body = False
    _began_s = 0.0
    """When the head or the body began, monotonic."""
    _body_bytes = 0
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride] -- uvicorn's
        """Wait for a first request, but not for long."""
        super().connection_made(transport)
        self._began_s = time.monotonic()
        self._timer = self.loop.call_later(self.head_timeout_s, self._look_at_the_time)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timer."""
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what came; refuse a head that goes on and on."""
        super().data_received(data)
        if not (self._in_head or self._in_body):
            self._stop_timer()
        elif self._timer is None and not self.transport.is_closing():
            timeout_s = self.head_timeout_s if self._in_head else self.body_timeout_s
            self._timer = self.loop.call_later(timeout_s, self._look_at_the_time)
        if self._has_progressed:
            self._has_progressed = False
            self._unfinished_bytes = 0
            return
        self._unfinished_bytes += len(data)
        if self._unfinished_bytes > HEAD_BYTES_MAX:
            self.refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The headers of this request are too large")

    def on_message_begin(self) -> None:
        """Note when the head began."""
        self._in_head, self._in_body = True, False
        self._began_s = time.monotonic()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Begin to answer."""
        self._has_progressed = True
        self._in_head, self._in_body = False, True
        self._began_s, self._body_bytes = time.monotonic(), 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Pass a piece of the body on."""
        self._has_progressed = True
        self._body_bytes += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Note that the request is whole."""
        self._has_progressed = True
        self._in_body = False
        super().on_message_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:  # noqa: ANN401 -- any ASGI application
        """Offer a request to the short way first; uvicorn calls this when it is the request's turn."""
        express: Express | None = getattr(app, "express", None)
        turn, scope = _Turn(self, cycle, app), cast("Scope", cycle.scope)
        if express is not None and cycle.scope["method"] == "GET" and not turn.is_slow and express.take(scope, turn):
            return
        scope[TURN] = turn
        self.go_on(cycle, app)

    def go_on(self, cycle: RequestResponseCycle, app: Any) -> None:  # noqa: ANN401
        """Have the application answer a request in a task of its own."""
        super()._start_asgi_task(cycle, app)

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP; `msg` is uvicorn's sentence."""
        self.refuse(HTTPStatus.BAD_REQUEST, msg)

    def _look_at_the_time(self) -> None:
        """Hang up on whoever sends too slowly; while it is us who do not read, nobody is late."""
        self._timer = None
        if self.transport.is_closing():
            return
        allowed_s = self.head_timeout_s
        if self._in_body:
            allowed_s = self.body_timeout_s + self._body_bytes / BODY_BYTES_PER_S_MIN
        left_s = self._began_s + allowed_s - time.monotonic()
        if self.flow.read_paused:
            left_s = max(left_s, 1.0)
        if left_s > 0:
            self._timer = self.loop.call_later(left_s, self._look_at_the_time)
        elif self._in_head or (self._in_body and not self.cycle.response_complete):
            self.refuse(HTTPStatus.REQUEST_TIMEOUT, "This request came in too slowly")
        else:  # nothing was asked yet, or all is answered and the rest of the body does not come
            self.transport.close()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def refuse(self, status: HTTPStatus, sentence: str) -> None:
        """Say so and hang up; in the middle of an answer, which nothing may be put into, only hang up."""
        if self.cycle and not self.cycle.response_complete:
            if self.cycle.response_started:
                self.transport.abort()
                return
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        answer = json_answer({"error": sentence}, status=status)
        head = (
            f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-type: {JSON}\r\n"
            f"content-length: {len(answer.body)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode("ascii") + answer.body)
        self.transport.close()
