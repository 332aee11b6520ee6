"""One connection to a Valkey server while it lasts: what is asked in one turn of the loop leaves in one write.

Replies come in the order of the commands (https://valkey.io/topics/protocol/), so that a queue of futures is all there
is to it. They are parsed by libvalkey, valkey-py's own parser in C.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, cast

import libvalkey
from valkey.exceptions import NoScriptError, ResponseError

LOOKS_IN_VAIN_MAX = 4
"""Looks during the time that a server may be silent: it is given up late by one of them at most."""

Argument = bytes | int | str


class Lost(OSError):
    """The connection could not be had, or was lost before the answer came."""


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
        self._looks_in_vain = 0
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
            self._looks_in_vain = 0
            self._look_later()

    def _send(self) -> None:
        unsent, self._unsent = self._unsent, []
        if not self.lost:
            self._transport.write(unsent[0] if len(unsent) == 1 else b"".join(unsent))

    def _look(self) -> None:
        """End a connection on which nothing was answered in several looks, though something was asked."""
        self._watch = None
        if self.lost or not self._waiting:
            return
        self._looks_in_vain = self._looks_in_vain + 1 if self._answered == self._seen_answered else 0
        if self._looks_in_vain < LOOKS_IN_VAIN_MAX:
            self._look_later()
            return
        self.silent = True
        self._end(Lost("the server does not answer"))

    def _look_later(self) -> None:
        self._seen_answered = self._answered
        self._watch = self._loop.call_later(self._answer_timeout_s / LOOKS_IN_VAIN_MAX, self._look)

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


def _error(text: str) -> ResponseError:
    return NoScriptError(text) if text.startswith("NOSCRIPT") else ResponseError(text)


def encoded(command: tuple[Argument, ...]) -> bytes:
    """The command as RESP: an array of bulk strings."""
    parts = [b"*%d\r\n" % len(command)]
    for argument in command:
        raw = argument if isinstance(argument, bytes) else str(argument).encode()
        parts.append(b"$%d\r\n%b\r\n" % (len(raw), raw))
    return b"".join(parts)
