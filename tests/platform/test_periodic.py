"""Work that comes back is run by one scheduler at a time, at its pace, and by another when that one dies."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from trial_jobs import until

from linnet.platform.engines import Engines
from linnet.platform.errors import EngineDown
from linnet.platform.jobs import Periodic, periodic
from linnet.platform.jobs.periodic import Scheduler, last_runs

Run = Callable[[Engines], Awaitable[None]]


@pytest.fixture(autouse=True)
def _quick_renewals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leases are looked at ten times as often, and leave a tenth of the margin."""
    monkeypatch.setattr(periodic, "RENEW_EVERY_S", 0.1)
    monkeypatch.setattr(periodic, "MARGIN_S", 0.1)


class Trace:
    """A periodic's run that counts how often it began and how many ran at once."""

    def __init__(self, takes_s: float = 0.0, error: Exception | None = None) -> None:
        self.began = self.ended = self.at_once = self.at_once_max = 0
        self._takes_s = takes_s
        self._error = error

    async def __call__(self, _: Engines) -> None:
        self.began += 1
        self.at_once += 1
        self.at_once_max = max(self.at_once_max, self.at_once)
        try:
            await asyncio.sleep(self._takes_s)
            if self._error:
                raise self._error
            self.ended += 1
        finally:
            self.at_once -= 1


@asynccontextmanager
async def scheduling(engines: Engines, *periodics: Periodic, **properties: float) -> AsyncGenerator[Scheduler]:
    """A scheduler that runs beside the block and stops at its end."""
    scheduler = Scheduler(engines, periodics, **properties)
    running = asyncio.create_task(scheduler.run())
    try:
        yield scheduler
    finally:
        scheduler.stop()
        await running


async def test_one_of_several_schedulers_leads_and_another_follows_when_it_stops(engines: Engines) -> None:
    async def led_by_first() -> bool:
        return first.leads

    async def led_by_second() -> bool:
        return second.leads

    run = Trace()

    async def run_again() -> bool:
        return run.began > began

    work = Periodic("trial.tick", 0.05, run)
    began_at = time.monotonic()
    async with scheduling(engines, work) as first:
        await until(led_by_first, within_s=3)
        async with scheduling(engines, work) as second:
            await asyncio.sleep(0.25)
            assert (first.leads, second.leads) == (True, False)
            first.stop()
            await until(led_by_second, within_s=3)
            began = run.began
            await until(run_again, within_s=3)
    assert run.began <= (time.monotonic() - began_at) / work.every_s + 1
    assert run.at_once_max == 1


async def test_a_leader_that_died_is_followed_once_its_lease_has_ended(engines: Engines) -> None:
    async def led() -> bool:
        return scheduler.leads

    await engines.db.execute(
        "insert into periodic_leases values ('scheduler', gen_random_uuid(), now() + interval '0.6 seconds')"
    )
    async with scheduling(engines, Periodic("trial.tick", 0.1, Trace())) as scheduler:
        await asyncio.sleep(0.3)
        assert not scheduler.leads
        await until(led, within_s=4)


async def test_a_leader_whose_lease_was_lost_stops_its_work_at_once(engines: Engines) -> None:
    async def begun() -> bool:
        return run.began == 1

    async def stopped() -> bool:
        return run.at_once == 0

    run = Trace(takes_s=60)
    async with scheduling(engines, Periodic("trial.long", 60, run)) as scheduler:
        await until(begun)
        await engines.db.execute(
            "update periodic_leases set holder = gen_random_uuid(), until = now() + interval '1 h'"
        )
        await until(stopped, within_s=4)
        assert not scheduler.leads
    assert (run.began, run.ended) == (1, 0)


async def test_runs_that_were_missed_are_not_made_up_for(engines: Engines) -> None:
    run = Trace(takes_s=0.14)
    async with scheduling(engines, Periodic("trial.slow", 0.04, run)):
        await asyncio.sleep(0.48)
    assert 2 <= run.began <= 4, "one after the other, and none beside it"
    assert run.at_once_max == 1


async def test_a_new_leader_keeps_the_pace_of_the_last(engines: Engines) -> None:
    daily, hourly = Trace(), Trace()
    await engines.db.execute(
        """insert into periodics (name, last_run_at, last_finished_at)
        values ('trial.daily', now() - interval '23 h', now()), ('trial.hourly', now() - interval '7 h', now())"""
    )

    async def hourly_ended() -> bool:
        return hourly.ended == 1

    async with scheduling(engines, Periodic("trial.daily", 86400, daily), Periodic("trial.hourly", 3600, hourly)):
        await until(hourly_ended, within_s=3)
        await asyncio.sleep(0.1)
    assert (daily.began, hourly.began) == (0, 1)


async def test_a_run_that_was_cut_short_comes_back_soon(engines: Engines, monkeypatch: pytest.MonkeyPatch) -> None:
    async def down_again() -> bool:
        return down.began >= 2

    monkeypatch.setattr(periodic, "RETRY_AFTER_S", 0.1)
    cut, down = Trace(), Trace(error=EngineDown("valkey"))
    await engines.db.execute("insert into periodics (name, last_run_at) values ('trial.cut', now())")
    async with scheduling(engines, Periodic("trial.cut", 3600, cut), Periodic("trial.down", 3600, down)):
        await until(down_again, within_s=3)
        await asyncio.sleep(0.1)
    assert cut.began == 1


async def test_a_failure_is_written_down_and_the_others_go_on(engines: Engines) -> None:
    async def both_again() -> bool:
        return bad.began > 1 and good.ended > 1

    bad, good = Trace(error=ValueError("no good")), Trace()
    async with scheduling(engines, Periodic("trial.bad", 0.05, bad), Periodic("trial.good", 0.05, good)):
        await until(both_again, within_s=3)
    runs = {run.name: run for run in await last_runs(engines.db)}
    assert runs["trial.bad"].error == "ValueError: no good"
    assert runs["trial.good"].error is None
    assert all(run.finished_at and run.finished_at >= run.started_at for run in runs.values())


async def test_a_run_under_way_may_end_after_stop_but_not_take_for_ever(engines: Engines) -> None:
    async def both_begun() -> bool:
        return short.began == long.began == 1

    short, long = Trace(takes_s=0.2), Trace(takes_s=60)
    work = [Periodic("trial.short", 60, short), Periodic("trial.long", 60, long)]
    async with scheduling(engines, *work, drain_timeout_s=0.5):
        await until(both_begun, within_s=3)
    assert (short.ended, long.ended, long.at_once) == (1, 0, 0)
    assert await engines.db.value("select count(*) from periodic_leases") == 0
