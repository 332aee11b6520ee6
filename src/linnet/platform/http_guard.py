"""Where connections to others are made: each address is looked at last here, when it is what is connected to."""

import asyncio
import socket
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, cast

import httpcore2

from linnet.platform.addresses import Address, BadAddress, Network, address_of, is_public

ADDRESSES_MAX: Final = 4
"""Addresses of one name that are tried, one after the other."""

RESOLVERS: Final = 8
"""Threads of its own for asking name servers: slow ones hold up neither bcrypt nor the engines' connections."""

Resolve = Callable[[str, int], Sequence[str]]
"""Host and port → the IP addresses of a host as text, the best first; blocks, and raises `OSError`."""


def resolve(host: str, port: int) -> list[str]:
    """What the system knows of a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for _, _, _, _, address in found]


class Guard(httpcore2.AsyncNetworkBackend):
    """Connects to public addresses, and to those in `allowed` networks; anything else is `BadAddress`."""

    def __init__(self, allowed: Sequence[Network], resolve: Resolve) -> None:
        self._allowed = allowed
        self._resolve = resolve
        self._threads = ThreadPoolExecutor(RESOLVERS, thread_name_prefix="resolve")
        self._net = cast("httpcore2.AsyncNetworkBackend", httpcore2.AnyIOBackend())

    def close(self) -> None:
        """Ask no more name servers."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 -- httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """A connection to the first address of the host that may be reached and answers."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeout):
                found = await loop.run_in_executor(self._threads, self._resolve, host, port)
        except (OSError, UnicodeError) as error:  # a timeout is one too; the other is of labels that no name has
            raise httpcore2.ConnectError("The host has no address") from error
        addresses = [one for one in dict.fromkeys(map(address_of, found)) if self._may_be_reached(one)][:ADDRESSES_MAX]
        if not addresses:
            raise BadAddress("The address leads to a private network")
        share_s = None if timeout is None else timeout / len(addresses)
        for last, address in ((one is addresses[-1], one) for one in addresses):
            try:
                return await self._net.connect_tcp(str(address), port, share_s, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                if last:
                    raise
        raise AssertionError("the last address is returned or raised")

    def _may_be_reached(self, address: Address) -> bool:
        return is_public(address) or any(address in network for network in self._allowed)
