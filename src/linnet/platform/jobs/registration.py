"""A worker's place among the living: it checks in every second, and jobs of one that no longer does are taken back."""

import asyncio
import os
import socket
from contextlib import suppress
from pathlib import Path

import structlog

from linnet.platform.errors import EngineDown
from linnet.platform.jobs import metrics, store
from linnet.platform.postgres import Database

CHECK_IN_EVERY_S = 1.0
SILENT_MAX_S = 6.0
"""A worker not heard of for so long is given up for dead, wherever it runs."""

SWEEP_EVERY_S = 30.0
"""How often jobs are looked for that are in the hands of nobody; at every check-in while there is doubt."""

DOUBT_S = 15.0

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class Registration:
    """The number under which this process claims jobs, kept valid by `keep` running as a task."""

    number: int

    def __init__(self, db: Database) -> None:
        self.in_hand: set[int] = set()
        """Ids of the jobs that the worker knows it holds; it keeps this."""
        self._strays: set[int] = set()
        self._db = db
        self._host = _host()
        self._steady_since = self._checked_at = self._swept_at = self._doubt_until = 0.0

    async def enter(self) -> None:
        """Register, waiting for PostgreSQL as long as it takes."""
        while True:
            try:
                self.number = await store.register(self._db, self._host, os.getpid())
            except EngineDown:
                await asyncio.sleep(CHECK_IN_EVERY_S)
            else:
                self._steady_since = self._checked_at = asyncio.get_running_loop().time()
                return

    async def keep(self) -> None:
        """Check in and take back the jobs of the dead, until cancelled. At once for processes of this host."""
        while True:
            try:
                await self._check_in()
                await self._bury()
            except EngineDown:
                self.doubt()
            await asyncio.sleep(CHECK_IN_EVERY_S)

    def doubt(self) -> None:
        """Look closely for a while: the connection was lost, and what became of the last statements is unknown."""
        self._doubt_until = asyncio.get_running_loop().time() + DOUBT_S

    async def leave(self) -> int:
        """Put back what is still in hand and sign off; how many jobs that were. Left to the others when that fails."""
        try:
            return await store.sign_off(self._db, self.number)
        except EngineDown:
            return 0

    async def _check_in(self) -> None:
        if not await store.check_in(self._db, self.number):
            log.warning("worker was given up for dead", worker=self.number)
            self.number = await store.register(self._db, self._host, os.getpid())
        now = asyncio.get_running_loop().time()
        if now - self._checked_at > SILENT_MAX_S / 2:
            self._steady_since = now
        self._checked_at = now

    async def _bury(self) -> None:
        """Take back jobs of the dead.

        After an outage of PostgreSQL, or a laptop's sleep, everybody has been silent: others are given their time to
        check in before they are called dead.
        """
        now = asyncio.get_running_loop().time()
        neighbours = await store.pids_on(self._db, self._host)
        dead = [worker for worker, pid in neighbours.items() if worker != self.number and not _lives(pid)]
        steady = now - self._steady_since > SILENT_MAX_S
        gone = await store.forget(self._db, dead, silent_s=SILENT_MAX_S if steady else None)
        if gone or now < self._doubt_until or now - self._swept_at > SWEEP_EVERY_S:
            self._swept_at = now
            await self._put_back_strays()
            taken = await store.take_orphans(self._db)
            for state, jobs in taken.items():
                metrics.orphaned.labels(state).inc(jobs)
            if gone:
                log.warning("workers died", workers=gone, suspect=taken.get("suspect", 0), dead=taken.get("dead", 0))

    async def _put_back_strays(self) -> None:
        """Put back jobs in our name that we do not know of.

        A claim whose answer was lost with the connection leaves such, and so does a relaxed `finish` that PostgreSQL
        forgot in a crash. A claim under way looks the same, so a stray must be seen twice in a row.
        """
        strays = await store.held_by(self._db, self.number) - self.in_hand
        lasting, self._strays = strays & self._strays, strays
        if lasting:
            await store.release(self._db, self.number, sorted(lasting))
            log.warning("jobs held by nobody were put back", jobs=len(lasting))


def _host() -> str:
    """This host and process namespace: two containers may share a name, and then not each other's process ids."""
    name = socket.gethostname()
    with suppress(OSError):
        name += f"/{Path('/proc/self/ns/pid').readlink()}"
    return name


def _lives(pid: int) -> bool:
    """Whether a process of this host exists and is not this one, whose number is known."""
    if pid == os.getpid():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
