"""Requests that come one soon after another and ask Valkey together: the fewer trips, the less each costs.

A request by itself costs twice as much as one in company, most of it for two changes of context. So while many
connections ask, each waits for as many others as came in the last `TOGETHER_S`, and at most for as long. Whoever comes
alone, or with a few, waits for nobody.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Final

TOGETHER_S: Final = 0.001
"""The least that a timer of libuv can wait, and nothing beside what a page takes to travel."""

CROWD_MIN: Final = 4
"""Different connections within `TOGETHER_S` from which on it pays to wait; measured with 1 to 64 connections."""


class Company:
    """Calls what is put here, all in one turn of the loop, at once or as soon as enough have come."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._began = 0.0
        """When the time began in which `_here` came."""
        self._here: set[object] = set()
        self._expected = 0
        """Who came in the time before."""
        self._waiting: list[Callable[[], object]] = []
        self._timer: asyncio.TimerHandle | None = None

    def put(self, who: object, ask: Callable[[], object]) -> None:
        """Call `ask` now or within `TOGETHER_S`, with others; `who` is what tells one connection from another."""
        now = self._clock()
        if now - self._began > TOGETHER_S:
            self._expected = len(self._here) if now - self._began < 2 * TOGETHER_S else 0
            self._here, self._began = set(), now
        self._here.add(who)
        if self._expected < CROWD_MIN and not self._waiting:
            ask()
            return
        self._waiting.append(ask)
        if len(self._waiting) >= self._expected:
            self._go()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(TOGETHER_S, self._go)

    def _go(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        waiting, self._waiting = self._waiting, []
        for ask in waiting:
            ask()
