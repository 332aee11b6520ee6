"""When and where sessions and tokens were last used: noted in the process, written every half minute."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import asyncpg
import structlog

from linnet.features.sessions.models import Access, Origin
from linnet.features.sessions.store import sign_ins as store
from linnet.features.sessions.tokens import TokenRules
from linnet.platform.engines import Engines
from linnet.platform.errors import EngineDown

NOTED_EVERY_S: Final = 240.0
"""What is used all the time is written so often."""

WRITTEN_EVERY_S: Final = 30.0
NOTED_MAX: Final = 50_000

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class LastSeen:
    """What this process has seen; one in each that answers people, in `engines.configs`."""

    def __init__(self) -> None:
        self._noted_s: dict[int, float] = {}
        self._waiting: dict[int, tuple[datetime, Origin]] = {}

    def note(self, access: Access, at: datetime, origin: Callable[[], Origin]) -> None:
        """Something was used at that moment; `origin` is asked only when this is to be written."""
        used, at_s = access.counted_as, at.timestamp()
        if at_s - self._noted_s.get(used, 0.0) < NOTED_EVERY_S:
            return
        if len(self._noted_s) >= NOTED_MAX:
            self._noted_s.clear()
        self._noted_s[used] = at_s
        if len(self._waiting) < NOTED_MAX:
            self._waiting[used] = at, origin()

    async def write(self, engines: Engines) -> None:
        """Write what was noted since the last time; one statement, in the order of ids so that two do not deadlock."""
        if not self._waiting:
            return
        noted, self._waiting = sorted(self._waiting.items()), {}
        rules = engines.config(TokenRules)
        await store.see(
            engines.db,
            [used for used, _ in noted],
            [at for _, (at, _) in noted],
            [origin.address for _, (_, origin) in noted],
            [origin.agent_kept for _, (_, origin) in noted],
            idle=timedelta(seconds=rules.session_s),
            lifetime=timedelta(seconds=rules.lifetime_s),
        )

    async def keep_writing(self, engines: Engines) -> None:
        """Write now and then until cancelled, and once more then."""
        try:
            while True:
                await asyncio.sleep(WRITTEN_EVERY_S)
                await self._try(engines)
        finally:
            await self._try(engines)

    async def _try(self, engines: Engines) -> None:
        try:
            await self.write(engines)
        except (EngineDown, asyncpg.DeadlockDetectedError):
            log.info("last_seen_not_written")
