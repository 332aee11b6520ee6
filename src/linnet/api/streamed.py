"""Answers that come in pieces: files of any size, for readers of any speed, with little of them in memory."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from typing import Any, Final

import structlog
from prometheus_client import Gauge

from linnet.api.answers import Headers
from linnet.api.parameters import Receive
from linnet.platform.errors import EngineDown, NotFound

STREAMED: Final = "linnet.streamed"
"""In the message that begins such an answer: the body follows in pieces, and whoever reads it may take long."""

STALLED_S: Final = 60.0
"""A reader who takes no piece for so long is hung up on."""

STREAMS_MAX: Final = 512
"""Answers in pieces of one process at once. They are not counted as requests in flight: all they take is memory."""

RETRY_AFTER_S: Final = 5

log = structlog.get_logger()
_streams = Gauge("linnet_http_streams", "Files being sent now", multiprocess_mode="livesum")

Send = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Streamed:
    """An answer whose body comes in pieces. Nothing is read before it is sent, and nothing at all for HEAD."""

    status: int
    pieces: AsyncGenerator[bytes]
    length: int
    """Bytes of all pieces together."""
    content_type: str
    headers: Headers = ()
    begun: bytes = b""
    """The first piece, once it was read."""


class _Open:
    """How many of them there are now."""

    number = 0


async def begin(answer: Streamed) -> Streamed:
    """Read the first piece, so that what goes wrong has an answer of its own; whatever is raised is for the caller."""
    if _Open.number >= STREAMS_MAX:
        raise EngineDown("streams of files", retry_after_s=RETRY_AFTER_S)
    return replace(answer, begun=await anext(answer.pieces, b""))


async def send_streamed(receive: Receive, send: Send, answer: Streamed, *, head: bool) -> bool:
    """Send it, piece by piece, as fast as it is read; False when it was not sent whole, and the connection must end."""
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
    headers.append((b"content-type", answer.content_type.encode("latin-1")))
    headers.append((b"content-length", b"%d" % answer.length))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers, STREAMED: not head})
    if head:
        await answer.pieces.aclose()
        await send({"type": "http.response.body", "body": b""})
        return True
    _Open.number += 1
    _streams.inc()
    hung_up = asyncio.ensure_future(_hung_up(receive))
    try:
        async with aclosing(answer.pieces):
            return await _send_pieces(send, answer, hung_up)
    finally:
        hung_up.cancel()
        _Open.number -= 1
        _streams.dec()


async def _send_pieces(send: Send, answer: Streamed, hung_up: "asyncio.Future[None]") -> bool:
    left = answer.length
    piece = answer.begun
    try:
        while piece:
            left -= len(piece)
            async with asyncio.timeout(STALLED_S):
                await send({"type": "http.response.body", "body": piece, "more_body": left > 0})
            if hung_up.done():
                return True
            piece = await anext(answer.pieces, b"")
    except (EngineDown, NotFound, TimeoutError) as error:
        log.warning("file cut off", why=type(error).__name__, left=left)
        return False
    return left == 0


async def _hung_up(receive: Receive) -> None:
    """Return when whoever asked has gone; what they still send is not looked at."""
    with suppress(asyncio.CancelledError):
        while (await receive())["type"] != "http.disconnect":
            pass
