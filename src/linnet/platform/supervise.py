"""A supervisor of child processes: starts them by stages, starts the dead again, stops them in reverse order.

It runs in the main thread of its process (a child's death signal follows the thread that forked it). Each child leads a
session of its own; when the supervisor is killed with -9, the kernel ends the children (Linux).
"""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import structlog

from linnet.platform import processes
from linnet.platform.processes import CannotStart, Identity

BACKOFF_FIRST_S = 0.1
BACKOFF_MAX_S = 5.0
BACKOFF_FORGOTTEN_S = 10.0
"""A child that lived this long starts its backoff anew when it dies."""

READY_POLL_S = 0.02
KILL_TIMEOUT_S = 5.0

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildSpec:
    """One child process: how it is run, when it counts as ready, how it is stopped."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    stage: int = 0
    """Children of a stage start together, when all of the stage before are ready; they stop in reverse."""
    cwd: Path | None = None
    log: Path | None = None
    """File for its output; None: where the supervisor's own goes."""
    identity: Identity | None = None
    pass_fds: Sequence[int] = ()
    clear: Callable[[], Awaitable[None]] | None = None
    """Awaited before each start, and after a kill: ends what an earlier run of this child left behind."""
    ready: Callable[[], Awaitable[bool]] | None = None
    """Asked again and again until True; may raise `CannotStart`. None: ready as soon as it runs."""
    ready_timeout_s: float = 60.0
    stop_signal: signal.Signals = signal.SIGTERM
    stop_timeout_s: float = 20.0
    kill_signal: signal.Signals = signal.SIGKILL
    """Sent when somebody asks twice to stop."""
    death_signal: signal.Signals = signal.SIGKILL
    """Sent by the kernel when the supervisor dies."""


class Supervisor:
    """Keeps children running from `start` to `stop`, or for the whole life of a process with `run`."""

    def __init__(
        self, specs: Sequence[ChildSpec], *, before: Mapping[int, Callable[[], Awaitable[None]]] | None = None
    ) -> None:
        """`before` names what is to be done here, in this process, before a stage starts (such as migrations)."""
        self._children = {spec.name: _Child(spec) for spec in specs}
        self._stages = sorted({spec.stage for spec in specs} | set(before or {}))
        self._before = before or {}

    def pid(self, name: str) -> int | None:
        """The process id of a child, None while it is not running."""
        return self._children[name].pid

    async def start(self) -> None:
        """Start every stage; `CannotStart` when a child ends, or takes too long, before it was ever ready."""
        for stage in self._stages:
            if stage in self._before:
                await self._before[stage]()
            children = self._of(stage)
            for child in children:
                child.begin()
            await asyncio.gather(*(child.first_ready for child in children))

    async def stop(self) -> None:
        """Stop every stage, last first; a child has `stop_timeout_s` before it is killed. Returns when all are gone."""
        for stage in reversed(self._stages):
            await asyncio.gather(*(child.stop() for child in self._of(stage)))

    def kill(self) -> None:
        """Send every child its `kill_signal` at once; a `stop` under way then returns soon."""
        for child in self._children.values():
            child.kill()

    async def run(self) -> None:
        """Start, wait for SIGTERM or SIGINT, stop; a second signal kills. What `start` raised is raised at last."""
        asked: asyncio.Queue[signal.Signals] = asyncio.Queue()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, asked.put_nowait, number)
        first = asyncio.create_task(asked.get())
        starting = asyncio.create_task(self.start())
        try:
            await asyncio.wait({first, starting}, return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                starting.result()
                log.info("all_children_ready")
                keeping = {child.keeping for child in self._children.values()}
                await asyncio.wait({first, *keeping}, return_when=asyncio.FIRST_COMPLETED)
                for task in keeping:
                    if task.done():  # it never ends by itself: our bug, which must not leave a child unsupervised
                        task.result()
            if first.done():
                log.info("stopping", signal=first.result().name)
        finally:
            starting.cancel()
            first.cancel()
            await self._stop_or_kill(asked)
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)

    async def _stop_or_kill(self, asked: "asyncio.Queue[signal.Signals]") -> None:
        stopping = asyncio.create_task(self.stop())
        while not stopping.done():
            again = asyncio.create_task(asked.get())
            await asyncio.wait({stopping, again}, return_when=asyncio.FIRST_COMPLETED)
            if again.done():
                log.warning("killing", signal=again.result().name)
                self.kill()
            again.cancel()
        stopping.result()

    def _of(self, stage: int) -> list["_Child"]:
        return [child for child in self._children.values() if child.spec.stage == stage]


