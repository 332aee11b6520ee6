"""The job queue against pgqueuer, each whole on one core with a PostgreSQL that syncs: `python bench/jobs.py`.

Client, server and its background processes share the core. Three questions: jobs per second that do nothing, what
jobs add to the transaction that enqueues them, and how soon an idle worker begins.
"""

import argparse
import asyncio
import os
import statistics
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import Any, cast

import asyncpg
import structlog
import uvloop
from pgqueuer.db import AsyncpgDriver
from pgqueuer.qm import QueueManager
from pgqueuer.queries import Queries as PgQueuer
from pgqueuer.types import QueueExecutionMode

from linnet.platform.bus import Bus
from linnet.platform.changes import Changes
from linnet.platform.clock import SystemClock
from linnet.platform.embedded import EmbeddedEngines
from linnet.platform.engines import Engines
from linnet.platform.jobs import Job, Work, store
from linnet.platform.jobs.worker import Worker
from linnet.platform.migrations import migrate
from linnet.platform.postgres import Connection, Database
from linnet.platform.valkey import Valkey

BATCHES = (50, 200)
PAYLOAD = b'{"status_id":112233445566778899}'
TRANSACTIONS = 500
STARTS = 100


class Post(Work, frozen=True):
    """The size of work that a new post leads to."""

    status_id: int = 112233445566778899


@asynccontextmanager
async def connected(servers: EmbeddedEngines) -> AsyncGenerator[Engines]:
    """Engines on these servers."""
    db, valkey = await Database.connect(servers.database_url), Valkey.connect(servers.valkey_url)
    yield Engines(db, valkey, Bus(valkey), Changes(valkey), SystemClock(), reactions={})
    await db.close()
    await valkey.close()


@asynccontextmanager
async def our_worker(engines: Engines, job: Job[Post]) -> AsyncGenerator[None]:
    """Our worker beside the block."""
    worker = Worker(engines, [job])
    running = asyncio.create_task(worker.run())
    yield
    worker.stop()
    await running


async def our_rate(engines: Engines, jobs: int, batch: int) -> float:
    """Jobs per second of our worker, from its start to the last job."""
    left, ended = jobs, asyncio.Event()

    async def run(_: Engines, works: Sequence[Post]) -> None:
        nonlocal left
        left -= len(works)
        if left == 0:
            ended.set()

    job = Job("bench.nothing", Post, run, batch_max=batch)
    for _ in range(0, jobs, 1000):
        await store.enqueue(engines.db, [(job, Post())] * 1000)
    started = perf_counter()
    async with our_worker(engines, job):
        await ended.wait()
        return jobs / (perf_counter() - started)


async def pgqueuer_rate(url: str, jobs: int, batch: int) -> float:
    """Jobs per second of pgqueuer's queue manager, from its start to the last job."""
    connection = await asyncpg.connect(url)
    queries = PgQueuer(AsyncpgDriver(connection))
    for _ in range(0, jobs, 1000):
        await queries.enqueue(["nothing"] * 1000, [PAYLOAD] * 1000, [0] * 1000)
    manager = QueueManager(queries)
    left, ended_at = jobs, 0.0

    @manager.entrypoint("nothing")
    async def nothing(_: object) -> None:
        nonlocal left, ended_at
        left -= 1
        if left == 0:
            ended_at = perf_counter()

    started = perf_counter()
    await manager.run(batch_size=batch, mode=QueueExecutionMode.drain, dequeue_timeout=timedelta(seconds=1))
    await connection.close()
    return jobs / (ended_at - started)


async def added_us(url: str, jobs: int) -> tuple[float, float, float]:
    """Median microseconds of a transaction that inserts a post, and what `jobs` jobs add: with ours, with pgqueuer.

    In turns, so that a busy machine is unjust to none; without waiting for the disk, which would hide the difference.
    """
    job = Job("bench.later", Post, run_nothing)
    raw = await asyncpg.connect(url, server_settings={"synchronous_commit": "off"})
    ours, theirs = Connection(cast("Any", raw)), PgQueuer(AsyncpgDriver(raw))
    ways: list[Callable[[], Awaitable[object]]] = [
        lambda: asyncio.sleep(0),
        lambda: store.enqueue(ours, [(job, Post())] * jobs),
        lambda: theirs.enqueue(["later"] * jobs, [PAYLOAD] * jobs, [0] * jobs),
    ]
    taken: list[list[float]] = [[] for _ in ways]
    for _ in range(TRANSACTIONS):
        for way, times in zip(ways, taken, strict=True):
            started = perf_counter()
            async with raw.transaction():
                await raw.execute("insert into bench_posts (text) values ($1)", "hello")
                await way()
            times.append((perf_counter() - started) * 1e6)
    await raw.execute("delete from pgqueuer")
    await raw.execute("delete from jobs")
    await raw.close()
    bare, with_ours, with_theirs = map(statistics.median, taken)
    return bare, with_ours - bare, with_theirs - bare


