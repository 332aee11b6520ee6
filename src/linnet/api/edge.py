"""The outermost layer: request ids, CORS, limits in flight, headers of every answer, one log line and its metrics."""

import logging
import re
import secrets
import time
from asyncio import TimerHandle, get_running_loop
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache, partial
from itertools import count
from typing import TYPE_CHECKING, Any, Final

import structlog
from prometheus_client import Counter, Gauge, Histogram
from structlog.contextvars import bind_contextvars

from linnet.api import cors, tus
from linnet.api.answers import Answer
from linnet.api.dispatch import TRACE, Allowance, Scope, Send, Trace, send_answer
from linnet.api.errors import answer_to_bug, overloaded
from linnet.api.parameters import Receive
from linnet.api.streamed import STREAMED
from linnet.api.turn import TURN, Turn
from linnet.platform.telemetry import traces

IN_FLIGHT_MAX: Final = 256
"""Requests of one process at once; more are told to come back, which is quicker than to let all of them time out."""

GENEROUS_LIMIT: Final = 30_000
"""What clients that pace themselves are told when nothing is counted."""

WINDOW_S: Final = 300
NOTHING_LOADS: Final = b"default-src 'none'; frame-ancestors 'none'"
"""Content-Security-Policy of whatever is no page: should a browser take it for one, nothing in it loads or runs."""

TOLD_AFTER_S: Final = 0.2
"""How soon the metric of requests in flight follows them."""

MONITORING_PATHS: Final = ("/health", "/metrics")
"""What is answered however many requests are in flight: it says why."""

if TYPE_CHECKING:
    from linnet.api.express import Express

_TUS_CORS: Final = tus.exposed(cors.HEADERS)
_PROCESS = secrets.token_hex(4)
_numbers = count(secrets.randbits(24))
"""A request id is a random name of this process and a running number: unique, and no secret."""

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

requests_s = Histogram(
    "linnet_http_request_seconds", "Time to answer a request", ("route", "method", "status"), buckets=_BUCKETS
)
in_flight = Gauge("linnet_http_requests_in_flight", "Requests being answered now", multiprocess_mode="livesum")
shed = Counter("linnet_http_requests_shed_total", "Requests refused because too many were in flight")
log: structlog.typing.FilteringBoundLogger = structlog.get_logger()

