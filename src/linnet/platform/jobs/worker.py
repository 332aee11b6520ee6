"""The worker: takes due jobs in batches, each queue in its own lane, and survives whatever a job or engine does."""

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import structlog

from linnet.platform.engines import Engines
from linnet.platform.errors import EngineDown
from linnet.platform.jobs import Job, admin, metrics, store
from linnet.platform.jobs.batches import run_batch, settle
from linnet.platform.jobs.registration import Registration
from linnet.platform.jobs.store import Claim

SLOTS = 4
"""Batches of one lane that run at once in one worker."""

POLL_S = 0.5
"""How often an idle lane looks without having been told: jobs whose time has come, and hints that were lost."""

LOOK_BACK_EVERY_S = 2.0
"""A lane looks for work from where it last found some, and this often at all that is due: some commits come late."""

GATHER_S = 0.025
"""A lane that found less than a full batch looks again no sooner than this after: what comes meanwhile goes together.

Work that comes by itself is taken at once; under load this is a round trip for several jobs instead of for each."""

FLOOR_MARGIN = timedelta(seconds=1)

ENGINE_PAUSE_S = 1.0
"""A lane rests so long after an engine did not answer."""

DRAIN_TIMEOUT_S = 25.0
"""Running batches get so long to end after `stop`; Kubernetes kills after 30."""

REPORT_EVERY_S = 15.0
SUSPECTS = "suspects"

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


@dataclass(slots=True)
class _Lane:
    """A queue's own loop. The lane of suspects takes one job at a time, from every queue this worker serves."""

    queue: str
    kinds: Sequence[Job[Any]]
    slots: asyncio.Semaphore
    told: asyncio.Event = field(default_factory=asyncio.Event)
    rest_s: float = 0.0
    looked_at: float = 0.0
    found_all: bool = False
    """Whether the last look left nothing that was due."""
    floors: dict[str, datetime] = field(default_factory=dict[str, datetime])
    looked_back_at: float = 0.0
    suspects: bool = False


