"""Everything due, run here and now in the calling task: for tests, and for commands that must see the result."""

from collections.abc import Sequence
from typing import Any

from linnet.platform.engines import Engines
from linnet.platform.jobs import Job, store
from linnet.platform.jobs.batches import run_batch, settle
from linnet.platform.jobs.registration import Registration


async def run_pending(engines: Engines, jobs: Sequence[Job[Any]], *, ahead: bool = False) -> int:
    """Run due jobs, and those they enqueue, until none is left; how many were done.

    `ahead` runs jobs whose time has not come as well. A failure is written down as a worker would, then raised.
    """
    registration = Registration(engines.db)
    await registration.enter()
    kinds = {job.name: job for job in jobs}
    done = 0
    try:
        while True:
            claims = await store.claim(engines.db, registration.number, jobs, ahead=ahead)
            claims = claims or await store.claim_suspect(engines.db, registration.number, jobs, ahead=ahead)
            if not claims:
                return done
            outcome = await run_batch(engines, kinds[claims[0].name], claims)
            await settle(engines, registration.number, outcome)
            done += len(outcome.done)
            if outcome.error:
                raise outcome.error
    finally:
        await registration.leave()
