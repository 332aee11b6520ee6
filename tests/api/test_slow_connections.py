"""Requests that trickle in: they are told so and hung up on, and whoever sends steadily is not."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn

from linnet.roles.connections import BODY_BYTES_PER_S_MIN, BoundedHttp

HEAD = b"POST / HTTP/1.1\r\nHost: linnet\r\n"
LATE_S = 5.0
"""By then a server that was to hang up has done so."""


class Impatient(BoundedHttp):
    head_timeout_s = 0.4
    body_timeout_s = 0.4


async def count(scope: Any, receive: Any, send: Any) -> None:
    """Answer with how many bytes the body had; a request to /early is answered before its body is read."""
    size, more = 0, scope["path"] != "/early"
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size, more = size + len(message["body"]), message["more_body"]
    body = str(size).encode()
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@asynccontextmanager
async def connected() -> AsyncGenerator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection to an impatient server."""
    config = uvicorn.Config(count, http=Impatient, lifespan="off", port=0, log_config=None, access_log=False)
    server = uvicorn.Server(config)
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    host, port = server.servers[0].sockets[0].getsockname()
    reader, writer = await asyncio.open_connection(host, port)
    try:
        yield reader, writer
    finally:
        writer.close()
        await server.shutdown()


async def trickle(writer: asyncio.StreamWriter, piece: bytes = b"x") -> None:
    """Send a piece ten times a second for as long as the server is there."""
    try:
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.1)
    except ConnectionError:
        return


async def heard_while(reader: asyncio.StreamReader, sending: Any) -> bytes:
    """All that the server says until it hangs up, which it does soon."""
    task = asyncio.create_task(sending)
    said = b""
    try:
        async with asyncio.timeout(LATE_S):
            while piece := await reader.read(65_536):  # piece by piece: a reset takes what is not read yet
                said += piece
    except ConnectionResetError:
        pass
    finally:
        task.cancel()
    return said


async def test_a_head_that_trickles_in_is_answered_408_and_hung_up_on() -> None:
    async with connected() as (reader, writer):
        writer.write(HEAD + b"X-A: ")
        said = await heard_while(reader, trickle(writer))
    assert said.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert b'{"error":"This request came in too slowly"}' in said


async def test_a_body_that_trickles_in_is_answered_408_and_hung_up_on() -> None:
    async with connected() as (reader, writer):
        writer.write(HEAD + b"Content-Length: 1000\r\n\r\n")
        said = await heard_while(reader, trickle(writer))
    assert said.startswith(b"HTTP/1.1 408 ")


async def test_a_body_that_nobody_waits_for_does_not_hold_its_connection() -> None:
    async with connected() as (reader, writer):
        writer.write(HEAD.replace(b"/ ", b"/early ") + b"Content-Length: 1000\r\n\r\n")
        said = await heard_while(reader, trickle(writer))
    assert said.count(b"HTTP/1.1 ") == 1
    assert b" 200 OK" in said


async def test_a_connection_on_which_nothing_is_asked_is_closed_without_a_word() -> None:
    async with connected() as (reader, _):
        assert await heard_while(reader, asyncio.sleep(0)) == b""


async def test_a_long_body_that_comes_steadily_is_taken() -> None:
    piece = b"x" * (BODY_BYTES_PER_S_MIN // 5)  # twice as much as it must be
    async with connected() as (reader, writer):
        writer.write(HEAD + b"Content-Length: %d\r\nConnection: close\r\n\r\n" % (len(piece) * 10))
        started = time.monotonic()
        said = await heard_while(reader, trickle(writer, piece))
        assert time.monotonic() - started > 2 * Impatient.body_timeout_s
    assert said.endswith(b"\r\n\r\n%d" % (len(piece) * 10))


async def test_the_next_request_of_a_connection_has_its_own_time() -> None:
    async with connected() as (reader, writer):
        for _ in range(3):
            writer.write(HEAD + b"Content-Length: 0\r\n\r\n")
            assert (await reader.readuntil(b"\r\n\r\n0")).startswith(b"HTTP/1.1 200 OK")
            await asyncio.sleep(0.5)
        writer.write(HEAD)
        assert (await heard_while(reader, asyncio.sleep(0))).startswith(b"HTTP/1.1 408 ")
