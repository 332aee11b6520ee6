"""Very many WebSockets of one process that cost little: no task for each, and what comes is only counted."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import cast

OPENING_AT_ONCE = 100
_TEXT, _PING, _CLOSE = 1, 9, 8
_PONG = b"\x8a\x80\0\0\0\0"


@dataclass
class Arrivals:
    """When text frames came (`time.perf_counter`), and how many bytes."""

    times: list[float] = field(default_factory=list[float])
    size: int = 0
    closed: int = 0
    wanted: int = 0
    _reached: asyncio.Event = field(default_factory=asyncio.Event)

    def expect(self, number: int) -> None:
        """Forget what came, and wait for so many."""
        self.times, self.wanted, self.size = [], number, 0
        self._reached.clear()

    async def all(self, within_s: float) -> bool:
        """Whether they come in time."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._reached.wait(), within_s)
        return len(self.times) >= self.wanted

    def note(self, size: int) -> None:
        """One has come."""
        self.times.append(time.perf_counter())
        self.size += size
        if len(self.times) >= self.wanted:
            self._reached.set()


class _Socket(asyncio.Protocol):
    def __init__(self, arrivals: Arrivals, request: bytes) -> None:
        self._arrivals = arrivals
        self._request = request
        self._data = b""
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._data += data
        if not self.opened.done():
            head, end, self._data = self._data.partition(b"\r\n\r\n")
            if not end:
                self._data = head
            elif head.startswith(b"HTTP/1.1 101"):
                self.opened.set_result(None)
            else:
                self.opened.set_exception(ConnectionRefusedError(head[:40].decode()))
        while self.opened.done() and (frame := _frame(self._data)) is not None:
            opcode, size = frame
            self._data = self._data[size:]
            if opcode == _TEXT:
                self._arrivals.note(size)
            elif opcode == _PING:
                self.transport.write(_PONG)
            elif opcode == _CLOSE:
                self._arrivals.closed += 1

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_exception(exc or ConnectionResetError("the server hung up"))


def _frame(data: bytes) -> tuple[int, int] | None:
    """Opcode and whole size of the frame that `data` begins with; None before all of it is there."""
    if len(data) < 2:
        return None
    length, at = data[1] & 127, 2
    if length >= 126:
        at = 4 if length == 126 else 10
        length = int.from_bytes(data[2:at], "big")
    return (data[0] & 15, at + length) if len(data) >= at + length else None


async def open_all(port: int, tokens: Sequence[str], stream: str, arrivals: Arrivals) -> list[asyncio.Transport]:
    """A socket for each token, subscribed to a stream; raises when any is refused."""
    loop = asyncio.get_running_loop()
    opened: list[asyncio.Transport] = []
    for at in range(0, len(tokens), OPENING_AT_ONCE):
        group = [_Socket(arrivals, _request(token, stream)) for token in tokens[at : at + OPENING_AT_ONCE]]
        for socket in group:
            await loop.create_connection(lambda socket=socket: socket, "127.0.0.1", port)
        await asyncio.gather(*(socket.opened for socket in group))
        opened += [socket.transport for socket in group]
    return opened


def _request(token: str, stream: str) -> bytes:
    return (
        f"GET /api/v1/streaming?stream={stream} HTTP/1.1\r\nHost: bench\r\nConnection: Upgrade\r\n"
        f"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
        f"Authorization: Bearer {token}\r\n\r\n"
    ).encode()
