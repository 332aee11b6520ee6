"""Real engines, started once for each test process, and an empty world for each test."""

import logging
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
import structlog

import secrecy
from linnet.platform.embedded import EmbeddedEngines
from s3_server import S3Server, s3_server
from seed import make_seed, plant, quick_place
from world import World, open_world


def _drop_chatter(_: object, method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Leave only what a failed test should show: to lay out a line for every request costs more than to answer it."""
    if method in {"debug", "info"}:
        raise structlog.DropEvent
    return event


structlog.configure(processors=[secrecy.look_at_event, _drop_chatter, *structlog.get_config()["processors"]])


logging.getLogger().addHandler(secrecy.Listener())


@pytest.fixture(scope="session", autouse=True)
def silent_logs() -> Iterator[None]:
    """Nothing secret was logged by any of the tests, though none of them looks."""
    yield
    assert not secrecy.told, f"{len(secrecy.told)} lines with secrets were logged, first: {secrecy.told[0]}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put end-to-end tests first, then those of a bucket: so one of several test processes starts their servers."""
    items.sort(key=lambda item: ("e2e" not in item.path.parts, not item.name.endswith("s3]")))


@pytest_asyncio.fixture(scope="session")
async def seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `plant` makes data folders of, which need no `initdb` and no migrations."""
    own = tmp_path_factory.getbasetemp()
    return await make_seed(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own)


@pytest_asyncio.fixture(scope="session")
async def servers(seed: Path) -> AsyncIterator[EmbeddedEngines]:
    """PostgreSQL with every migration applied, and Valkey."""
    with tempfile.TemporaryDirectory(prefix="linnet-", dir=quick_place()) as folder:
        Path(folder).chmod(0o711)  # noqa: ASYNC240 -- run by root, the engines are somebody else, who comes through here
        plant(seed, Path(folder, "data"))
        async with EmbeddedEngines(Path(folder, "data"), durable=False) as servers:
            yield servers


@pytest_asyncio.fixture(scope="session")
async def s3() -> AsyncIterator[S3Server]:
    """An S3 server for files, which no test but its own ones kills; started when a test first needs it."""
    async with s3_server() as server:
        yield server


@pytest_asyncio.fixture(scope="session")
async def empty_world(servers: EmbeddedEngines) -> AsyncIterator[World]:
    """The world that `world` empties for each test."""
    async with open_world(servers.database_url, servers.valkey_url) as world:
        yield world


@pytest_asyncio.fixture(scope="session")
async def bucket_world(servers: EmbeddedEngines, s3: S3Server) -> AsyncIterator[World]:
    """Another one, whose files are in a bucket."""
    async with open_world(servers.database_url, servers.valkey_url, **s3.settings("world")) as world:
        yield world


@pytest.fixture
def media_store() -> str:
    """Where files are: in a folder, unless a test is `on_both_stores`."""
    return "folder"


@pytest.fixture
def opened_world(request: pytest.FixtureRequest, media_store: str) -> World:
    """The world with this store; the S3 server is started when a test first needs it."""
    opened: World = request.getfixturevalue("bucket_world" if media_store == "s3" else "empty_world")
    return opened


@pytest_asyncio.fixture
async def world(opened_world: World) -> World:
    """An empty server, in process, with real engines and a clock that tests move. Jobs run when `settle` is called."""
    await opened_world.clear()
    return opened_world
