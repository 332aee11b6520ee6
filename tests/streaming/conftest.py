"""A streaming server in this process, on the engines of the world, with real sockets to it."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator

import pytest_asyncio

from linnet.roles.listening import listen
from linnet.roles.streaming import StreamingServer, service
from linnet.settings import Settings
from streams import Streams
from world import World, settings_of


@contextlib.asynccontextmanager
async def serving(world: World, **settings: object) -> AsyncGenerator[Streams]:
    """A server for these readers, until the end; further settings by name."""
    chosen: Settings = settings_of("", "", host="127.0.0.1", port=0, **settings)
    streaming = service(chosen, world.engines)
    listening = listen(chosen)
    server = StreamingServer(streaming, drain_s=2.0)
    telling = asyncio.create_task(streaming.hub.run())
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        streams = Streams(f"127.0.0.1:{listening.getsockname()[1]}", streaming, server)
        await streams.until_ready(world)
        yield streams
    finally:
        server.stop()
        await asyncio.wait_for(task, 10)
        telling.cancel()
        await asyncio.gather(telling, return_exceptions=True)


@pytest_asyncio.fixture
async def streams(world: World) -> AsyncGenerator[Streams]:
    """A streaming server, ready."""
    async with serving(world) as streams:
        yield streams