async def run_nothing(_: Engines, __: Sequence[Post]) -> None:
    """No work at all."""


async def our_starts_ms(engines: Engines) -> list[float]:
    """Milliseconds from before the transaction to the call of the job, on an idle worker."""
    begun = asyncio.Event()

    async def begin(_: Engines, __: Sequence[Post]) -> None:
        begun.set()

    job = Job("bench.begin", Post, begin)

    async def enqueue() -> None:
        async with engines.transaction() as transaction:
            await transaction.enqueue(job, [Post()])

    async with our_worker(engines, job):
        return await starts_ms(begun, enqueue)


async def pgqueuer_starts_ms(url: str) -> list[float]:
    """The same for pgqueuer."""
    connection, other = await asyncpg.connect(url), await asyncpg.connect(url)
    manager, queries = QueueManager(PgQueuer(AsyncpgDriver(connection))), PgQueuer(AsyncpgDriver(other))
    begun = asyncio.Event()

    @manager.entrypoint("begin")
    async def begin(_: object) -> None:
        begun.set()

    async def enqueue() -> None:
        async with other.transaction():
            await queries.enqueue(["begin"], [PAYLOAD], [0])

    running = asyncio.create_task(manager.run(batch_size=10, dequeue_timeout=timedelta(seconds=1)))
    taken = await starts_ms(begun, enqueue)
    manager.shutdown.set()
    await running
    await connection.close()
    await other.close()
    return taken


async def starts_ms(begun: asyncio.Event, enqueue: Callable[[], Awaitable[None]]) -> list[float]:
    """Milliseconds from the beginning of each `enqueue` until `begun`, with a pause between."""
    await asyncio.sleep(1)
    taken: list[float] = []
    for _ in range(STARTS):
        begun.clear()
        started = perf_counter()
        await enqueue()
        await begun.wait()
        taken.append((perf_counter() - started) * 1000)
        await asyncio.sleep(0.03)
    return sorted(taken)


async def compare(jobs: int) -> None:
    """Run everything and print one table."""
    with tempfile.TemporaryDirectory(prefix="linnet-") as folder:
        async with EmbeddedEngines(Path(folder)) as servers, connected(servers) as engines:
            await migrate(servers.database_url)
            await engines.db.execute("create table bench_posts (id bigint generated always as identity, text text)")
            setup = await asyncpg.connect(servers.database_url)
            await PgQueuer(AsyncpgDriver(setup)).install()
            await setup.close()
            print(f"{'':44}{'ours':>10}{'pgqueuer':>10}{'ratio':>8}")
            for batch in BATCHES:
                ours = await our_rate(engines, jobs, batch)
                theirs = await pgqueuer_rate(servers.database_url, jobs, batch)
                row(f"jobs/s, batches of {batch}", ours, theirs)
            for number in (1, 3):
                bare, ours, theirs = await added_us(servers.database_url, number)
                row(f"µs added by {number} to a transaction of {bare:.0f} µs", ours, theirs)
            mine, others = await our_starts_ms(engines), await pgqueuer_starts_ms(servers.database_url)
            row("ms from enqueue to start, p50", mine[STARTS // 2], others[STARTS // 2])
            row("ms from enqueue to start, p99", mine[-2], others[-2])


def row(what: str, ours: float, theirs: float) -> None:
    """Print one line of the table."""
    digits = 0 if ours >= 100 else 1
    print(f"{what:44}{ours:>10,.{digits}f}{theirs:>10,.{digits}f}{ours / theirs:>8.2f}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=20_000, help="jobs of each run, in thousands")
    parser.add_argument("--core", type=int, default=0, help="the core that everything runs on")
    arguments = parser.parse_args()
    os.sched_setaffinity(0, {arguments.core})
    sink = Path(os.devnull).open("w")  # noqa: SIM115 -- log lines are written, as in service, to nowhere
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sink))
    uvloop.run(compare(arguments.jobs))
