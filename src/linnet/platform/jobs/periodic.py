"""The scheduler: work that comes back, run by one leader among all schedulers, who holds a lease in PostgreSQL."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter
from uuid import uuid4

import structlog

from linnet.platform.engines import Engines
from linnet.platform.errors import EngineDown
from linnet.platform.jobs import Periodic, metrics
from linnet.platform.jobs.batches import error_text
from linnet.platform.postgres import Queries

LEASE = "scheduler"
LEASE_S = 5.0
RENEW_EVERY_S = 1.0

MARGIN_S = 1.0
"""A leader that could not renew stops its work this long before others may begin theirs."""

RUN_TIMEOUT_S = 600.0
RETRY_AFTER_S = 30.0
"""A run cut short, by the death of its leader or by an engine that was down, is due again this soon or at its time."""

SLOW_S = 1.0
"""A good run is worth a line in the log only when it took longer: some come back every second."""

DRAIN_TIMEOUT_S = 20.0
LIST_MAX = 200

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class LastRun:
    """When a periodic last began and ended; `finished_at` before `started_at` means it is running or was cut short."""

    name: str
    started_at: datetime
    finished_at: datetime | None
    error: str | None


async def last_runs(db: Queries) -> list[LastRun]:
    """The last run of each periodic, by name; at most `LIST_MAX`. Primary key."""
    rows = await db.rows(
        "select name, last_run_at, last_finished_at, last_error from periodics order by name limit $1", LIST_MAX
    )
    return [LastRun(*row) for row in rows]


class Scheduler:
    """Runs each periodic every `every_s` seconds, counted from start to start, never twice at once.

    Runs that were missed, because none led or one took too long, are not made up for.
    """

    def __init__(
        self,
        engines: Engines,
        periodics: Sequence[Periodic],
        *,
        lease_s: float = LEASE_S,
        drain_timeout_s: float = DRAIN_TIMEOUT_S,
    ) -> None:
        assert periodics, "nothing to schedule"
        assert len({periodic.name for periodic in periodics}) == len(periodics), "two periodics have the same name"
        assert lease_s > RENEW_EVERY_S + MARGIN_S, "a lease must outlive its renewal"
        self._engines = engines
        self._periodics = periodics
        self._lease_s = lease_s
        self._drain_timeout_s = drain_timeout_s
        self._holder = uuid4()
        self._leads_until = 0.0
        self._stopping = asyncio.Event()

    @property
    def leads(self) -> bool:
        """Whether this scheduler is the leader now."""
        return asyncio.get_running_loop().time() < self._leads_until

    def stop(self) -> None:
        """Begin no more runs; `run` returns once those under way have ended. May be called from a signal handler."""
        self._stopping.set()

    async def run(self) -> None:
        """Lead when nobody else does, until `stop`; then give the lease back. Raises when a loop of its own breaks."""
        while not self._stopping.is_set():
            await self._renew()
            if self.leads:
                log.info("scheduler leads", holder=str(self._holder))
                await self._lead()
                log.info("scheduler no longer leads", holder=str(self._holder))
            await self._stopped_within(RENEW_EVERY_S)
        with suppress(EngineDown):
            await self._engines.db.execute(
                "delete from periodic_leases where name = $1 and holder = $2", LEASE, self._holder
            )

    async def _lead(self) -> None:
        """Run everything until `stop`, or until the lease is not renewed in time: then all of it is stopped at once."""
        repeating = asyncio.gather(*(self._repeat(periodic) for periodic in self._periodics))
        renewing = asyncio.create_task(self._keep_renewing())
        draining = asyncio.create_task(self._drained())
        try:
            await asyncio.wait({repeating, renewing, draining}, return_when=asyncio.FIRST_COMPLETED)
            if repeating.done():
                repeating.result()
        finally:
            for task in (repeating, renewing, draining):
                task.cancel()
            await asyncio.gather(repeating, renewing, draining, return_exceptions=True)

    async def _keep_renewing(self) -> None:
        """Renew the lease; returns when it is lost."""
        while self.leads:
            with suppress(TimeoutError):
                async with asyncio.timeout_at(self._leads_until):
                    await asyncio.sleep(RENEW_EVERY_S)
                    await self._renew()

    async def _renew(self) -> None:
        """Take the lease if it is ours or nobody's. It is counted from before asking, so never for too long."""
        asked_at = asyncio.get_running_loop().time()
        try:
            ours = await self._engines.db.execute(
                """
                insert into periodic_leases (name, holder, until) values ($1, $2, clock_timestamp() + $3::interval)
                on conflict (name) do update set holder = excluded.holder, until = excluded.until
                where periodic_leases.holder = excluded.holder or periodic_leases.until < clock_timestamp()
                """,
                LEASE,
                self._holder,
                timedelta(seconds=self._lease_s),
            )
        except EngineDown:
            return
        self._leads_until = asked_at + self._lease_s - MARGIN_S if ours else 0.0

    async def _drained(self) -> None:
        """Return once a run under way at `stop` has had its time."""
        await self._stopping.wait()
        await asyncio.sleep(self._drain_timeout_s)

    async def _repeat(self, periodic: Periodic) -> None:
        """One periodic's own loop, which ends between two runs after `stop`."""
        loop = asyncio.get_running_loop()
        wait_s = await self._due_in(periodic)
        while not await self._stopped_within(wait_s):
            began = loop.time()
            whole = await self._run_once(periodic)
            every_s = periodic.every_s if whole else min(periodic.every_s, RETRY_AFTER_S)
            wait_s = began + every_s - loop.time()

    async def _due_in(self, periodic: Periodic) -> float:
        """Seconds until the next run, from what was written down of the last; soon when that was cut short."""
        try:
            row = await self._engines.db.row(
                """
                select extract(epoch from now() - last_run_at)::float8 as since_s,
                    coalesce(last_finished_at >= last_run_at, false) as whole
                from periodics where name = $1
                """,
                periodic.name,
            )
        except EngineDown:
            return min(periodic.every_s, RETRY_AFTER_S)
        if row is None:
            return 0.0
        return (periodic.every_s if row["whole"] else min(periodic.every_s, RETRY_AFTER_S)) - row["since_s"]

    async def _run_once(self, periodic: Periodic) -> bool:
        """Run it and write down when and how that went; False when an engine was down and it should be run again."""
        started = perf_counter()
        error: Exception | None = None
        try:
            await self._note_start(periodic)
            async with asyncio.timeout(RUN_TIMEOUT_S):
                await periodic.run(self._engines)
        except EngineDown as down:
            error = down
        except Exception as failure:  # noqa: BLE001 -- the job loop: any failure is written down, and the next run comes
            error = failure
        whole = not isinstance(error, EngineDown)
        if whole:
            with suppress(EngineDown):
                await self._note_end(periodic, error_text(error) if error else None)
        seconds = perf_counter() - started
        outcome = "done" if error is None else "failed" if whole else "engine_down"
        metrics.periodics.labels(periodic.name, outcome).inc()
        metrics.periodic_duration.labels(periodic.name).observe(seconds)
        write = log.warning if error else log.info if seconds > SLOW_S else log.debug
        write(
            "periodic",
            periodic=periodic.name,
            outcome=outcome,
            ms=round(seconds * 1000, 1),
            error=type(error).__name__ if error else None,
        )
        return whole

    async def _note_start(self, periodic: Periodic) -> None:
        await self._engines.db.execute(
            """
            insert into periodics (name, last_run_at) values ($1, clock_timestamp())
            on conflict (name) do update set last_run_at = excluded.last_run_at
            """,
            periodic.name,
        )

    async def _note_end(self, periodic: Periodic, error: str | None) -> None:
        await self._engines.db.execute(
            "update periodics set last_finished_at = clock_timestamp(), last_error = $2 where name = $1",
            periodic.name,
            error,
        )

    async def _stopped_within(self, seconds: float) -> bool:
        """Wait so long, or shorter if `stop` is called; whether it was."""
        with suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, seconds)):
                await self._stopping.wait()
        return self._stopping.is_set()
