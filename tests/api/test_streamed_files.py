"""Files over real connections: readers who are slow, go away, or stop reading, and a store that goes away meanwhile."""

import asyncio
import os
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn

from linnet.api import streamed
from linnet.platform.blobs import Blobs
from linnet.roles.connections import BoundedHttp
from media_made import made, shown
from world import Person, World

LARGE = os.urandom(12_000_000)
"""More than the buffers of two sockets and of the server take."""
FILE = "original-0.mp4"
Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def serving(world: World) -> AsyncGenerator[tuple[str, int]]:
    """The world's application in the server that people meet."""
    config = uvicorn.Config(
        world.app, http=BoundedHttp, lifespan="off", port=0, log_config=None, access_log=False, proxy_headers=False
    )
    server = uvicorn.Server(config)
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    try:
        yield server.servers[0].sockets[0].getsockname()
    finally:
        await server.shutdown()


@asynccontextmanager
async def line_to(address: tuple[str, int]) -> AsyncGenerator[Line]:
    reader, writer = await asyncio.open_connection(*address, limit=64 * 1024)
    try:
        yield reader, writer
    finally:
        writer.close()


async def film(person: Person) -> str:
    media_id = await made(person, {FILE: ("video/mp4", LARGE)})
    await shown(person, media_id, media_id + 1)
    return f"/media/{media_id}/{FILE}"


def ask(line: Line, path: str, method: str = "GET", *headers: str) -> None:
    lines = [f"{method} {path} HTTP/1.1", "host: linnet.test", *headers, "", ""]
    line[1].write("\r\n".join(lines).encode())


async def head_of(line: Line) -> dict[str, str]:
    """The status and the headers of an answer."""
    text = (await line[0].readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
    named = (part.partition(": ") for part in text[1:])
    return {"status": text[0].split(" ")[1], **{name.lower(): value for name, _, value in named}}


async def until(holds: Any, within_s: float = 10.0) -> None:
    for _ in range(int(within_s / 0.02)):
        if holds():
            return
        await asyncio.sleep(0.02)
    raise TimeoutError


async def test_several_answers_follow_each_other_on_one_connection(world: World) -> None:
    path = await film(await world.person("alice"))
    async with serving(world) as address, line_to(address) as line:
        ask(line, path)
        ask(line, path, "HEAD")
        ask(line, path, "GET", "range: bytes=-7")
        assert (await head_of(line))["status"] == "200"
        assert await line[0].readexactly(len(LARGE)) == LARGE
        told = await head_of(line)
        assert (told["status"], told["content-length"]) == ("200", str(len(LARGE)))
        assert (await head_of(line))["content-range"] == f"bytes {len(LARGE) - 7}-{len(LARGE) - 1}/{len(LARGE)}"
        assert await line[0].readexactly(7) == LARGE[-7:]


async def test_a_slow_reader_holds_up_nobody_and_is_no_request_in_flight(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = await film(await world.person("alice"))
    monkeypatch.setattr(world.app, "_in_flight", 0)
    async with serving(world) as address, line_to(address) as slow:
        ask(slow, path)
        await head_of(slow)
        assert not world.app._in_flight  # pyright: ignore[reportPrivateUsage] -- what sheds requests
        async with line_to(address) as other:
            ask(other, path, "GET", "range: bytes=0-9")
            assert (await head_of(other))["status"] == "206"
        assert await slow[0].readexactly(len(LARGE)) == LARGE


async def test_of_a_reader_who_goes_away_nothing_stays(world: World) -> None:
    path = await film(await world.person("alice"))
    async with serving(world) as address:
        async with line_to(address) as line:
            ask(line, path)
            await head_of(line)
            assert streams() == 1
        await until(lambda: streams() == 0)


async def test_who_takes_nothing_for_long_is_hung_up_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streamed, "STALLED_S", 0.3)
    path = await film(await world.person("alice"))
    async with serving(world) as address, line_to(address) as line:
        ask(line, path)
        await until(lambda: streams() == 1)
        await until(lambda: streams() == 0)
        with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
            await line[0].readexactly(len(LARGE))


async def test_a_file_that_cannot_be_read_on_is_cut_off_and_never_looks_whole(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Blobs.read

    async def halfway(self: Blobs, name: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        assert end is not None
        async for piece in whole(self, name, start, end // 2):
            yield piece
        async for piece in whole(self, "media/1/none", 0, end):
            yield piece

    path = await film(await world.person("alice"))
    monkeypatch.setattr(Blobs, "read", halfway)
    async with serving(world) as address, line_to(address) as line:
        ask(line, path)
        assert (await head_of(line))["status"] == "200"
        with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
            await line[0].readexactly(len(LARGE))


async def test_there_is_an_end_to_how_many_are_sent_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streamed, "STREAMS_MAX", 1)
    path = await film(await world.person("alice"))
    async with serving(world) as address, line_to(address) as first, line_to(address) as second:
        ask(first, path)
        await head_of(first)
        ask(second, path)
        refused = await head_of(second)
        assert (refused["status"], refused["retry-after"]) == ("503", "5")


def streams() -> int:
    """How many files are being sent."""
    return streamed._Open.number  # pyright: ignore[reportPrivateUsage] -- what the bound counts
