"""A wire to a Valkey server: one connection that many requests share, made when it is needed.

valkey-py takes a connection out of a pool for each command, which costs 0.25 ms of CPU; this costs a tenth of it.
"""

import asyncio
import ssl
from collections.abc import Mapping
from functools import partial
from typing import Any, Protocol, cast

from valkey.asyncio.connection import parse_url
from valkey.exceptions import ResponseError

from linnet.platform.valkey_link import Argument, Link, Lost, encoded

CONNECT_TIMEOUT_S = 3.0
ANSWER_TIMEOUT_S = 3.0
"""A server that leaves the oldest question unanswered for so long is given up, with all questions that wait."""

REST_S = 1.0
"""After a server did not answer in time, or could not be reached in time, nobody waits for it again for so long."""

_ERRORS = (ResponseError, Lost)


class AnyWire(Protocol):
    """Commands in, replies out: to one server, or to a cluster of them."""

    async def call(self, *command: Argument) -> Any:  # noqa: ANN401 -- a reply may be anything
        """The reply to one command; raises `Lost`, or `ResponseError` for what the server refuses."""
        ...

    async def calls(self, *commands: tuple[Argument, ...]) -> list[Any]:
        """The replies to several commands, in order; an error of one of them is raised when all have answered."""
        ...

    async def replies(self, *commands: tuple[Argument, ...], copied: bool = False) -> list[Any]:
        """The same, with `Lost` or `ResponseError` in the place of a reply instead of raised.

        `copied`: answer when a replica has what was written too, if there is one that keeps up.
        """
        ...

    def replies_soon(self, *commands: tuple[Argument, ...]) -> "asyncio.Future[list[Any]]":
        """The same as a future, for who does not await it."""
        ...

    def link_to(self, key: str) -> object:
        """What connects us with the server that has `key` now; another object whenever anything may have been lost."""
        ...

    async def is_sure_of(self, key: str) -> bool:
        """Whether the server that we connect with for `key` has it in the eyes of others, too."""
        ...

    async def whereabouts(self) -> Mapping[str, Any]:
        """How to connect to a server that serves, as valkey-py's arguments; `Lost` when there is none."""
        ...

    async def close(self) -> None:
        """Hang up."""
        ...


class Wire:
    """One server; connects when first used, and anew when used after a loss."""

    def __init__(self, where: str | Mapping[str, Any], *, timeout_s: float | None = None) -> None:
        """To a URL, or by valkey-py's arguments. After `timeout_s` without a connection or an answer it is given up."""
        self.where = cast("Mapping[str, Any]", parse_url(where)) if isinstance(where, str) else where
        self.link: Link | None = None
        """The connection, which may be `lost`; None before the first."""
        self._connecting: asyncio.Task[Link] | None = None
        self._rests_until = 0.0
        self._connect_timeout_s = timeout_s or CONNECT_TIMEOUT_S
        self._answer_timeout_s = timeout_s or ANSWER_TIMEOUT_S

    async def call(self, *command: Argument) -> Any:  # noqa: ANN401 -- a reply may be anything
        """The reply to one command."""
        link = self.link
        if link is None or link.lost:
            link = await self.connected()
        return await link.ask(encoded(command))

    async def calls(self, *commands: tuple[Argument, ...]) -> list[Any]:
        """The replies to several commands; one write, and one future for all of them."""
        return raised_of(await self.replies(*commands))

    async def replies(self, *commands: tuple[Argument, ...], copied: bool = False) -> list[Any]:  # noqa: ARG002 -- one server has no copies
        """The same with errors in their places; `Lost`, which comes to all, is raised."""
        if not commands:
            return []
        link = self.link
        if link is None or link.lost:
            link = await self.connected()
        return await link.ask_all([encoded(command) for command in commands])

    def replies_soon(self, *commands: tuple[Argument, ...]) -> "asyncio.Future[list[Any]]":
        """The same as a future: no task is made for it while there is a connection."""
        link = self.link
        if link is None or link.lost:
            return asyncio.ensure_future(self.replies(*commands))
        return link.ask_all([encoded(command) for command in commands])

    def link_to(self, key: str) -> object:  # noqa: ARG002 -- one server has all keys
        """The connection."""
        return self.link

    async def is_sure_of(self, key: str) -> bool:  # noqa: ARG002 -- there are no others
        """Yes."""
        return True

    async def whereabouts(self) -> Mapping[str, Any]:
        """The server's."""
        return self.where

    async def close(self) -> None:
        """Hang up."""
        if self._connecting is not None:
            self._connecting.cancel()
        if self.link is not None:
            self.link.hang_up()

    async def connected(self) -> "Link":
        """The link, new if need be; whoever comes while it is made waits for the same one."""
        now = asyncio.get_running_loop().time()
        if self.link is not None and self.link.silent:
            self.link, self._rests_until = None, now + REST_S
        if now < self._rests_until:
            raise Lost("the server did not answer a moment ago")
        if self._connecting is None or self._connecting.done():
            self._connecting = asyncio.create_task(self._connect_once())
        return await asyncio.shield(self._connecting)

    async def _connect_once(self) -> "Link":
        where, loop = self.where, asyncio.get_running_loop()
        new_link = partial(Link, self._answer_timeout_s)
        try:
            async with asyncio.timeout(self._connect_timeout_s):
                if "path" in where:
                    _, link = await loop.create_unix_connection(new_link, where["path"])
                else:
                    secured = ssl.create_default_context() if "SSL" in str(where.get("connection_class")) else None
                    host, port = where.get("host", "localhost"), where.get("port", 6379)
                    _, link = await loop.create_connection(new_link, host, port, ssl=secured)
                await self._introduce(link)
        except (OSError, TimeoutError) as error:
            if isinstance(error, TimeoutError):
                self._rests_until = loop.time() + REST_S
            raise Lost(str(error)) from error
        self.link = link
        return link

    async def _introduce(self, link: "Link") -> None:
        where = self.where
        if where.get("password"):
            name = (where["username"],) if where.get("username") else ()
            await link.ask(encoded(("AUTH", *name, where["password"])))
        if where.get("db"):
            await link.ask(encoded(("SELECT", where["db"])))


def raised_of(replies: list[Any]) -> list[Any]:
    """The replies, when none of them is an error; else the first error is raised."""
    for reply in replies:
        if isinstance(reply, _ERRORS):
            raise reply
    return replies
