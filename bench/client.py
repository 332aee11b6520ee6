"""A client that costs little: prebuilt requests over kept connections, answers cut by Content-Length, then dropped."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

READ_BYTES = 1 << 18


class Connection:
    """One connection to a server, one request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, port: int) -> "Connection":
        """Connect to 127.0.0.1."""
        return cls(*await asyncio.open_connection("127.0.0.1", port, limit=READ_BYTES))

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Status and body of the answer."""
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        at = head.lower().index(b"content-length:") + 15
        length = int(head[at : head.index(b"\r\n", at)])
        return int(head[9:12]), await self._reader.readexactly(length)

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


def get(path: str, token: str) -> bytes:
    """A GET with a bearer token."""
    return f"GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n\r\n".encode()


def post_status(text: str, token: str) -> bytes:
    """A POST of a status."""
    body = b'{"status":"%s"}' % text.encode()
    head = (
        f"POST /api/v1/statuses HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@dataclass
class Measured:
    """What a run of requests took."""

    seconds: float = 0.0
    latencies_s: list[float] = field(default_factory=list[float])
    bytes_last: int = 0
    failures: int = 0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies_s) / self.seconds

    def quantile_ms(self, share: float) -> float:
        """The latency that `share` of the answers stayed below, in milliseconds."""
        ordered = sorted(self.latencies_s)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000


async def drive(
    port: int,
    connections: int,
    seconds: float,
    next_request: Callable[[], bytes],
    *,
    seen: Callable[[bytes], Awaitable[None]] | None = None,
) -> Measured:
    """Ask as fast as the answers come, on so many connections, for so long."""
    measured = Measured()
    ends = time.perf_counter() + seconds

    async def one() -> None:
        connection = await Connection.open(port)
        while (began := time.perf_counter()) < ends:
            status, body = await connection.ask(next_request())
            measured.latencies_s.append(time.perf_counter() - began)
            measured.failures += status != 200
            measured.bytes_last = len(body)
            if seen is not None:
                await seen(body)
        connection.close()

    began = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(connections)))
    measured.seconds = time.perf_counter() - began
    return measured
