"""A cluster's map: which of its servers has which slot, as one of them told last, and a wire to each."""

import asyncio
import random
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from valkey.exceptions import ResponseError

from linnet.platform.valkey_link import Lost
from linnet.platform.valkey_slots import SLOTS, Address, served_by
from linnet.platform.valkey_wire import Wire

TIMEOUT_S: Final = 1.0
"""A server that takes longer to connect, or is silent longer, is given up. Others serve, so nobody need be patient."""

LEARN_EVERY_S: Final = 0.2
LEARN_TIMEOUT_S: Final = 0.5
"""For one server to tell the map; then another is asked."""


class SlotMap:
    """Who serves what. A server out of date may tell it wrong: what others refuse then sets it right."""

    def __init__(self, seeds: Sequence[Mapping[str, Any]], teller: Wire, ranges: Sequence[Any]) -> None:
        """`seeds`: the servers that the operator named; `teller`: one of them; `ranges`: its reply to CLUSTER SLOTS."""
        self.by_slot: list[Wire | None] = []
        """A wire to the master of each slot; None where there is none."""
        self._seed = seeds[0]
        self._named = {_address(seed): Wire(seed, timeout_s=TIMEOUT_S) for seed in seeds}
        self._wires: dict[Address, Wire] = {}
        self._learning: asyncio.Task[None] | None = None
        self._learned_at_s = 0.0
        self._background: set[asyncio.Task[None]] = set()
        self._take(teller, ranges)

    async def learn(self) -> None:
        """Have it as it is now, or was `LEARN_EVERY_S` ago; unless nobody tells."""
        if self._learning is None or self._learning.done():
            now_s = asyncio.get_running_loop().time()
            if now_s - self._learned_at_s < LEARN_EVERY_S:
                return
            self._learned_at_s = now_s
            self._learning = asyncio.create_task(self._learn())
        await asyncio.shield(self._learning)

    def learn_soon(self) -> None:
        """The same, later."""
        self._begin(self.learn())

    async def learn_from_others(self, wire: Wire) -> bool:
        """Have it as another server than this one tells it; whether it tells that this one has become a replica.

        A master that was silent may have been replaced and not know it yet, when it answers again.
        """
        doubtful = _address(wire.where)
        for other in self.shuffled():
            if _address(other.where) != doubtful and (ranges := await _told(other)):
                self._take(other, ranges)
                return any(doubtful in replicas for *_, (_, *replicas) in served_by(ranges, _address(other.where)))
        return False

    def led_to(self, address: Address, slot: int, *, moved: bool) -> Wire:
        """The wire to which a server has led; from now on for all of the slot, if that has `moved`."""
        host, port = address
        if not host:  # it means itself
            known = self.by_slot[slot]
            host = _address(self._seed if known is None else known.where)[0]
        wire = self._wire((host, port))
        if moved:
            self.by_slot[slot] = wire
            self.learn_soon()
        return wire

    def masters(self) -> Iterable[Wire]:
        """Each once."""
        return dict.fromkeys(wire for wire in self.by_slot if wire is not None)

    def shuffled(self) -> list[Wire]:
        """Every server, in an order by chance, so that not all processes ask the same one; those connected first."""
        wires = list({**self._named, **self._wires}.values())
        return sorted(random.sample(wires, len(wires)), key=is_away)

    async def close(self) -> None:
        """Hang up on all of them."""
        for task in (self._learning, *self._background):
            if task is not None:
                task.cancel()
        for wire in (*self._wires.values(), *self._named.values()):
            await wire.close()

    async def _learn(self) -> None:
        for wire in self.shuffled():
            if ranges := await _told(wire):
                self._take(wire, ranges)
                return

    def _take(self, teller: Wire, ranges: Sequence[Any]) -> None:
        """Note who serves what; hang up on who is no longer there."""
        by_slot: list[Wire | None] = [None] * SLOTS
        here: set[Address] = set()
        for first, last, servers in served_by(ranges, _address(teller.where)):
            here.update(servers)
            for address in servers:
                self._wire(address)
            by_slot[first : last + 1] = [self._wire(servers[0])] * (last - first + 1)
        self.by_slot = by_slot
        for address in set(self._wires) - here:
            self._begin(_leave(self._wires.pop(address)))

    def _wire(self, address: Address) -> Wire:
        wire = self._wires.get(address)
        if wire is None:
            host, port = address
            wire = self._wires[address] = Wire({**self._seed, "host": host, "port": port}, timeout_s=TIMEOUT_S)
        return wire

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)


def is_away(wire: Wire) -> bool:
    """Whether there is no connection now."""
    return wire.link is None or wire.link.lost


async def _told(wire: Wire) -> Sequence[Any] | None:
    """What a server says to CLUSTER SLOTS; None when it does not, or knows of none."""
    with suppress(Lost, ResponseError, TimeoutError):
        async with asyncio.timeout(LEARN_TIMEOUT_S):
            return await wire.call("CLUSTER", "SLOTS") or None
    return None


async def _leave(gone: Wire) -> None:
    await asyncio.sleep(TIMEOUT_S)  # it may still answer what it was asked
    await gone.close()


def _address(where: Mapping[str, Any]) -> Address:
    return where.get("host", "localhost"), where.get("port", 6379)
