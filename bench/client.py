"""A client that costs little: prebuilt requests over kept connections, answers cut by Content-Length, no task for each.

About 17,000 answers of 40 KB a second on one core, so that it is the server that is measured. `drive` asks as fast as
the answers come; `drive_at` keeps to a timetable, and counts latencies from when a request was due, not from when a
busy connection got round to it: else a server that stalls would be asked less just then, and its p99 would look fine.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

DRAIN_S = 10.0
"""How long answers are waited for that are still due when a timetable ends."""


@dataclass
class Measured:
    """What a run of requests took."""

    seconds: float = 0.0
    latencies_s: list[float] = field(default_factory=list[float])
    bytes_last: int = 0
    failures: int = 0
    refused: str = ""
    """The first answer that was no success: its status and, where bodies are kept, how it begins."""

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies_s) / self.seconds

    def quantile_ms(self, share: float) -> float:
        """The latency that `share` of the answers stayed below, in milliseconds."""
        ordered = sorted(self.latencies_s)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000

    def add(self, other: "Measured") -> None:
        """Count another run of the same to this one."""
        self.seconds += other.seconds
        self.latencies_s += other.latencies_s
        self.failures += other.failures
        self.refused = self.refused or other.refused
        self.bytes_last = other.bytes_last

    def note(self, link: "_Link", asked_at: float) -> None:
        """Add an answer that has just come whole."""
        self.latencies_s.append(time.perf_counter() - asked_at)
        if link.status != 200:
            self.failures += 1
            self.refused = self.refused or f"{link.status} {link.body[:100].decode(errors='replace')}".strip()
        self.bytes_last = link.body_bytes


Seen = Callable[[int, bytes, float], None]
"""Is given the status and the body of each answer, and when it was asked for or due (`time.perf_counter`)."""


class _Link(asyncio.Protocol):
    """One connection, one request at a time; `answered` is called when an answer is whole."""

    def __init__(self, answered: "Callable[[_Link], None]", *, keeps_bodies: bool) -> None:
        self.answered = answered
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.status = 0
        self.body_bytes = 0
        self.asked_at = 0.0
        self._keeps = keeps_bodies
        self._body: list[bytes] = []
        self._head = b""
        self._missing = 0
        self._in_body = False
        self._hung_up = False

    @property
    def body(self) -> bytes:
        """The body of the last answer, if bodies are kept."""
        return b"".join(self._body)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to write."""
        self._transport = cast("asyncio.Transport", transport)

    def ask(self, request: bytes, asked_at: float) -> None:
        """Send one request; nothing else may be under way."""
        self.asked_at = asked_at
        self._head, self._in_body = b"", False
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Count what came; of the head only the status and the length are read."""
        if self._in_body:
            self._missing -= len(data)
            if self._keeps:
                self._body.append(data)
        else:
            self._head += data
            end = self._head.find(b"\r\n\r\n")
            if end < 0:
                return
            self._begin_body(end)
        if self._missing <= 0:
            self.answered(self)

    def _begin_body(self, end: int) -> None:
        head = self._head[:end].lower()
        self.status = int(head[9:12])
        at = head.find(b"content-length:")
        stop = head.find(b"\r\n", at)
        self.body_bytes = int(head[at + 15 : stop if stop > 0 else None]) if at >= 0 else 0
        self._missing = self.body_bytes - (len(self._head) - end - 4)
        self._body = [self._head[end + 4 :]] if self._keeps else []
        self._in_body = True

    def hang_up(self) -> None:
        """Close the connection."""
        self._hung_up = True
        self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """End; when the server hung up first, with an error for whoever waits."""
        if self.lost.done():
            return
        if self._hung_up:
            self.lost.set_result(None)
        else:
            self.lost.set_exception(exc or ConnectionResetError("the server hung up"))


async def _open(port: int, number: int, answered: Callable[[_Link], None], *, keeps_bodies: bool) -> list[_Link]:
    loop = asyncio.get_running_loop()
    pairs = [
        await loop.create_connection(lambda: _Link(answered, keeps_bodies=keeps_bodies), "127.0.0.1", port)
        for _ in range(number)
    ]
    for _, link in pairs:
        link.lost.add_done_callback(lambda lost: lost.exception())  # whoever waits is told all the same
    return [link for _, link in pairs]


async def drive(
    port: int,
    connections: int,
    seconds: float,
    next_request: Callable[[], bytes | None],
    *,
    seen: Seen | None = None,
) -> Measured:
    """Ask as fast as answers come, on so many connections, for so long or until there is no next request.

    Raises `ConnectionError` when the server hangs up.
    """
    measured = Measured()
    began = time.perf_counter()
    ends = began + seconds

    def ask_next(link: _Link) -> None:
        now = time.perf_counter()
        request = next_request() if now < ends else None
        if request is None:
            link.hang_up()
        else:
            link.ask(request, now)

    def answered(link: _Link) -> None:
        measured.note(link, link.asked_at)
        if seen is not None:
            seen(link.status, link.body, link.asked_at)
        ask_next(link)

    links = await _open(port, connections, answered, keeps_bodies=seen is not None)
    for link in links:
        ask_next(link)
    await asyncio.gather(*(link.lost for link in links))
    measured.seconds = time.perf_counter() - began
    return measured


def due_by(elapsed_s: float, rate: float, seconds: float) -> int:
    """How many requests of a timetable of `rate` a second, `seconds` long, are due after `elapsed_s`; one is at 0."""
    return min(int(max(elapsed_s, 0.0) * rate) + 1, int(rate * seconds))


async def drive_at(
    port: int,
    rate: float,
    seconds: float,
    next_request: Callable[[], bytes],
    *,
    connections: int = 64,
    seen: Seen | None = None,
    until: "asyncio.Future[None] | None" = None,
) -> Measured:
    """Ask `rate` times a second whatever the answers do; a request may wait for a free connection, and that counts.

    Ends after `seconds`, or sooner when `until` is done. Looks at the clock without pause, which is more exact than
    timers and costs the core that the load has to itself.
    """
    measured, loop = Measured(), asyncio.get_running_loop()
    free: deque[_Link] = deque()
    sent, total = 0, int(rate * seconds)
    ended = loop.create_future()
    began = 0.0

    def answered(link: _Link) -> None:
        measured.note(link, link.asked_at)
        if seen is not None:
            seen(link.status, link.body, link.asked_at)
        free.append(link)

    def tick() -> None:
        nonlocal sent, total
        if ended.done():
            return
        if until is not None and until.done():
            total = sent
        elapsed = time.perf_counter() - began
        due = due_by(elapsed, rate, seconds)
        while sent < min(due, total) and free:
            free.popleft().ask(next_request(), began + sent / rate)
            sent += 1
        if len(measured.latencies_s) == total or elapsed > seconds + DRAIN_S:
            ended.set_result(None)
        else:
            loop.call_soon(tick)

    links = await _open(port, connections, answered, keeps_bodies=seen is not None)
    free.extend(links)
    began = time.perf_counter()
    tick()
    done, _ = await asyncio.wait({ended, *(link.lost for link in links)}, return_when=asyncio.FIRST_COMPLETED)
    ended.cancel()
    for one in done:
        one.result()
    measured.seconds = time.perf_counter() - began
    measured.failures += total - len(measured.latencies_s)
    for link in links:
        link.hang_up()
    return measured


class Connection:
    """One connection for single questions."""

    def __init__(self, link: _Link) -> None:
        self._link = link
        self._answer: asyncio.Future[None] | None = None
        link.answered = self._answered

    @classmethod
    async def open(cls, port: int) -> "Connection":
        """Connect to 127.0.0.1."""
        (link,) = await _open(port, 1, lambda _: None, keeps_bodies=True)
        return cls(link)

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Status and body of the answer; `ConnectionError` when the server hangs up instead."""
        self._answer = asyncio.get_running_loop().create_future()
        self._link.ask(request, 0.0)
        await asyncio.wait({self._answer, self._link.lost}, return_when=asyncio.FIRST_COMPLETED)
        if not self._answer.done():
            self._link.lost.result()
            raise ConnectionResetError("this connection was closed")
        return self._link.status, self._link.body

    def close(self) -> None:
        """Hang up."""
        self._link.hang_up()

    def _answered(self, _: _Link) -> None:
        assert self._answer is not None, "the server answers what it was asked"
        self._answer.set_result(None)


def get(path: str, token: str) -> bytes:
    """A GET with a bearer token."""
    return f"GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n\r\n".encode()


def post(path: str, body: bytes, token: str, *, content_type: str = "application/x-www-form-urlencoded") -> bytes:
    """A POST with a bearer token."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def post_status(text: str, token: str) -> bytes:
    """A POST of a status; `text` holds nothing that JSON escapes."""
    return post("/api/v1/statuses", b'{"status":"%s"}' % text.encode(), token, content_type="application/json")
