"""A supervisor keeps its children alive, and leaves none of them behind."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import psutil
import pytest

from linnet.platform.processes import CannotStart
from linnet.platform.supervise import ChildSpec, Supervisor

ENVIRONMENT = {"PATH": os.defpath}
STUBBORN = "trap '' TERM; while :; do sleep 0.05; done"


def shell(name: str, script: str, **properties: Any) -> ChildSpec:
    """A child that runs a shell script."""
    return ChildSpec(name=name, argv=("/bin/sh", "-c", script), env=ENVIRONMENT, **properties)


async def until(true: Callable[[], bool], within_s: float = 5.0) -> None:
    """Wait for something that happens soon."""
    async with asyncio.timeout(within_s):
        while not true():  # noqa: ASYNC110 -- another process tells no event
            await asyncio.sleep(0.01)


async def test_a_stage_starts_when_the_one_before_is_ready_and_stops_before_it(tmp_path: Path) -> None:
    story = tmp_path / "story"
    asked = 0

    async def slowly() -> bool:
        nonlocal asked
        asked += 1
        story.open("a").write("asked\n")
        return asked == 3

    async def migrate() -> None:
        story.open("a").write("migrated\n")

    def role(name: str) -> str:
        return f"echo {name} up >> {story}; trap 'echo {name} down >> {story}; exit' TERM; while :; do sleep 0.02; done"

    supervisor = Supervisor(
        [
            shell("api", role("api"), stage=1, ready=lambda: asyncio.sleep(0, result="api up" in story.read_text())),
            shell("engine", role("engine"), ready=slowly),
        ],
        before={1: migrate},
    )
    await supervisor.start()
    assert supervisor.pid("engine") != supervisor.pid("api")
    await supervisor.stop()
    told = story.read_text().splitlines()
    told.remove("engine up")
    assert told == ["asked", "asked", "asked", "migrated", "api up", "api down", "engine down"]
    assert supervisor.pid("engine") is None


async def test_a_killed_child_is_started_again_and_pauses_grow(tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    supervisor = Supervisor([shell("short", f"date +%s.%N >> {starts}; sleep 0.02"), shell("long", "exec sleep 60")])
    await supervisor.start()
    before = supervisor.pid("long")
    assert before is not None
    os.kill(before, signal.SIGKILL)
    await until(lambda: supervisor.pid("long") not in {None, before}, within_s=1.0)
    await until(lambda: starts.exists() and len(starts.read_text().split()) >= 4)
    await supervisor.stop()
    times = [float(line) for line in starts.read_text().split()]
    pauses = [later - earlier for earlier, later in pairwise(times)]
    assert pauses[0] >= 0.1
    assert pauses[1] >= 0.2
    assert pauses[2] >= 0.4


async def test_a_child_that_was_never_ready_fails_the_start_with_its_last_words(tmp_path: Path) -> None:
    async def never() -> bool:
        return False

    log = tmp_path / "log"
    log.write_text("words of an earlier start\n")
    supervisor = Supervisor([shell("engine", "echo the disk is full; exit 3", log=log, ready=never)])
    with pytest.raises(CannotStart, match=r"engine ended with exit code 3 .*the disk is full") as caught:
        await supervisor.start()
    await supervisor.stop()
    assert "earlier start" not in caught.value.message


async def test_a_child_that_is_never_ready_is_ended_in_time_and_so_is_one_whose_check_breaks() -> None:
    async def never() -> bool:
        return False

    async def breaks() -> bool:
        raise ZeroDivisionError

    supervisor = Supervisor([shell("engine", "exec sleep 60", ready=never, ready_timeout_s=0.1)])
    with pytest.raises(CannotStart, match="engine was not ready after"):
        await supervisor.start()
    assert supervisor.pid("engine") is None
    supervisor = Supervisor([shell("engine", "exec sleep 60", ready=breaks)])
    with pytest.raises(ZeroDivisionError):
        await supervisor.start()
    assert supervisor.pid("engine") is None


async def test_a_program_that_is_not_there_is_named() -> None:
    supervisor = Supervisor([ChildSpec(name="engine", argv=("/nowhere/engine",), env=ENVIRONMENT)])
    with pytest.raises(CannotStart, match="/nowhere/engine could not be run"):
        await supervisor.start()


async def test_a_child_that_will_not_stop_is_killed_with_its_whole_group() -> None:
    supervisor = Supervisor([shell("stubborn", f"sleep 60 & {STUBBORN}", stop_timeout_s=0.2)])
    await supervisor.start()
    pid = supervisor.pid("stubborn")
    assert pid is not None
    assert os.getsid(pid) == pid, "a Ctrl-C in our terminal must not reach it"
    await until(lambda: len(psutil.Process(pid).children()) >= 1)
    family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    await supervisor.stop()
    await until(lambda: not any(alive(member) for member in family), within_s=1.0)


async def test_a_log_stays_bounded(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(b"x" * (2 << 20))
    supervisor = Supervisor([shell("child", "echo new; exec sleep 60", log=log)])
    await supervisor.start()
    await until(lambda: log.exists() and log.read_text() == "new\n")
    await supervisor.stop()
    assert (tmp_path / "log.1").stat().st_size == 2 << 20


SUPERVISING = """
import asyncio, sys
from linnet.platform.supervise import ChildSpec, Supervisor
child = ChildSpec(name="child", argv=("/bin/sh", "-c", sys.argv[1]), env={"PATH": "/usr/bin:/bin"}, stop_timeout_s=60)
asyncio.run(Supervisor([child]).run())
"""


async def supervising(script: str) -> tuple["subprocess.Popen[bytes]", list[psutil.Process]]:
    """A process that supervises one child, and everything below it."""
    parent = subprocess.Popen([sys.executable, "-c", SUPERVISING, script], stdout=subprocess.DEVNULL)  # noqa: ASYNC220
    try:
        await until(lambda: len(psutil.Process(parent.pid).children()) == 1, within_s=10.0)
        await asyncio.sleep(0.1)  # the shell sets its trap
        return parent, psutil.Process(parent.pid).children(recursive=True)
    except BaseException:
        parent.kill()
        raise


def alive(process: psutil.Process) -> bool:
    """Whether it runs; a zombie that PID 1 has not yet reaped does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def test_sigterm_drains_and_a_second_signal_kills() -> None:
    parent, family = await supervising(STUBBORN)
    parent.terminate()
    await asyncio.sleep(0.3)
    assert parent.poll() is None, "it waits for its child"
    began = time.monotonic()
    parent.terminate()
    await asyncio.to_thread(parent.wait, 10)
    assert time.monotonic() - began < 2
    assert parent.returncode == 0
    assert not any(alive(member) for member in family[:1])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of their parent's death")
async def test_a_supervisor_killed_with_minus_9_leaves_no_child_behind() -> None:
    parent, family = await supervising("exec sleep 60")
    parent.kill()
    await asyncio.to_thread(parent.wait, 10)
    await until(lambda: not any(alive(member) for member in family), within_s=2.0)
