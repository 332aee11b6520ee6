"""An empty queue for each test of the platform, on the real engines that all tests share."""

from collections.abc import AsyncIterator
from typing import LiteralString

import pytest
import pytest_asyncio
from trial_jobs import open_trial

from linnet.platform.embedded import EmbeddedEngines
from linnet.platform.engines import Engines

CLEARING: tuple[LiteralString, ...] = (
    "delete from jobs",
    "delete from job_workers",
    "delete from periodics",
    "delete from periodic_leases",
    "delete from notes",
)
"""To truncate takes ten times as long, and voids every plan."""


@pytest_asyncio.fixture(scope="session")
async def connected(servers: EmbeddedEngines) -> AsyncIterator[Engines]:
    async with open_trial(servers) as engines:
        yield engines


@pytest_asyncio.fixture
async def engines(connected: Engines) -> Engines:
    """Engines whose queue is empty, and the table `notes` that trial jobs write to as well."""
    for statement in CLEARING:
        await connected.db.execute(statement)
    return connected


@pytest.fixture
def calls() -> list[list[str]]:
    """The batches that the job of a test was called with."""
    return []