class _Child:
    """One child through all its lives; `first_ready` is done when it was ready once, or holds why it never was."""

    def __init__(self, spec: ChildSpec) -> None:
        self.spec = spec
        self.first_ready: asyncio.Future[None]
        self.keeping: asyncio.Task[None]
        self._begun = False
        self._process: asyncio.subprocess.Process | None = None
        self._log = log.bind(child=spec.name)

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None else None

    def begin(self) -> None:
        self.first_ready = asyncio.get_running_loop().create_future()
        self._stop_asked = asyncio.Event()
        self._begun = True
        self.keeping = asyncio.create_task(self._keep())
        self.keeping.add_done_callback(self._kept)

    async def stop(self) -> None:
        if not self._begun:
            return
        self._stop_asked.set()
        self._signal(self.spec.stop_signal)
        done, _ = await asyncio.wait({self.keeping}, timeout=self.spec.stop_timeout_s)
        if not done:
            self._log.warning("child_killed", pid=self.pid, after_s=self.spec.stop_timeout_s)
            self._signal(signal.SIGKILL)
            await asyncio.wait({self.keeping}, timeout=KILL_TIMEOUT_S)
            if self.spec.clear is not None:
                await self.spec.clear()
        self.keeping.cancel()
        self._begun = False

    def kill(self) -> None:
        if self._begun:
            self._stop_asked.set()
            self._signal(self.spec.kill_signal)

    async def _keep(self) -> None:
        """Run it, and again when it ends, with growing pauses, until it is told to stop."""
        loop = asyncio.get_running_loop()
        pause_s = BACKOFF_FIRST_S
        while not self._stop_asked.is_set():
            began = loop.time()
            try:
                await self._live()
            except CannotStart as error:
                if not self.first_ready.done():
                    raise
                self._log.error("child_cannot_start", reason=error.message)
            if self._stop_asked.is_set():
                break
            if loop.time() - began > BACKOFF_FORGOTTEN_S:
                pause_s = BACKOFF_FIRST_S
            self._log.warning("child_restarts", after_s=pause_s)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop_asked.wait(), pause_s)
            pause_s = min(pause_s * 2, BACKOFF_MAX_S)

    def _kept(self, keeping: asyncio.Task[None]) -> None:
        """Whoever waits for the first readiness learns why it never came."""
        if self.first_ready.done():
            return
        if keeping.cancelled() or (error := keeping.exception()) is None:
            self.first_ready.cancel()
        else:
            self.first_ready.set_exception(error)

    async def _live(self) -> None:
        """One life, from start to exit. `CannotStart` when it cannot be run or ends before it was ever ready."""
        spec = self.spec
        if spec.clear is not None:
            await spec.clear()
        if spec.log is not None:
            processes.set_aside(spec.log)
        logged = spec.log.stat().st_size if spec.log is not None and spec.log.exists() else 0
        self._process = process = await processes.spawn(
            spec.argv,
            env=spec.env,
            cwd=spec.cwd,
            log=spec.log,
            identity=spec.identity,
            death_signal=spec.death_signal,
            pass_fds=spec.pass_fds,
        )
        self._log.info("child_started", pid=process.pid)
        if spec.ready is None and not self.first_ready.done():
            self.first_ready.set_result(None)
        if self._stop_asked.is_set():
            self._signal(spec.stop_signal)
        watching = asyncio.create_task(self._watch(process))
        ended = asyncio.create_task(process.wait())
        try:
            await asyncio.wait({watching, ended}, return_when=asyncio.FIRST_COMPLETED)
            if watching.done() and watching.exception() is not None:
                self._signal(spec.kill_signal)
            code = await ended
        finally:
            watching.cancel()
            ended.cancel()
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # whoever is left of its group
            self._process = None
        self._log.info("child_exited", pid=process.pid, code=code)
        await asyncio.wait({watching})
        if not watching.cancelled():
            watching.result()
        if not self.first_ready.done() and not self._stop_asked.is_set():
            raise CannotStart(_why_it_ended(spec, code, logged))

    async def _watch(self, process: asyncio.subprocess.Process) -> None:
        """Wait until it is ready; `CannotStart` when it never was and its time is over."""
        try:
            async with asyncio.timeout(self.spec.ready_timeout_s):
                while self.spec.ready is not None and not await self.spec.ready():  # noqa: ASYNC110
                    await asyncio.sleep(READY_POLL_S)
        except TimeoutError as error:
            if self.first_ready.done():
                self._log.warning("child_not_ready", pid=process.pid, after_s=self.spec.ready_timeout_s)
                return
            msg = f"{self.spec.name} was not ready after {self.spec.ready_timeout_s:.0f} s."
            raise CannotStart(msg) from error
        self._log.info("child_ready", pid=process.pid)
        if not self.first_ready.done():
            self.first_ready.set_result(None)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.send_signal(number)


def _why_it_ended(spec: ChildSpec, code: int, logged: int) -> str:
    how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
    words = processes.tail(spec.log, logged)
    return f"{spec.name} {how} before it was ready." + (f" Its last words ({spec.log}): {words}" if words else "")
