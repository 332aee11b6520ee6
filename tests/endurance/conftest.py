"""A server for the stories that press it hard, which no other test shares."""

from collections.abc import Generator
from pathlib import Path

import pytest

from running import Server, running_server


@pytest.fixture(scope="module")
def server(seed: Path) -> Generator[Server]:
    """`linnet serve`, ready, with embedded engines, cheap passwords and no rate limits; it logs all it can."""
    with running_server(seed, log_level="debug") as server:
        yield server
