"""The gate: every IP block in the memory of each process, so that to look who may come in costs next to nothing.

The log of changes says when there are others; they are then read anew before the next request is let in. Where the log
cannot be had they are read anew every `KEPT_S`.
"""

import asyncio
import time
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

import structlog

from linnet.features.accounts.ip_blocks import store
from linnet.features.accounts.ip_blocks.models import BLOCKS_MAX, HARDNESS, IpBlock, Severity, address_of
from linnet.platform.changes import Change, Changes, Kind
from linnet.platform.engines import Engines
from linnet.platform.errors import EngineDown

KEPT_S: Final = 60.0
"""How long they count without word of the log of changes."""

TRIED_AGAIN_S: Final = 1.0
"""How long after PostgreSQL was away; what was known counts until then."""

ADDRESSES_MAX: Final = 20_000
"""Addresses whose blocks are remembered."""

log = structlog.get_logger()


class Gate:
    """What is blocked, by address; one in each process that answers people, in `engines.configs`."""

    def __init__(self, changes: Changes) -> None:
        self._by_prefix: Mapping[tuple[int, int], Mapping[int, IpBlock]] = {}
        """By version of IP and length of the prefix: the networks of that length, by the bits of their prefix."""
        self._of_address: dict[str, tuple[IpBlock, ...]] = {}
        self._fresh_until_s = 0.0
        self._reading: asyncio.Task[None] | None = None
        self.readings = 0
        """How often they were read: whoever follows from them sees by it that they may be others."""
        self.shuts_out = False
        """Whether anybody at all may not come in."""
        changes.hear(self._hear, self.forget)

    @property
    def is_fresh(self) -> bool:
        """Whether what is known counts; else `refresh`."""
        return time.monotonic() < self._fresh_until_s

    async def refresh(self, engines: Engines) -> None:
        """Read all blocks anew if that is due; whoever comes meanwhile waits for the same reading."""
        while not self.is_fresh:
            if self._reading is None or self._reading.done():
                self._reading = asyncio.create_task(self._read(engines))
            await asyncio.shield(self._reading)

    def may_enter(self, address: str, at: datetime) -> bool:
        """Whether requests from this address are answered at all."""
        return not self.shuts_out or not any(
            block.severity is Severity.NO_ACCESS and block.holds_at(at) for block in self._blocks_of(address)
        )

    def hardest(self, address: str, at: datetime) -> IpBlock | None:
        """The hardest of the blocks that an address is in, if it is in any."""
        holding = (block for block in self._blocks_of(address) if block.holds_at(at))
        return max(holding, key=lambda block: HARDNESS[block.severity], default=None)

    def forget(self) -> None:
        """Read anew before the next is let in."""
        self._fresh_until_s = 0.0

    def _hear(self, change: Change) -> None:
        if change[0] is Kind.IP_BLOCKS:
            self.forget()

    async def _read(self, engines: Engines) -> None:
        self._fresh_until_s = time.monotonic() + KEPT_S  # a change while the statement runs makes this 0 again
        try:
            self._take(await store.everything(engines.db, BLOCKS_MAX))
        except EngineDown as error:
            log.warning("ip blocks not read", engine=error.engine)
            self._fresh_until_s = time.monotonic() + TRIED_AGAIN_S

    def _take(self, blocks: Iterable[IpBlock]) -> None:
        found: dict[tuple[int, int], dict[int, IpBlock]] = {}
        for block in blocks:
            network = block.network
            bits = int(network.network_address) >> (network.max_prefixlen - network.prefixlen)
            found.setdefault((network.version, network.prefixlen), {})[bits] = block
        self._by_prefix = found
        self.readings += 1
        self._of_address.clear()
        self.shuts_out = any(block.severity is Severity.NO_ACCESS for some in found.values() for block in some.values())

    def _blocks_of(self, text: str) -> tuple[IpBlock, ...]:
        known = self._of_address.get(text)
        if known is None:
            if len(self._of_address) >= ADDRESSES_MAX:
                self._of_address.clear()
            known = self._of_address[text] = self._find(text)
        return known

    def _find(self, text: str) -> tuple[IpBlock, ...]:
        address = address_of(text)
        if address is None:
            return ()
        number = int(address)
        found = (
            blocks.get(number >> (address.max_prefixlen - length))
            for (version, length), blocks in self._by_prefix.items()
            if version == address.version
        )
        return tuple(block for block in found if block is not None)


async def gate_now(engines: Engines) -> Gate:
    """The gate with all that anybody was told has changed."""
    gate = engines.config(Gate)
    await engines.changes.catch_up()
    await gate.refresh(engines)
    return gate
