"""The process that keeps the clock: periodic work, done by one leader however many of these run."""

import asyncio
import signal

import uvloop

from linnet.platform.jobs.periodic import Scheduler
from linnet.reactions import PERIODICS
from linnet.roles import watching
from linnet.roles.wiring import open_engines
from linnet.settings import Settings


def run(settings: Settings) -> None:
    """Run periodic work whenever this process leads, until SIGTERM."""
    watching.begin(settings, "scheduler")
    uvloop.run(_keep_time(settings))


async def _keep_time(settings: Settings) -> None:
    async with open_engines(settings) as engines, watching.watched(settings, "scheduler", engines):
        scheduler = Scheduler(engines, PERIODICS, drain_timeout_s=settings.drain_timeout)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, scheduler.stop)
        await scheduler.run()
