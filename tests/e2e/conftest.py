"""One server for the end-to-end tests of each test process, started when the first of them asks for it."""

import asyncio
from collections.abc import Generator
from pathlib import Path

import pytest

from running import Prolific, Server, post_many, running_server

POSTS = 500
"""What clients are promised to page through; also more than a home is filled with, so that they leave what is kept."""


@pytest.fixture(scope="session")
def server(seed: Path) -> Generator[Server]:
    """`linnet serve`, ready, with embedded engines, cheap passwords and no rate limits; it logs all it can."""
    with running_server(seed, log_level="debug") as server:
        yield server


@pytest.fixture(scope="session")
def prolific(server: Server) -> Prolific:
    """Somebody with 500 posts, for those who page."""
    author = server.join("prolific")
    return Prolific(author, sorted(asyncio.run(post_many(server, author, POSTS)), reverse=True))
