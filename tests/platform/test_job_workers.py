"""Workers as processes: killed, told to stop, or left without their database, they lose nothing."""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from serving import public_place
from test_jobs import emptied, enqueue, noted, notes
from trial_jobs import DIE, NOTE, NOTE_SLOWLY, Note, open_trial, until, work

from linnet.platform.embedded import EmbeddedEngines
from linnet.platform.engines import Engines
from linnet.platform.errors import EngineDown
from linnet.platform.jobs import admin
from seed import plant

Start = Callable[[EmbeddedEngines], BaseProcess]

PROCESSES = multiprocessing.get_context("forkserver")
"""Each worker is a fork of one small process, which pays once for all imports."""

PROCESSES.set_forkserver_preload(["linnet.platform.embedded", "linnet.platform.jobs.worker", "pytest"])


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts one more worker process; all are gone at the end of the test."""
    started: list[BaseProcess] = []

    def start_worker(servers: EmbeddedEngines) -> BaseProcess:
        started.append(PROCESSES.Process(target=work, args=(servers.database_url, servers.valkey_url)))
        started[-1].start()
        return started[-1]

    yield start_worker
    for process in started:
        process.kill()
        process.join()


async def test_a_job_that_kills_its_worker_ends_as_dead_and_takes_nobody_with_it(
    engines: Engines, servers: EmbeddedEngines, start: Start
) -> None:
    async def died_or_held() -> bool:
        return process.exitcode is not None or bool(await admin.list_jobs(engines.db, state="dead"))

    async def only_the_dead_left() -> bool:
        return {job.state for job in await admin.list_jobs(engines.db)} == {"dead"}

    await enqueue(engines, NOTE_SLOWLY, "in hand at the first death", "and the second")
    await enqueue(engines, DIE, "poison")
    deaths = 0
    while not await admin.list_jobs(engines.db, state="dead"):
        process = start(servers)
        await until(died_or_held, within_s=30)
        deaths += process.exitcode == -signal.SIGKILL
    assert deaths == 3
    await until(only_the_dead_left, within_s=30)
    [dead] = await admin.list_jobs(engines.db)
    assert (dead.name, dead.crashes, dead.last_error) == (DIE.name, 3, "The worker died while running this job")
    assert {"in hand at the first death", "and the second"} <= set(await notes(engines))


async def test_nothing_is_lost_when_workers_are_killed_again_and_again(
    engines: Engines, servers: EmbeddedEngines, start: Start
) -> None:
    wanted = {str(number) for number in range(600)}
    survivor = start(servers)
    for first in range(0, 600, 200):
        victim = start(servers)
        for number in range(first, first + 200, 20):
            await enqueue(engines, NOTE, *map(str, range(number, number + 20)))
            await asyncio.sleep(0.03)
        victim.kill()
        victim.join()
    await enqueue(engines, NOTE_SLOWLY, "slow")
    await emptied(engines)
    assert set(await notes(engines)) == wanted | {"began slow", "slow"}
    assert survivor.is_alive()


async def test_a_job_in_hand_when_its_worker_is_killed_is_soon_run_by_another(
    engines: Engines, servers: EmbeddedEngines, start: Start
) -> None:
    await enqueue(engines, NOTE_SLOWLY, "slow")
    victim = start(servers)
    await noted(engines, "began slow")
    victim.kill()
    victim.join()
    start(servers)
    await emptied(engines, within_s=20)
    assert await notes(engines) == ["began slow", "began slow", "slow"]


async def test_a_worker_told_to_stop_ends_what_it_began_and_leaves_the_rest(
    engines: Engines, servers: EmbeddedEngines, start: Start
) -> None:
    await enqueue(engines, NOTE_SLOWLY, *map(str, range(10)))
    process = start(servers)
    await noted(engines, "began 0")
    process.terminate()
    await asyncio.to_thread(process.join, 10)
    assert process.exitcode == 0
    written = await notes(engines)
    began = {note.removeprefix("began ") for note in written if note.startswith("began ")}
    assert began
    assert began == {note for note in written if not note.startswith("began ")}
    left = await admin.list_jobs(engines.db)
    assert {(job.state, job.attempts, job.crashes) for job in left} == {("ready", 0, 0)}
    assert len(left) == 10 - len(began)
    assert await engines.db.value("select count(*) from job_workers") == 0


async def test_a_worker_goes_on_when_postgresql_comes_back(seed: Path, start: Start) -> None:
    async def noted_after() -> bool:  # enqueued anew: without fsync, a killed server may forget what it just took
        with suppress(EngineDown):
            await enqueue(engines, NOTE, "after")
            return "after" in await notes(engines)
        return False

    with public_place() as place:
        plant(seed, place / "data")
        async with EmbeddedEngines(place / "data", durable=False) as servers, open_trial(servers) as engines:
            process = start(servers)
            async with engines.transaction() as transaction:
                await transaction.execute("set local synchronous_commit to on")  # all up to here outlives the kill
                await transaction.enqueue(NOTE, [Note("before")])
            await noted(engines, "before")
            pid = servers.pid("postgresql")
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
            await until(noted_after, within_s=30)
            await emptied(engines)
            process.terminate()
            await asyncio.to_thread(process.join, 10)
            assert process.exitcode == 0
