"""The short way to pages that are answered at once: no task, no ASGI messages, one write, and the same bytes.

The server that runs the application offers each request here first (`roles/connections.py`). A request that is taken
waits for one reply of Valkey and is then answered where that reply came in. Whatever is out of the ordinary goes the
usual way, `Edge` and all, as if nothing had been tried; what was counted is not counted again.
"""

import asyncio
import time
from collections.abc import Sequence
from functools import partial
from typing import Any

from linnet.api import at_once
from linnet.api.at_once import Asking, Ready
from linnet.api.company import Company
from linnet.api.dispatch import TRACE, Scope, Services, Trace
from linnet.api.doors import Doors
from linnet.api.edge import NOTHING_LOADS, Edge, limit_headers, lines_of, record, request_id
from linnet.api.endpoint import Endpoint
from linnet.api.turn import Turn
from linnet.platform.telemetry import traces


class Express:
    """Answers what it can of the requests for endpoints that have an `at_once`; others it leaves alone."""

    def __init__(self, edge: Edge, services: Services, endpoints: Sequence[Endpoint], doors: Doors) -> None:
        self._edge = edge
        self._doors = doors
        self._services = services
        self._pages = {one.path: one for one in endpoints if one.at_once is not None and not one.path_parameters}
        self._always = {path: b"".join(lines_of(_same_for_all(edge, path))) for path in self._pages}
        self._company = Company()
        self._catching_up: set[asyncio.Task[None]] = set()

    def take(self, scope: Scope, turn: Turn) -> bool:
        """Whether this GET is answered here; False when it has to go the usual way from the beginning."""
        path = scope["path"]
        endpoint = self._pages.get(path)
        if endpoint is None or endpoint.at_once is None or self._edge.is_full or traces.is_on():
            return False
        if not self._doors.open_at_once(scope):
            return False
        started = time.perf_counter()
        trace = Trace(request_id(scope["headers"]), path, endpoint.path)
        asking = at_once.begin(endpoint.at_once, endpoint, self._services, scope, trace)
        if asking is None:
            return False
        self._edge.count(1)
        self._company.put(turn.connection, partial(self._ask, asking, turn, started))
        return True

    def _ask(self, asking: Asking, turn: Turn, started: float) -> None:
        reply = self._services.engines.valkey.ask_soon(*asking.commands)
        reply.add_done_callback(partial(self._replied, asking, turn, started))

    def _replied(self, asking: Asking, turn: Turn, started: float, reply: "asyncio.Future[list[Any]]") -> None:
        replies = None if reply.cancelled() or reply.exception() else reply.result()
        if replies is None or any(isinstance(one, Exception) for one in replies):
            self._answer(asking, turn, started, None)
        elif at_once.is_current(asking, replies):
            self._answer(asking, turn, started, replies)
        else:
            task = asyncio.create_task(self._catch_up(asking, turn, started, replies))
            self._catching_up.add(task)
            task.add_done_callback(self._catching_up.discard)

    async def _catch_up(self, asking: Asking, turn: Turn, started: float, replies: list[Any]) -> None:
        caught_up = False
        try:
            caught_up = await self._services.engines.changes.catch_up()
        finally:
            self._answer(asking, turn, started, replies if caught_up else None)

    def _answer(self, asking: Asking, turn: Turn, started: float, replies: list[Any] | None) -> None:
        """Answer by the replies, or the usual way where there are none or they do not do, or we make a mistake."""
        trace, ready = asking.trace, None
        self._edge.count(-1)
        if turn.has_gone:
            return
        try:
            ready = at_once.finish(asking, replies) if replies is not None else None
        finally:
            if ready is None:
                trace.tried = True
                asking.scope[TRACE] = trace
                turn.go_on()
        if ready is not None:
            turn.send(ready.status, self._head(ready, trace), ready.body)
            record("GET", trace, ready.status, len(ready.body), time.perf_counter() - started)

    def _head(self, ready: Ready, trace: Trace) -> list[bytes]:
        own = (*ready.headers, (b"x-request-id", trace.request_id.encode()), *limit_headers(trace.allowance))
        return [*lines_of(own), self._always[trace.path]]


def _same_for_all(edge: Edge, path: str) -> list[tuple[bytes, bytes]]:
    headers = [one for one in edge.headers(path, Trace("", path)) if one[0] != b"x-request-id"]
    return [*headers, (b"content-security-policy", NOTHING_LOADS)]
