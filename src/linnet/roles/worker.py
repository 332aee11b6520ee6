"""The process that runs jobs: fan-out, notifications, clean-up. As many as are wanted share one queue."""

import asyncio
import signal
from collections.abc import Sequence

import uvloop

from linnet.platform.jobs.worker import Worker
from linnet.reactions import JOBS
from linnet.roles import watching
from linnet.roles.media import media_slots
from linnet.roles.wiring import open_engines
from linnet.settings import Settings


def run(settings: Settings, queues: Sequence[str] | None = None) -> None:
    """Run jobs of `queues` (all, when None) until SIGTERM, then finish those under way."""
    watching.begin(settings, "worker")
    uvloop.run(_work(settings, queues))


async def _work(settings: Settings, queues: Sequence[str] | None) -> None:
    async with open_engines(settings) as engines, watching.watched(settings, "worker", engines):
        worker = Worker(engines, JOBS, queues, own_slots=media_slots(settings), drain_timeout_s=settings.drain_timeout)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, worker.stop)
        await worker.run()
