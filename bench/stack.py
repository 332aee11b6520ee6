"""A whole server for measurements: all its processes on one core, in a folder of its own, stopped at the end."""

import asyncio
import os
import platform
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from bench.client import Connection, get
from linnet.platform.embedded_running import RunningEngines, running_in

START_TIMEOUT_S = 120
STOP_TIMEOUT_S = 60
MIB = 1 << 20


@dataclass(frozen=True)
class Stack:
    """A running server: its processes, where it listens, and where its data are."""

    process: psutil.Process
    port: int
    folder: Path

    @property
    def engines(self) -> RunningEngines:
        """Where its PostgreSQL and its Valkey serve."""
        found = running_in(self.folder)
        assert found is not None, "a server that answers has engines"
        return found

    def processes(self) -> list[tuple[str, psutil.Process]]:
        """Its processes below the supervisor, each with its kind: postgres, valkey, api, worker or scheduler."""
        found: list[tuple[str, psutil.Process]] = []
        for process in self.process.children(recursive=True):
            try:
                found.append((_kind(process.cmdline()), process))
            except psutil.NoSuchProcess:
                continue
        return found

    def cpu_ms(self) -> Counter[str]:
        """CPU time of the server so far in ms, by kind of process."""
        spent: Counter[str] = Counter()
        for kind, process in self.processes():
            try:
                times = process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            spent[kind] += round((times.user + times.system) * 1000)
        return spent

    def memory_mib(self) -> Counter[str]:
        """Memory by kind of process in MiB, what several share counted once between them (PSS)."""
        held: Counter[str] = Counter()
        for kind, process in self.processes():
            try:
                held[kind] += round(process.memory_full_info().pss / MIB)
            except psutil.NoSuchProcess:
                continue
        return held

    def put(self, kind: str, cores: Sequence[int]) -> None:
        """Move the processes of a kind to other cores; what they start follows them."""
        for found, process in self.processes():
            if found == kind:
                try:
                    process.cpu_affinity(list(cores))
                except psutil.NoSuchProcess:
                    continue

    async def restart_api(self) -> None:
        """Kill the API process; return when the one that the supervisor starts instead answers."""
        dead = [process for kind, process in self.processes() if kind == "api"]
        for process in dead:
            process.kill()
        psutil.wait_procs(dead, 10)
        await self.until_ready()

    async def until_ready(self) -> None:
        """Return when the server answers."""
        ends = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < ends:
            try:
                async with asyncio.timeout(5):
                    connection = await Connection.open(self.port)
                    status, _ = await connection.ask(get("/health/ready", ""))
                    connection.close()
            except (OSError, TimeoutError):
                status = 0
            if status == 200:
                return
            await asyncio.sleep(0.1)
        raise SystemExit((self.folder / "serve.log").read_text())


def _kind(args: list[str]) -> str:
    if len(args) > 3 and args[1:3] == ["-m", "linnet"]:
        return args[3]
    name = Path(args[0]).name if args else ""
    return next((kind for kind in ("postgres", "valkey") if name.startswith(kind)), "other")


@contextmanager
def running(folder: Path, core: int, **settings: str) -> Generator[Stack]:
    """A whole server, all its processes on one core, stopped at the end; further settings as variables."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {
        **os.environ,
        "LINNET_DATA_DIR": str(folder),
        "LINNET_PORT": str(port),
        "LINNET_API_PROCESSES": "1",
        "LINNET_RATE_LIMITS": "false",
        "LINNET_LOG_LEVEL": "warning",
        **settings,
    }
    with (folder / "serve.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "linnet", "serve"],
            env=env,
            stdout=log,
            stderr=log,
            preexec_fn=lambda: os.sched_setaffinity(0, {core}),  # noqa: PLW1509 -- nothing here has threads
        )
    try:
        yield Stack(psutil.Process(server.pid), port, folder)
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            server.kill()


def processor() -> str:
    """The name of this machine's processor."""
    described = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = (line.split(":", 1)[1].strip() for line in described if "model name" in line)
    return next(names, platform.processor())


def machine(cores: int) -> str:
    """Where and when: whole server on one core, load on another."""
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {processor()}, {cores} cores, Python {platform.python_version()}; "
        "the whole server on one core, the load on another"
    )
