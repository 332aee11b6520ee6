"""What the tests of embedded engines share: a place for data folders, others who serve, who is still alive."""

import asyncio
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import asyncpg
import psutil

from linnet.platform.embedded import EmbeddedEngines
from seed import quick_place


@contextmanager
def public_place() -> Generator[Path]:
    """A short folder that every account can pass through, with one data folder that several tests use in turn."""
    place = Path(tempfile.mkdtemp(prefix="linnet-test-", dir=quick_place()))  # pytest's own are private to root
    place.chmod(0o755)
    yield place
    left = living_below(place)
    shutil.rmtree(place)
    assert not left


def living_below(folder: Path) -> list[str]:
    """Every process of this machine that works somewhere in `folder`."""
    return [
        f"{process.pid} {process.info['cmdline']}"
        for process in psutil.process_iter(["cwd", "cmdline"])
        if (process.info["cwd"] or "").startswith(f"{folder}/")
    ]


async def until(true: Callable[[], bool], within_s: float) -> None:
    """Wait for something that happens soon."""
    async with asyncio.timeout(within_s):
        while not true():  # noqa: ASYNC110 -- another process tells no event
            await asyncio.sleep(0.02)


async def connect(engines: EmbeddedEngines, within_s: float = 5.0) -> "asyncpg.Connection[asyncpg.Record]":
    """A connection as the application makes one, as soon as the server serves."""
    async with asyncio.timeout(within_s):
        while True:
            try:
                return await asyncpg.connect(engines.database_url)
            except (OSError, asyncpg.PostgresError):
                await asyncio.sleep(0.02)


SERVING = """
import asyncio, concurrent.futures.thread, os, sys
from pathlib import Path
import structlog
from linnet.platform.embedded import EmbeddedEngines
from linnet.platform.processes import CannotStart
structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
async def serve():
    if len(sys.argv) > 2:  # an ordinary user, who need not be able to read root's Python
        os.setgroups([]); os.setgid(int(sys.argv[2])); os.setuid(int(sys.argv[2]))
    try:
        async with EmbeddedEngines(Path(sys.argv[1])) as engines:
            print(engines.database_url, flush=True)
            await asyncio.to_thread(sys.stdin.read)
    except CannotStart as error:
        print(error.message, flush=True)
asyncio.run(serve())
"""


@asynccontextmanager
async def serving(data_dir: Path, *uid: int) -> AsyncGenerator[tuple["subprocess.Popen[str]", str]]:
    """Another Python process that runs engines until the block ends, and its first line: their URL, or why not."""
    process = subprocess.Popen(  # noqa: ASYNC220
        [sys.executable, "-c", SERVING, str(data_dir), *map(str, uid)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        line = await asyncio.wait_for(asyncio.to_thread(process.stdout.readline), 30)
        yield process, line.strip()
    finally:
        await asyncio.to_thread(process.communicate)  # closes its input
