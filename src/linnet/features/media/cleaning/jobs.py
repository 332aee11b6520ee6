"""Clean-up by the clock. Every job here may run twice."""

from collections.abc import Sequence
from typing import Final

import structlog

from linnet.features.media.cleaning.actions import clean_up, drop_unused
from linnet.features.media.cleaning.models import Sweep
from linnet.features.media.known_bad import store as known_bad
from linnet.platform.engines import Engines
from linnet.platform.jobs import Job, Periodic

UNUSED_EVERY_S: Final = 1_800.0
SWEEP_EVERY_S: Final = 86_400.0
SWEEP_TIMEOUT_S: Final = 4 * 3_600.0
FORGOTTEN_MAX: Final = 10_000

log = structlog.get_logger()


async def drop_what_is_unused(engines: Engines) -> None:
    """Drop uploads that nothing has used for a day, and known pictures whose time is over."""
    async for _ in drop_unused(engines, dry=False):
        pass
    await known_bad.delete_expired(engines.db, engines.clock.now(), FORGOTTEN_MAX)


async def ask_for_a_sweep(engines: Engines) -> None:
    """Have a worker look through the store, which takes long where there is much."""
    async with engines.transaction() as tx:
        await tx.enqueue(SWEEP, [Sweep()])


async def _sweep(engines: Engines, _: Sequence[Sweep]) -> None:
    number = size = 0
    async for waste in clean_up(engines, dry=False):
        number += 1
        size += waste.bytes
    log.info("media cleaned up", number=number, bytes=size)


SWEEP = Job("media.sweep", Sweep, _sweep, queue="maintenance", timeout_s=SWEEP_TIMEOUT_S)

PERIODICS = (
    Periodic("media.drop_unused", UNUSED_EVERY_S, drop_what_is_unused),
    Periodic("media.ask_for_a_sweep", SWEEP_EVERY_S, ask_for_a_sweep),
)
