"""One server for the end-to-end tests of each test process, started when the first of them asks for it."""

from collections.abc import Generator

import pytest
from running import Server, running_server


@pytest.fixture(scope="session")
def server() -> Generator[Server]:
    """`linnet serve`, ready, with embedded engines, cheap passwords and no rate limits."""
    with running_server() as server:
        yield server
