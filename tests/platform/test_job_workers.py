"""Workers as processes: killed, told to stop, or left without their database, they lose nothing."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from linnet.platform.embedded import EmbeddedEngines
from linnet.platform.engines import Engines
from linnet.platform.errors import EngineDown
from linnet.platform.jobs import admin
from test_jobs import emptied, enqueue, notes
from trial_jobs import DIE, NOTE, NOTE_SLOWLY

Start = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def start(servers: EmbeddedEngines) -> Iterator[Start]:
    """Starts one more worker process; all are gone at the end of the test."""
    started: list[subprocess.Popen[bytes]] = []

    def start_worker() -> "subprocess.Popen[bytes]":
        program = Path(__file__).with_name("trial_jobs.py")
        command = [sys.executable, str(program), servers.database_url, servers.valkey_url]
        started.append(subprocess.Popen(command, stdout=subprocess.DEVNULL))  # noqa: S603 -- our own program
        return started[-1]

    yield start_worker
    for process in started:
        process.kill()
        process.wait()


async def ended(process: "subprocess.Popen[bytes]", within_s: float = 10.0) -> int:
    async with asyncio.timeout(within_s):
        while process.poll() is None:
            await asyncio.sleep(0.02)
    return process.returncode


async def wait_for_note(engines: Engines, text: str) -> None:
    async with asyncio.timeout(10):
        while text not in await notes(engines):
            await asyncio.sleep(0.02)


async def test_a_job_that_kills_its_worker_ends_as_dead_and_takes_nobody_with_it(
    engines: Engines, start: Start
) -> None:
    await enqueue(engines, NOTE_SLOWLY, "in hand at the first death", "and the second")
    await enqueue(engines, DIE, "poison")
    deaths = 0
    async with asyncio.timeout(40):
        while not await admin.list_jobs(engines.db, state="dead"):
            process = start()
            while process.poll() is None and not await admin.list_jobs(engines.db, state="dead"):
                await asyncio.sleep(0.02)
            deaths += process.poll() == -signal.SIGKILL
    assert deaths == 3
    start()
    async with asyncio.timeout(20):
        while await admin.list_jobs(engines.db, state="ready") or len(await admin.list_jobs(engines.db)) > 1:
            await asyncio.sleep(0.02)
    [dead] = await admin.list_jobs(engines.db)
    assert (dead.name, dead.crashes, dead.last_error) == (DIE.name, 3, "The worker died while running this job")
    assert {"in hand at the first death", "and the second"} <= set(await notes(engines))


async def test_nothing_is_lost_when_workers_are_killed_again_and_again(engines: Engines, start: Start) -> None:
    wanted = {str(number) for number in range(600)}
    survivor = start()
    for first in range(0, 600, 200):
        victim = start()
        for number in range(first, first + 200, 20):
            await enqueue(engines, NOTE, *map(str, range(number, number + 20)))
            await asyncio.sleep(0.03)
        victim.kill()
        victim.wait()
    await enqueue(engines, NOTE_SLOWLY, "slow")
    await emptied(engines)
    assert set(await notes(engines)) == wanted | {"began slow", "slow"}
    assert survivor.poll() is None


async def test_a_job_in_hand_when_its_worker_is_killed_is_soon_run_by_another(engines: Engines, start: Start) -> None:
    await enqueue(engines, NOTE_SLOWLY, "slow")
    victim = start()
    await wait_for_note(engines, "began slow")
    os.kill(victim.pid, signal.SIGKILL)
    victim.wait()
    start()
    await emptied(engines, within_s=6)
    assert await notes(engines) == ["began slow", "began slow", "slow"]


async def test_a_worker_told_to_stop_ends_what_it_began_and_leaves_the_rest(engines: Engines, start: Start) -> None:
    await enqueue(engines, NOTE_SLOWLY, *map(str, range(10)))
    process = start()
    await wait_for_note(engines, "began 0")
    process.terminate()
    assert await ended(process) == 0
    written = await notes(engines)
    began = {note.removeprefix("began ") for note in written if note.startswith("began ")}
    assert began
    assert began == {note for note in written if not note.startswith("began ")}
    left = await admin.list_jobs(engines.db)
    assert {(job.state, job.attempts, job.crashes) for job in left} == {("ready", 0, 0)}
    assert len(left) == 10 - len(began)
    assert await engines.db.value("select count(*) from job_workers") == 0


async def test_a_worker_goes_on_when_postgresql_comes_back(
    engines: Engines, servers: EmbeddedEngines, start: Start
) -> None:
    process = start()
    await enqueue(engines, NOTE, "before")
    await wait_for_note(engines, "before")
    pid = servers.pid("postgresql")
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    written: list[str] = []
    async with asyncio.timeout(30):
        while "after" not in written:  # enqueued anew: without fsync, a killed server may forget what it just took
            await asyncio.sleep(0.2)
            with suppress(EngineDown):
                await enqueue(engines, NOTE, "after")
                written = await notes(engines)
    await emptied(engines)
    assert process.poll() is None