class Worker:
    """Runs jobs of the given queues (all, when None) with up to `slots` batches of each at once.

    `own_slots` names queues of long jobs, and how many of each run at once here. Suspects of such a queue have a lane
    of their own, so that nothing short waits behind them.
    """

    def __init__(
        self,
        engines: Engines,
        jobs: Sequence[Job[Any]],
        queues: Sequence[str] | None = None,
        *,
        slots: int = SLOTS,
        own_slots: Mapping[str, int] | None = None,
        drain_timeout_s: float = DRAIN_TIMEOUT_S,
    ) -> None:
        self._engines = engines
        self._jobs = {job.name: job for job in jobs}
        assert len(self._jobs) == len(jobs), "two jobs have the same name"
        served = {job.queue for job in jobs} if queues is None else set(queues)
        own = {queue: number for queue, number in (own_slots or {}).items() if queue in served}
        by_queue = {queue: [job for job in jobs if job.queue == queue] for queue in sorted(served)}
        self._lanes = [
            _Lane(queue, kinds, asyncio.Semaphore(own.get(queue, slots))) for queue, kinds in by_queue.items()
        ]
        short = [job for queue, kinds in by_queue.items() if queue not in own for job in kinds]
        suspects = [short, *(by_queue[queue] for queue in own)]
        self._lanes += [_Lane(SUSPECTS, kinds, asyncio.Semaphore(1), suspects=True) for kinds in suspects if kinds]
        self._registration = Registration(engines.db)
        self._drain_timeout_s = drain_timeout_s
        self._stopping = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()
        self._unknown: set[str] = set()
        self._shown = metrics.QueueGauges()

    def stop(self) -> None:
        """Take nothing more; `run` returns once what is running has ended. May be called from a signal handler."""
        self._stopping.set()

    async def run(self) -> None:
        """Take and run jobs until `stop`. Never raises for a job or an engine; raises when a loop of its own breaks."""
        entering = asyncio.create_task(self._registration.enter())
        stopping = asyncio.create_task(self._stopping.wait())
        await asyncio.wait({entering, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not entering.done():
            entering.cancel()
            return
        entering.result()
        keeping = asyncio.create_task(self._registration.keep())
        loops = [asyncio.create_task(self._serve(lane)) for lane in self._lanes]
        loops += [asyncio.create_task(self._listen()), asyncio.create_task(self._report())]
        try:
            ended, _ = await asyncio.wait({stopping, keeping, *loops}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await _cancel([stopping, *loops])
            await self._drain()
            await _cancel([keeping])
            log.info("worker stopped", put_back=await self._registration.leave())
        for task in ended:
            task.result()

    async def _serve(self, lane: _Lane) -> None:
        """A lane's loop: whenever a slot is free, the next batch."""
        while True:
            await self._until_worth_a_look(lane)
            await lane.slots.acquire()
            lane.told.clear()
            try:
                claims = await self._claim(lane)
            except (EngineDown, asyncpg.PostgresError) as error:
                log.warning("queue out of reach", queue=lane.queue, error=type(error).__name__)
                self._registration.doubt()
                claims, lane.rest_s = [], ENGINE_PAUSE_S
            lane.found_all = self._is_all(lane, claims)
            if claims:
                self._registration.in_hand.update(claim.id for claim in claims)
                task = asyncio.create_task(self._work(lane, claims, self._registration.number))
                self._running.add(task)
                task.add_done_callback(self._running.discard)
            else:
                lane.slots.release()

    def _is_all(self, lane: _Lane, claims: Sequence[Claim]) -> bool:
        """Whether nothing else was due when these were claimed: no other kind, and fewer of this than could be."""
        if not claims:
            return True
        batch_max = 1 if lane.suspects else self._jobs[claims[0].name].batch_max
        return claims[0].kinds_due == 1 and len(claims) < batch_max

    async def _until_worth_a_look(self, lane: _Lane) -> None:
        """Return at once if more is due, or else when the lane is told so or might not have been."""
        clock = asyncio.get_running_loop().time
        if lane.found_all:
            await _told_within(lane.told, POLL_S * random.uniform(0.8, 1.2))  # noqa: S311
            await asyncio.sleep(lane.looked_at + GATHER_S - clock())
        if lane.rest_s:
            await asyncio.sleep(lane.rest_s)
            lane.rest_s = 0.0
        lane.looked_at = clock()

    async def _claim(self, lane: _Lane) -> list[Claim]:
        db, number = self._engines.db, self._registration.number
        if lane.suspects:
            return await store.claim_suspect(db, number, lane.kinds)
        now = asyncio.get_running_loop().time()
        if now - lane.looked_back_at > LOOK_BACK_EVERY_S:
            lane.looked_back_at = now
            lane.floors.clear()
        claims = await store.claim(db, number, lane.kinds, floors=lane.floors)
        if claims:
            lane.floors[claims[0].name] = max(claim.run_at for claim in claims) - FLOOR_MARGIN
        return claims

    async def _work(self, lane: _Lane, claims: Sequence[Claim], worker: int) -> None:
        """Run one batch and write down what became of it, however long PostgreSQL takes to come back."""
        try:
            outcome = await run_batch(self._engines, self._jobs[claims[0].name], claims)
            if outcome.released:
                lane.rest_s = ENGINE_PAUSE_S
            while True:
                try:
                    await settle(self._engines, worker, outcome)
                except (EngineDown, asyncpg.PostgresError) as error:
                    log.warning("batch not settled yet", queue=lane.queue, error=type(error).__name__)
                    self._registration.doubt()
                    await asyncio.sleep(ENGINE_PAUSE_S)
                else:
                    break
        finally:
            self._registration.in_hand.difference_update(claim.id for claim in claims)
            lane.slots.release()

    async def _listen(self) -> None:
        """Wake the lanes of the queues that somebody says have new work."""
        lanes = {lane.queue.encode(): lane for lane in self._lanes}

        async def hear(queues: bytes) -> None:
            for queue in queues.split():
                if lane := lanes.get(queue):
                    lane.told.set()

        await self._engines.bus.listen({store.CHANNEL: hear})

    async def _report(self) -> None:
        """Keep the gauges of the queue's depth, and say once which jobs here nobody of this version can run."""
        while True:
            try:
                depths = await admin.depths(self._engines.db)
            except EngineDown:
                depths = []
            self._shown.show(depths)
            for depth in depths:
                if depth.name not in self._jobs and depth.name not in self._unknown:
                    self._unknown.add(depth.name)
                    log.warning("jobs of an unknown kind are left alone", job=depth.name, count=depth.jobs)
            await asyncio.sleep(REPORT_EVERY_S)

    async def _drain(self) -> None:
        """Let running batches end; past the time allowed they are stopped, to be run again by another worker."""
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=self._drain_timeout_s)
            await _cancel(list(late))


async def _told_within(told: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await told.wait()
    except TimeoutError:
        return


async def _cancel(tasks: Sequence[asyncio.Task[Any]]) -> None:
    """Stop tasks and wait until they have; what they raise is of no more interest."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
