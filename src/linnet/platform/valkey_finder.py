"""The first call to Valkey: it tells whether there is one server or a cluster, so that no setting gets that wrong."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from valkey.exceptions import ResponseError

from linnet.platform.valkey_cluster import ClusterWire
from linnet.platform.valkey_link import Argument, Lost
from linnet.platform.valkey_map import SlotMap
from linnet.platform.valkey_wire import AnyWire, Wire

_NOT_YET = ("LOADING", "MASTERDOWN")


def one_by_one(url: str) -> list[str]:
    """A URL for each host of `valkey://user:password@host:port,host:port/0`; what is around them, each has."""
    parts = urlsplit(url)
    around, at, hosts = parts.netloc.rpartition("@")
    return [urlunsplit(parts._replace(netloc=f"{around}{at}{host.strip()}")) for host in hosts.split(",")]


class Finder:
    """A wire until it is known which kind is right: then that one, which is also given to `found`."""

    def __init__(self, urls: Sequence[str]) -> None:
        self.found: Callable[[AnyWire], None] | None = None
        self._wires = [Wire(url) for url in urls]
        self._right: AnyWire | None = None
        self._finding: asyncio.Task[AnyWire] | None = None

    async def call(self, *command: Argument) -> Any:  # noqa: ANN401 -- a reply may be anything
        """The reply to one command."""
        return await (await self._find()).call(*command)

    async def calls(self, *commands: tuple[Argument, ...]) -> list[Any]:
        """The replies to several."""
        return await (await self._find()).calls(*commands)

    async def replies(self, *commands: tuple[Argument, ...], copied: bool = False) -> list[Any]:
        """The same with errors in their places."""
        return await (await self._find()).replies(*commands, copied=copied)

    def replies_soon(self, *commands: tuple[Argument, ...]) -> "asyncio.Future[list[Any]]":
        """The same as a future."""
        return asyncio.ensure_future(self.replies(*commands))

    def link_to(self, key: str) -> object:
        """Nothing, before the first call."""
        return None if self._right is None else self._right.link_to(key)

    async def is_sure_of(self, key: str) -> bool:
        """Whether others, too, say that the key is where we look for it."""
        return await (await self._find()).is_sure_of(key)

    async def whereabouts(self) -> Mapping[str, Any]:
        """How to connect to a server that serves."""
        return await (await self._find()).whereabouts()

    async def close(self) -> None:
        """Hang up, also on what was found."""
        if self._finding is not None:
            self._finding.cancel()
        for wire in self._wires:
            await wire.close()
        if self._right is not None:
            await self._right.close()

    async def _find(self) -> AnyWire:
        """The right one; whoever comes while the servers are asked waits for the same answer."""
        if self._right is not None:
            return self._right
        if self._finding is None or self._finding.done():
            self._finding = asyncio.create_task(self._ask())
        return await asyncio.shield(self._finding)

    async def _ask(self) -> AnyWire:
        """Take the first server that answers at its word; raises the last one's `Lost`."""
        error = Lost("no server was named")
        for wire in self._wires:
            try:
                self._right = await self._kind_of(wire)
            except Lost as lost:
                error = lost
                continue
            for other in self._wires:
                if other is not self._right:
                    await other.close()
            if self.found is not None:
                self.found(self._right)
            return self._right
        raise error

    async def _kind_of(self, wire: Wire) -> AnyWire:
        try:
            ranges = await wire.call("CLUSTER", "SLOTS")
        except ResponseError as refusal:
            if str(refusal).startswith(_NOT_YET):
                raise Lost(str(refusal)) from refusal
            return wire  # it is no cluster, or does not let us see that it is
        return ClusterWire(SlotMap([one.where for one in self._wires], wire, ranges))
