"""The hub: hears what has happened, and tells those who listen. One in each streaming process.

Statuses go one way, in their order, so that an edit does not come before the post; all else goes another, so that
nobody waits for a page of notifications.
"""

import asyncio
import random
from collections import OrderedDict
from collections.abc import Collection, Sequence
from typing import Final

from linnet.features.statuses.gone import Gone
from linnet.platform import live
from linnet.platform.engines import Engines
from linnet.platform.live import Hint, Live
from linnet.streaming import measures
from linnet.streaming.access import AccessWatch
from linnet.streaming.announced import Announced
from linnet.streaming.audience import Audience
from linnet.streaming.lanes import Lane
from linnet.streaming.limits import HINTS_MAX, PING_EVERY_S, StreamingLimits
from linnet.streaming.listeners import Closing
from linnet.streaming.messages import Event, Message
from linnet.streaming.personal import Personal
from linnet.streaming.presenting import Delivery, present
from linnet.streaming.private import Private
from linnet.streaming.readers import Readers
from linnet.streaming.registry import Listeners, Registry

SENT_AT_ONCE: Final = 250
"""Connections written to before others have their turn."""

TOLD_MAX: Final = 20_000
"""Statuses that are remembered as told: a job may run twice."""

TOUCHED_EVERY_S: Final = 3.0
"""How often it is told at most that a status shows something else, as the votes of a poll that many answer."""

BEATS: Final = 60
"""Parts that all connections are pinged in, one after the other."""

_STATUSES: Final = frozenset({Live.POSTED, Live.EDITED, Live.DELETED, Live.WITHHELD, Live.RELEASED})


class Hub:
    """Listeners come and go through `registry`."""

    def __init__(self, engines: Engines, limits: StreamingLimits) -> None:
        self._engines = engines
        self.limits = limits
        self.readers = Readers(engines)
        self.registry = Registry(self.readers, limits)
        self.access = AccessWatch(engines, self.registry)
        self._audience = Audience(engines, self.registry)
        self._personal = Personal(engines, self.registry)
        self._announced = Announced(engines, self.registry)
        self._private = Private(engines, self.registry)
        self._statuses = Lane(self._tell_statuses)
        self._others = Lane(self._tell_others)
        self._told: OrderedDict[int, None] = OrderedDict()
        self._touched: dict[int, None] = {}
        """Statuses that show something else, which is to be told at the next occasion."""
        self.is_draining = False

    async def run(self) -> None:
        """Listen, and tell, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._engines.bus.listen({live.CHANNEL: self.hear}))
            group.create_task(self._statuses.run())
            group.create_task(self._others.run())
            group.create_task(self.readers.keep_true())
            group.create_task(self.access.run())
            group.create_task(self._beat())
            group.create_task(self._tell_touched())

    async def hear(self, message: bytes) -> None:
        """Take the hints of a message, to be told soon."""
        if self.registry.listeners:
            for hint in live.heard(message):
                if hint.kind == Live.TOUCHED:
                    self._touch(hint)
                else:
                    (self._statuses if hint.kind in _STATUSES else self._others).put(hint)

    def _touch(self, hint: Hint) -> None:
        if len(self._touched) < HINTS_MAX:
            self._touched.update(dict.fromkeys(hint.numbers[:1]))

    async def _tell_touched(self) -> None:
        """Tell, however often it happens, once in `TOUCHED_EVERY_S` what each status shows now; until cancelled."""
        while True:
            await asyncio.sleep(TOUCHED_EVERY_S)
            touched, self._touched = self._touched, {}
            for status_id in touched:
                self._statuses.put(live.hint(Live.EDITED, status_id))

    async def drain(self, within_s: float) -> None:
        """Send everybody away, spread over some seconds, so that they do not all come back at the same moment."""
        self.is_draining = True
        leaving = list(self.registry.listeners)
        random.shuffle(leaving)
        loop = asyncio.get_running_loop()
        began = loop.time()
        for number, listener in enumerate(leaving):
            wait_s = began + within_s * number / len(leaving) - loop.time()
            if wait_s > 0:
                await asyncio.sleep(wait_s)
            listener.close(Closing.RESTART)

    async def _tell_statuses(self, hints: Sequence[Hint]) -> bool:
        """Tell of posts and edits, and then of what is gone; False when it has to be tried again."""
        if not await self._audience.is_ready():
            return False
        told: list[tuple[Event, int]] = []
        released: set[int] = set()
        for hint in hints:
            match hint:
                case Hint(Live.RELEASED, (status_id,)):
                    told.append((Event.UPDATE, status_id))
                    released.add(status_id)
                case Hint(Live.POSTED, (status_id,)) if status_id not in self._told:
                    told.append((Event.UPDATE, status_id))
                case Hint(Live.EDITED, (status_id,)):
                    told.append((Event.STATUS_UPDATE, status_id))
                case _:
                    pass
        if told:
            await self._tell_of(list(dict.fromkeys(told)), released)
        for hint in hints:
            if hint.kind in {Live.DELETED, Live.WITHHELD} and (gone := Gone.of(hint.numbers)) is not None:
                await self._tell_gone(gone, but=gone.account_id if hint.kind == Live.WITHHELD else None)
        return True

    async def _tell_of(self, told: Sequence[tuple[Event, int]], released: Collection[int]) -> None:
        tellings = await self._audience.of_statuses(told)
        for telling in tellings:
            if telling.status.id in released:  # its author has had it all the time
                author_id = telling.status.account_id
                telling.gets = [one for one in telling.gets if one[2].viewer.account_id != author_id]
        for delivery in await present(self._engines, tellings):
            await self._send(delivery)
        now = self._engines.clock.now()
        for telling in tellings:
            if telling.event is Event.UPDATE:
                self._told[telling.status.id] = None
                measures.told(telling.status.id, now)
        while len(self._told) > TOLD_MAX:
            self._told.popitem(last=False)

    async def _tell_gone(self, gone: Gone, but: int | None) -> None:
        status_id = str(gone.status_id).encode()
        told: dict[tuple[str, ...], Listeners] = {}
        for channel, listeners in self._audience.of_gone(gone):
            others = {one: None for one in listeners if one.viewer.account_id != but}
            told.setdefault(channel.names, {}).update(others)
        for names, listeners in told.items():
            await self._send(Delivery(Message(names, Event.DELETE, status_id), listeners))

    async def _tell_others(self, hints: Sequence[Hint]) -> bool:
        for delivery in (
            *await self._personal.of(hints),
            *await self._private.of(hints),
            *await self._announced.of(hints),
        ):
            await self._send(delivery)
        return True

    async def _send(self, delivery: Delivery) -> None:
        message = delivery.message
        for number, listener in enumerate(delivery.listeners, 1):
            listener.tell(message)
            if number % SENT_AT_ONCE == 0:
                await asyncio.sleep(0)
        measures.deliveries.labels(message.event.value).inc(len(delivery.listeners))

    async def _beat(self) -> None:
        """Ping all connections once in `PING_EVERY_S`, a part of them at a time."""
        while True:
            listeners = list(self.registry.listeners)
            for part in range(BEATS):
                for listener in listeners[part::BEATS]:
                    if listener in self.registry.listeners:
                        listener.beat()
                await asyncio.sleep(PING_EVERY_S / BEATS)
            measures.accounts.set(len(self.readers))
