"""Whether this process can serve: both engines answer and the schema is there. Looked at once a second at most."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Final

from linnet.platform.engines import Engines
from linnet.platform.errors import EngineDown
from linnet.platform.jobs import admin
from linnet.platform.migrations import missing

CHECK_TIMEOUT_S: Final = 2.0
KEPT_S: Final = 1.0
"""An answer is good for so long, so that asking without a limit costs the engines nothing."""

COUNTED_MAX: Final = 1_000


@dataclass(frozen=True, slots=True)
class Health:
    """What was found; None for an engine that answers."""

    postgresql: str | None
    valkey: str | None
    missing_migrations: tuple[str, ...] = ()
    """Those that this version cannot do without. `post` ones may come later."""
    jobs_waiting: int = 0
    jobs_dead: int = 0
    oldest_job_s: float = 0.0
    """How long the oldest waiting job has been due."""

    @property
    def problem(self) -> str | None:
        """Why this process cannot serve, in a sentence; None when it can."""
        if self.postgresql:
            return f"PostgreSQL {self.postgresql}"
        if self.valkey:
            return f"Valkey {self.valkey}"
        if self.missing_migrations:
            return f"The database lacks migrations: {', '.join(self.missing_migrations)}. Run `linnet migrate`."
        return None


@dataclass(slots=True)
class HealthWatch:
    """The last look of this process, shared by all who ask."""

    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _found: Health | None = None
    _looked_at: float = 0.0

    async def look(self, engines: Engines) -> Health:
        """How it is now, or was `KEPT_S` ago at most; in `CHECK_TIMEOUT_S` or little more."""
        async with self._lock:
            now = asyncio.get_running_loop().time()
            if self._found is None or now - self._looked_at > KEPT_S:
                self._found = await _examine(engines)
                self._looked_at = asyncio.get_running_loop().time()
            return self._found


async def _examine(engines: Engines) -> Health:
    schema: list[str] = []
    depths: list[admin.Depth] = []

    async def ask_postgresql() -> None:
        schema.extend(await missing(engines.db, "pre"))
        if not schema:
            depths.extend(await admin.depths(engines.db, counted_max=COUNTED_MAX))

    postgresql, valkey = await asyncio.gather(_problem_of(ask_postgresql()), _problem_of(engines.valkey.ping()))
    waiting = [depth for depth in depths if depth.state == "ready"]
    return Health(
        postgresql,
        valkey,
        tuple(schema),
        jobs_waiting=sum(depth.jobs for depth in waiting),
        jobs_dead=sum(depth.jobs for depth in depths if depth.state == "dead"),
        oldest_job_s=max((depth.oldest_s for depth in waiting), default=0.0),
    )


async def _problem_of(asking: Awaitable[None]) -> str | None:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_S):
            await asking
    except EngineDown:
        return "cannot be reached"
    except TimeoutError:
        return f"did not answer within {CHECK_TIMEOUT_S:.0f} seconds"
    return None
