"""Streams on the API's port: the connection itself goes from the process that accepted it to one that streams.

An API process reads the head of a request as of any other. When it asks for a stream, the head and the file descriptor
of the connection go through a pair of sockets that `linnet serve` made, and the API process forgets it: so streams cost
it nothing, and need no port of their own. Of several streaming processes any takes what comes. While none runs, some
tens of connections wait in the kernel; more are told to come back.
"""

import asyncio
import os
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Any, Final

from uvicorn.server import Server

from linnet.roles.connections import HEAD_BYTES_MAX, BoundedHttp
from linnet.streaming.channels import ROOT

MESSAGE_BYTES_MAX: Final = 2 * HEAD_BYTES_MAX + 4096
"""Of a head as it goes through; more than `BoundedHttp` lets in."""

TAKEN_AT_ONCE: Final = 64
"""Connections taken over before others have their turn."""

_ROOT: Final = ROOT.encode()


def pair() -> tuple[socket.socket, socket.socket]:
    """The ends for those who hand over, and for those who take: each message comes whole, with its connection."""
    kind = socket.SOCK_SEQPACKET if sys.platform == "linux" else socket.SOCK_DGRAM
    giving, taking = socket.socketpair(socket.AF_UNIX, kind)
    giving.settimeout(0)  # of all who inherit it
    taking.settimeout(0)
    return giving, taking


def http_handing_over(giving: socket.socket) -> type[BoundedHttp]:
    """Connections whose requests for streams are handed over to whoever takes from the other end."""

    class Handing(HandingHttp):
        end = giving

    return Handing


class HandingHttp(BoundedHttp):
    """A connection that may turn out to be a stream's."""

    end: socket.socket
    _is_handed = False
    _version = "1.1"

    def on_headers_complete(self) -> None:
        """Answer a request, unless it is for a stream."""
        is_alone = not self.cycle or self.cycle.response_complete
        assert self.parser is not None, "the connection is there"
        if is_alone and self.parser.get_method() == b"GET" and _is_of_streams(self.url):
            self._is_handed = True
            self._version = self.parser.get_http_version()
        else:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A stream's request has none."""
        if not self._is_handed:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """As above."""
        if not self._is_handed:
            super().on_message_complete()

    def data_received(self, data: bytes) -> None:
        """Parse what came, and hand the connection over when its request is read."""
        if self._is_handed:
            return
        super().data_received(data)
        if self._is_handed and not self.transport.is_closing():
            self._hand_over()

    def _unsupported_upgrade_warning(self) -> None:
        """Nothing of the kind: whoever takes the connection upgrades it."""

    def _hand_over(self) -> None:
        head = [b"GET ", self.url, b" HTTP/", self._version.encode(), b"\r\n"]
        for name, value in self.headers:
            head += (name, b": ", value, b"\r\n")
        head.append(b"\r\n")
        connection: Any = self.transport.get_extra_info("socket")
        try:
            socket.send_fds(self.end, [b"".join(head)], [connection.fileno()])
        except OSError:  # nobody takes them
            self.refuse(HTTPStatus.SERVICE_UNAVAILABLE, "Streams are not there just now. Please try again in a moment.")
            return
        self.transport.abort()  # closes our descriptor; the connection lives on in the other


def _is_of_streams(url: bytes) -> bool:
    path = url.partition(b"?")[0]
    return path == _ROOT or path.startswith(_ROOT + b"/")


class Taking:
    """Takes over connections for a server, from `begin` to `end`."""

    def __init__(self, taking: socket.socket, server: Server, make: Callable[..., BoundedHttp]) -> None:
        self._end = taking
        self._server = server
        self._make = make
        self._loop = asyncio.get_running_loop()
        self._adopting: set[asyncio.Task[None]] = set()

    def begin(self) -> None:
        """From now on."""
        self._loop.add_reader(self._end.fileno(), self._take)

    def end(self) -> None:
        """And no more: what comes waits for another process."""
        self._loop.remove_reader(self._end.fileno())

    def _take(self) -> None:
        for _ in range(TAKEN_AT_ONCE):
            try:
                head, descriptors, flags, _ = socket.recv_fds(self._end, MESSAGE_BYTES_MAX, 1)
            except (BlockingIOError, InterruptedError):
                return
            if len(descriptors) != 1 or flags & (socket.MSG_TRUNC | socket.MSG_CTRUNC):
                for descriptor in descriptors:
                    os.close(descriptor)
                continue
            task = self._loop.create_task(self._adopt(socket.socket(fileno=descriptors[0]), head))
            self._adopting.add(task)
            task.add_done_callback(self._adopting.discard)

    async def _adopt(self, connection: socket.socket, head: bytes) -> None:
        """Go on as if the connection had been accepted here, and its head had just come in."""
        connection.settimeout(0)
        server = self._server
        with suppress(OSError):  # they have gone already
            transport, protocol = await self._loop.connect_accepted_socket(
                lambda: self._make(config=server.config, server_state=server.server_state, app_state={}), connection
            )
            if not transport.is_closing():
                protocol.data_received(head)
