"""One connection to Valkey that many requests share: what is asked in one turn of the loop leaves in one write.

valkey-py takes a connection out of a pool for each command, which costs 0.25 ms of CPU; this costs a tenth of it.
Replies come in the order of the commands (https://valkey.io/topics/protocol/), so that a queue of futures is all there
is to it. The replies are parsed by libvalkey, valkey-py's own parser in C.
"""

import asyncio
import ssl
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Protocol, cast

import libvalkey
from valkey.asyncio.connection import parse_url
from valkey.exceptions import NoScriptError, ResponseError

CONNECT_TIMEOUT_S = 3.0
ANSWER_TIMEOUT_S = 3.0
"""A server that leaves the oldest question unanswered for so long is given up, with all questions that wait."""

REST_S = 1.0
"""After a server did not answer in time, or could not be reached in time, nobody waits for it again for so long."""

Argument = bytes | int | str


class Lost(OSError):
    """The connection could not be had, or was lost before the answer came."""


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

    def link_to(self, key: str) -> object:
        """What connects us with the server that has `key` now; another object whenever anything may have been lost."""
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

    def link_to(self, key: str) -> object:  # noqa: ARG002 -- one server has all keys
        """The connection."""
        return self.link

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


class _Several:
    """The replies to several commands, which one future waits for."""

    __slots__ = ("_left", "_replies", "whole")

    def __init__(self, number: int, whole: "asyncio.Future[list[Any]]") -> None:
        self._left = number
        self._replies: list[Any] = []
        self.whole = whole

    def take(self, reply: object) -> None:
        """One more; an error among them is a reply like any other."""
        self._replies.append(reply)
        self._left -= 1
        if not self._left and not self.whole.done():
            self.whole.set_result(self._replies)


class Link(asyncio.Protocol):
    """A connection while it lasts."""

    def __init__(self, answer_timeout_s: float) -> None:
        self.lost = False
        self.silent = False
        """Lost because the server left a question unanswered for too long."""
        self._answer_timeout_s = answer_timeout_s
        self._loop = asyncio.get_running_loop()
        self._reader = libvalkey.Reader(replyError=_error)
        self._waiting: deque[asyncio.Future[Any] | _Several] = deque()
        self._unsent: list[bytes] = []
        self._answered = 0
        self._seen_answered = 0
        self._watch: asyncio.TimerHandle | None = None

    def ask(self, command: bytes) -> "asyncio.Future[Any]":
        """Send a command at the end of this turn of the loop; its reply."""
        reply = self._loop.create_future()
        if self.lost:
            reply.set_exception(Lost("the connection is gone"))
            return reply
        self._waiting.append(reply)
        self._write_soon(command)
        return reply

    def ask_all(self, commands: Sequence[bytes]) -> "asyncio.Future[list[Any]]":
        """Send several commands likewise; their replies in order, once all are there."""
        replies = self._loop.create_future()
        if self.lost:
            replies.set_exception(Lost("the connection is gone"))
            return replies
        self._waiting.extend([_Several(len(commands), replies)] * len(commands))
        self._write_soon(b"".join(commands))
        return replies

    def hang_up(self) -> None:
        """Close the connection; whoever still waits for a reply gets `Lost`."""
        if not self.lost:
            self._end(Lost("the connection was closed"))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take it."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Give each reply to who waits for it."""
        self._reader.feed(data)
        while (reply := self._reader.gets()) is not False:
            waiting = self._waiting.popleft()
            self._answered += 1
            if isinstance(waiting, _Several):
                waiting.take(reply)
            elif waiting.done():  # whoever asked has gone
                continue
            elif isinstance(reply, ResponseError):
                waiting.set_exception(reply)
            else:
                waiting.set_result(reply)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell all who wait."""
        self._end(Lost(str(exc or "the server hung up")))

    def _write_soon(self, command: bytes) -> None:
        if not self._unsent:
            self._loop.call_soon(self._send)
        self._unsent.append(command)
        if self._watch is None:
            self._seen_answered = self._answered
            self._watch = self._loop.call_later(self._answer_timeout_s, self._look)

    def _send(self) -> None:
        unsent, self._unsent = self._unsent, []
        if not self.lost:
            self._transport.write(unsent[0] if len(unsent) == 1 else b"".join(unsent))

    def _look(self) -> None:
        """End a connection on which nothing was answered since the last look, though something was asked."""
        self._watch = None
        if self.lost or not self._waiting:
            return
        if self._answered == self._seen_answered:
            self.silent = True
            self._end(Lost("the server does not answer"))
            return
        self._seen_answered = self._answered
        self._watch = self._loop.call_later(self._answer_timeout_s, self._look)

    def _end(self, error: Lost) -> None:
        if self.lost:
            return
        self.lost = True
        if self._watch is not None:
            self._watch.cancel()
        for waiting in self._waiting:
            reply = waiting.whole if isinstance(waiting, _Several) else waiting
            if not reply.done():
                reply.set_exception(error)
                reply.exception()  # seen: whoever asked may be gone
        self._waiting.clear()
        with suppress(OSError):
            self._transport.abort()


def raised_of(replies: list[Any]) -> list[Any]:
    """The replies, when none of them is an error; else the first error is raised."""
    for reply in replies:
        if isinstance(reply, _ERRORS):
            raise reply
    return replies


def _error(text: str) -> ResponseError:
    return NoScriptError(text) if text.startswith("NOSCRIPT") else ResponseError(text)


def encoded(command: tuple[Argument, ...]) -> bytes:
    """The command as RESP: an array of bulk strings."""
    parts = [b"*%d\r\n" % len(command)]
    for argument in command:
        raw = argument if isinstance(argument, bytes) else str(argument).encode()
        parts.append(b"$%d\r\n%b\r\n" % (len(raw), raw))
    return b"".join(parts)
