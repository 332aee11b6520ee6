"""Streams end with what opened them: a revoked token, an ended session, a suspended account, within a second.

Those from a network that is shut out end as soon.
"""

import asyncio
import time
from collections.abc import Collection
from typing import Final

import structlog

from linnet.features.accounts.ip_blocks.gate import Gate
from linnet.features.sessions import reads as sessions
from linnet.platform.changes import ACCESS_KEPT_S, Change, Kind
from linnet.platform.engines import Engines
from linnet.platform.errors import EngineDown
from linnet.streaming.listeners import Closing, Listener
from linnet.streaming.registry import Registry

LOOK_EVERY_S: Final = 0.4
"""How often the log of changes is asked what has ended; without it PostgreSQL is, about everybody."""

ASKED_MAX: Final = 2_000
"""Streams that one statement asks about."""

log = structlog.get_logger()


class AccessWatch:
    """Looks after all streams of one process."""

    def __init__(self, engines: Engines, registry: Registry) -> None:
        self._engines = engines
        self._registry = registry
        self._ended: set[int] = set()
        """Sessions, tokens and accounts of which something has ended, not looked at yet."""
        self._asked_all_at_s = time.monotonic()
        self._forgotten = False
        self._gate = engines.config(Gate)
        self._gate_readings = 0
        """Of the gate, when all streams were last held against it."""
        engines.changes.hear(self._hear, self._forget)

    async def run(self) -> None:
        """Look, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                await self.look()
            except EngineDown as error:
                log.warning("streams not looked after", engine=error.engine, streams=len(self._registry.listeners))

    async def look(self) -> None:
        """End the streams whose access has ended."""
        heard = await self._engines.changes.catch_up()
        await self._gate.refresh(self._engines)
        if self._gate.readings != self._gate_readings:
            self._shut_out()
        everybody = not heard or self._forgotten or time.monotonic() - self._asked_all_at_s >= ACCESS_KEPT_S
        if everybody:
            await self._ask_about(tuple(self._registry.listeners))
            self._forgotten, self._asked_all_at_s = False, time.monotonic()
            self._ended.clear()
            return
        ended = tuple(self._ended)
        if ended:
            await self._ask_about({one: None for number in ended for one in self._registry.of_access(number)}.keys())
            self._ended.difference_update(ended)

    def _shut_out(self) -> None:
        self._gate_readings = self._gate.readings
        now = self._engines.clock.now()
        for listener in tuple(self._registry.listeners) if self._gate.shuts_out else ():
            if not self._gate.may_enter(listener.address, now):
                listener.close(Closing.SHUT_OUT)

    async def _ask_about(self, listeners: Collection[Listener]) -> None:
        asked = tuple(listeners)
        for at in range(0, len(asked), ASKED_MAX):
            group = asked[at : at + ASKED_MAX]
            living = {id(one) for one in await sessions.living(self._engines, [one.access for one in group])}
            for listener in group:
                if id(listener.access) not in living:
                    listener.close(Closing.ENDED)

    def _hear(self, change: Change) -> None:
        if change[0] is Kind.ACCESS:
            self._ended.add(change[1])

    def _forget(self) -> None:
        self._forgotten = True
