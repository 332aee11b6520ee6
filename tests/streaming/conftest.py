"""A streaming server in this process, for each test."""

from collections.abc import AsyncGenerator

import pytest_asyncio

from streams import Streams, serving
from world import World


@pytest_asyncio.fixture
async def streams(world: World) -> AsyncGenerator[Streams]:
    """A streaming server, ready."""
    async with serving(world) as streams:
        yield streams
