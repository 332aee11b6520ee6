"""A real web server for tests, HTTP/1.1 over plain TCP or TLS: what others on the internet are to Linnet."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import h11

from mail_server import certificate

READ_BYTES = 65_536


@dataclass(frozen=True)
class Heard:
    """A request as it came in; header names are lower-case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    """What to answer. Chunks come as fast as the iterable gives them; `headers` may name others than there are."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""
    chunks: AsyncIterable[bytes] | None = None


Answering = Callable[[Heard], Awaitable[Reply]]


@dataclass
class WebServer:
    """A server and what it has heard."""

    answering: Answering
    heard: list[Heard] = field(default_factory=list[Heard])
    connections: int = 0
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, for as many requests as the client sends."""
        self.connections += 1
        connection = h11.Connection(h11.SERVER)
        with contextlib.suppress(ConnectionError, h11.ProtocolError, ssl.SSLError):
            while await self._exchange(connection, reader, writer):
                connection.start_next_cycle()
        writer.close()

    async def _exchange(
        self, connection: h11.Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        request, body = None, bytearray()
        while True:
            event = connection.next_event()
            if event is h11.NEED_DATA:
                connection.receive_data(await reader.read(READ_BYTES))
            elif isinstance(event, h11.Request):
                request = event
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage):
                break
            else:
                return False
        assert request is not None
        headers = {name.decode(): value.decode() for name, value in request.headers}
        heard = Heard(request.method.decode(), request.target.decode(), headers, bytes(body))
        self.heard.append(heard)
        await self._answer(connection, writer, await self.answering(heard))
        return connection.our_state is h11.DONE and connection.their_state is h11.DONE

    async def _answer(self, connection: h11.Connection, writer: asyncio.StreamWriter, reply: Reply) -> None:
        headers = {"Content-Length": str(len(reply.body))} if reply.chunks is None else {"Transfer-Encoding": "chunked"}
        response = h11.Response(
            status_code=reply.status, headers=[(k.encode(), v.encode()) for k, v in (headers | reply.headers).items()]
        )
        writer.write(connection.send(response) or b"")
        if reply.chunks is None:
            writer.write(connection.send(h11.Data(data=reply.body)) or b"")
        else:
            async for chunk in reply.chunks:
                writer.write(connection.send(h11.Data(data=chunk)) or b"")
                await writer.drain()
        writer.write(connection.send(h11.EndOfMessage()) or b"")
        await writer.drain()


@contextlib.asynccontextmanager
async def web_server(
    answering: Answering, *, tls: ssl.SSLContext | None = None, hosts: Sequence[str] = ("127.0.0.1",), port: int = 0
) -> AsyncGenerator[WebServer]:
    """A server on a free port of this machine, in the loop of the test."""
    server = WebServer(answering)
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        await server.serve(reader, writer)
        tasks.discard(task)

    listening = await asyncio.start_server(serve, list(hosts), port, ssl=tls)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def tls_for(folder: Path, *names: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a server for 127.0.0.1 and these names speaks TLS with, and what a client trusts that trusts only it."""
    file = certificate(folder, *names)
    return serving_with(file), ssl.create_default_context(cafile=str(file))


def serving_with(file: Path) -> ssl.SSLContext:
    """TLS of a server with the key and the certificate in a file."""
    serving = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    serving.load_cert_chain(file)
    return serving