App = Callable[[Any, Any, Any], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class EdgeConfig:
    """What the edge is told by settings."""

    public_url: str
    """Scheme, host and port, without a slash at the end."""
    in_flight_max: int = IN_FLIGHT_MAX
    upload_bytes_max: int = 0
    """The largest file that is taken in parts, which those who ask are told."""
    cors_paths: Sequence[str] = cors.CORS_PATHS


class Edge:
    """An ASGI application, for HTTP, around another one."""

    def __init__(self, app: App, config: EdgeConfig) -> None:
        self.app = app
        self._config = config
        self._cors_paths = tuple(config.cors_paths)
        self._tus_preflight = tus.options(cors.PREFLIGHT, config.upload_bytes_max)
        self._in_flight = 0
        self._telling: TimerHandle | None = None
        self.express: Express | None = None
        """What answers some requests before they come here, if the server that runs this application asks it."""
        always = [
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"same-origin"),
        ]
        if config.public_url.startswith("https://"):
            always.append((b"strict-transport-security", b"max-age=31536000"))
        self._open = [*always, (b"cross-origin-resource-policy", b"cross-origin")]
        self._closed = [*always, (b"cross-origin-resource-policy", b"same-origin")]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection; whatever is not HTTP goes straight through."""
        assert scope["type"] == "http", "the server is told to pass on nothing else"
        path = scope["path"]
        trace = scope[TRACE] = scope.get(TRACE) or Trace(request_id(scope["headers"]), path)
        answering = _Answering(send, self.headers(path, trace), trace, scope.get(TURN))
        started = time.perf_counter()
        exempt = path.startswith(MONITORING_PATHS)
        if not exempt:
            self.count(1)
            answering.streams = partial(self.count, -1)
        shed_now = not exempt and self._in_flight > self._config.in_flight_max
        bind_contextvars(request_id=trace.request_id)
        try:
            with traces.span_of_request(scope["method"], scope["headers"], trace.request_id) as span:
                await self._answer(scope, receive, answering, shed_now=shed_now)
                traces.name_request(span, scope["method"], trace.route or "other", answering.status)
        finally:
            if not exempt and not answering.streamed_s:
                self.count(-1)
            seconds = (answering.streamed_s or time.perf_counter()) - started
            record(scope["method"], trace, answering.status, answering.size, seconds)

    @property
    def is_full(self) -> bool:
        """Whether one more request in flight would be too many."""
        return self._in_flight >= self._config.in_flight_max

    def count(self, requests: int) -> None:
        """So many more are in flight, or fewer; the metric follows soon, for to write it costs more than to count."""
        self._in_flight += requests
        if self._telling is None:
            self._telling = get_running_loop().call_later(TOLD_AFTER_S, self._tell)

    def _tell(self) -> None:
        self._telling = None
        in_flight.set(self._in_flight)

    async def _answer(self, scope: Scope, receive: Receive, answering: "_Answering", *, shed_now: bool) -> None:
        send = answering.send
        if scope["method"] == "OPTIONS" and scope["path"].startswith(self._cors_paths):
            resumable = scope["path"].startswith(tus.PATH)
            await send_answer(send, Answer(204, b"", "", self._tus_preflight if resumable else cors.PREFLIGHT))
        elif shed_now:
            shed.inc()
            await send_answer(send, overloaded("The server is busy. Please try again in a moment.", retry_after_s=2))
        else:
            try:
                await self.app(scope, receive, send)
            except Exception as error:
                if answering.status:
                    raise
                await send_answer(send, answer_to_bug(error, request_id=answering.trace.request_id))

    def headers(self, path: str, trace: Trace) -> list[tuple[bytes, bytes]]:
        """The headers of every answer to a request for this path, but for its rate limit."""
        is_open = path.startswith(self._cors_paths)
        always = self._open if is_open or path.startswith(cors.SHARED_PATHS) else self._closed
        headers = [(b"x-request-id", trace.request_id.encode()), *always]
        if is_open:
            headers.extend(_TUS_CORS if path.startswith(tus.PATH) else cors.HEADERS)
        return headers


class _Answering:
    """Adds the headers of every answer, and notes its status and size.

    Where the server lets us, the whole answer is one write, and no header is looked through again.
    """

    __slots__ = ("_head", "_headers", "_send", "_turn", "size", "status", "streamed_s", "streams", "trace")

    def __init__(self, send: Send, headers: list[tuple[bytes, bytes]], trace: Trace, turn: Turn | None) -> None:
        self._send = send
        self._headers = headers
        self._turn = turn if turn is not None and not turn.is_slow else None
        self._head: list[bytes] = []
        self.trace = trace
        self.status = 0
        self.size = 0
        self.streams: Callable[[], object] = bool
        """Called when an answer begins that comes in pieces: how long it then takes is up to who reads it."""
        self.streamed_s = 0.0

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = self._all(message.get("headers", ()))
            if message.pop(STREAMED, False):
                self._turn, self.streamed_s = None, time.perf_counter()
                self.streams()
            if self._turn is not None:
                self._head = lines_of(headers)
                return
            message["headers"] = headers
        elif message["type"] == "http.response.body":
            self.size += len(message.get("body", b""))
            if self._turn is not None:
                assert not message.get("more_body"), "answers are whole"
                if not self._turn.has_gone:
                    self._turn.send(self.status, self._head, message.get("body", b""))
                return
        await self._send(message)

    def _all(self, own: Sequence[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        headers = [*own, *self._headers, *limit_headers(self.trace.allowance)]
        for name, _ in own:
            if name == b"content-security-policy":
                return headers
        headers.append((b"content-security-policy", NOTHING_LOADS))
        return headers


def lines_of(headers: Iterable[tuple[bytes, bytes]]) -> list[bytes]:
    """Headers as they go out, in parts."""
    return [part for name, value in headers for part in (name, b": ", value, b"\r\n")]


def request_id(headers: Sequence[tuple[bytes, bytes]]) -> str:
    """The id a proxy or client gave this request when it is a sane one, else a new one."""
    for name, value in headers:
        if name == b"x-request-id" and _REQUEST_ID.fullmatch(value):
            return value.decode()
    return f"{_PROCESS}{next(_numbers):08x}"


def limit_headers(allowance: Allowance | None) -> list[tuple[bytes, bytes]]:
    """Mastodon's rate limit headers; the moment has microseconds, as its clients expect."""
    if allowance is None:
        return _generous_headers(int(time.time()) // WINDOW_S)
    return [
        (b"x-ratelimit-limit", b"%d" % allowance.limit),
        (b"x-ratelimit-remaining", b"%d" % allowance.remaining),
        (b"x-ratelimit-reset", _reset(allowance.resets_at)),
    ]


@lru_cache(maxsize=64)
def _reset(resets_at: datetime) -> bytes:
    return resets_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ").encode()


@lru_cache(maxsize=2)
def _generous_headers(window: int) -> list[tuple[bytes, bytes]]:
    """What is said when nothing is counted, by the number of the window since 1970."""
    resets_at = datetime.fromtimestamp((window + 1) * WINDOW_S, UTC)
    return limit_headers(Allowance(GENEROUS_LIMIT, GENEROUS_LIMIT - 1, resets_at))


@lru_cache(maxsize=4096)
def _timer(route: str, method: str, hundreds: int) -> Histogram:
    """The histogram of one route, method and class of status; to find it costs more than to add to it."""
    return requests_s.labels(route, method, f"{hundreds}xx")


def record(method: str, trace: Trace, status: int, size: int, seconds: float) -> None:
    """One wide log line and one observation of an answer; a path that is no route of ours is counted as `other`."""
    route = trace.route or "other"
    kind = method if method in _METHODS else "OTHER"
    _timer(route, kind, status // 100).observe(seconds)
    level = logging.DEBUG if trace.path.startswith(MONITORING_PATHS) else logging.INFO
    if not log.is_enabled_for(level):
        return
    log.log(
        level,
        "request",
        method=kind,
        route=route,
        status=status,
        ms=round(seconds * 1000, 2),
        bytes=size,
        request_id=trace.request_id,
        viewer=trace.viewer_id,
    )


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
