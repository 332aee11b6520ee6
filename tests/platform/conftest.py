"""Real engines, started once, and an empty queue for each test of the platform."""

import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from linnet.platform.bus import Bus
from linnet.platform.clock import SystemClock
from linnet.platform.embedded import EmbeddedEngines
from linnet.platform.engines import Engines
from linnet.platform.migrations import migrate
from linnet.platform.postgres import Database
from linnet.platform.valkey import Valkey


@pytest_asyncio.fixture(scope="session")
async def servers() -> AsyncIterator[EmbeddedEngines]:
    """PostgreSQL with every migration applied, and Valkey."""
    with tempfile.TemporaryDirectory(prefix="linnet-", dir="/tmp") as folder:  # noqa: S108 -- socket paths are short
        async with EmbeddedEngines(Path(folder), durable=False) as servers:
            await migrate(servers.database_url)
            yield servers


@pytest_asyncio.fixture(scope="session")
async def connected(servers: EmbeddedEngines) -> AsyncIterator[Engines]:
    db = await Database.connect(servers.database_url)
    valkey = Valkey.connect(servers.valkey_url)
    await db.execute("create table notes (id bigint generated always as identity primary key, note text not null)")
    yield Engines(db, valkey, Bus(valkey), SystemClock(), reactions={})
    await db.execute("drop table notes")
    await db.close()
    await valkey.close()


@pytest_asyncio.fixture
async def engines(connected: Engines) -> Engines:
    """Engines whose queue is empty. Jobs of these tests write to the table `notes`, empty too."""
    await connected.db.execute("truncate jobs, job_workers, periodics, periodic_leases, notes")
    return connected


@pytest.fixture
def calls() -> list[list[str]]:
    """The batches that the job of a test was called with."""
    return []
