"""A queue of hints and what tells of them: in their order, several together, again when an engine was away."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import structlog

from linnet.platform.errors import EngineDown
from linnet.platform.live import Hint
from linnet.streaming import measures
from linnet.streaming.limits import HINTS_MAX

TOGETHER_MAX: Final = 50
"""Hints that are told of together."""

AWAY_S: Final = 0.5
TRIES: Final = 10
"""While an engine is away hints are tried so often, so long apart; then let go of."""

log = structlog.get_logger()


class Lane:
    """Tells of hints by one call of `tell` after the other, which says whether it could."""

    def __init__(self, tell: Callable[[Sequence[Hint]], Awaitable[bool]]) -> None:
        self._tell = tell
        self._waiting: deque[Hint] = deque()
        self._come = asyncio.Event()

    def put(self, hint: Hint) -> None:
        """To be told of soon."""
        if len(self._waiting) >= HINTS_MAX:
            self._waiting.popleft()
            measures.lost.inc()
        self._waiting.append(hint)
        self._come.set()

    async def run(self) -> None:
        """Tell, until cancelled."""
        while True:
            await self._come.wait()
            self._come.clear()
            while self._waiting:
                hints = [self._waiting.popleft() for _ in range(min(TOGETHER_MAX, len(self._waiting)))]
                await self._try(hints)

    async def _try(self, hints: Sequence[Hint]) -> None:
        for _ in range(TRIES):
            try:
                if await self._tell(hints):
                    return
            except EngineDown as error:
                log.warning("streams wait", engine=error.engine)
            except Exception:
                log.exception("hints not told of", hints=len(hints))
                break
            await asyncio.sleep(AWAY_S)
        measures.lost.inc(len(hints))
