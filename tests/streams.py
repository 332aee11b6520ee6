"""People who listen: sockets and streams of server-sent events, and what was heard on them."""

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

from linnet.platform import live
from linnet.platform.live import Live
from linnet.roles.listening import listen
from linnet.roles.streaming import StreamingServer, service
from linnet.settings import Settings
from linnet.streaming.service import Streaming
from world import Person, World, settings_of

SOON_S = 5.0
QUIET_S = 0.15
"""What has not come by then does not come."""


@dataclass(frozen=True)
class Heard:
    """One event."""

    stream: tuple[str, ...]
    event: str
    payload: Any = None
    id: str = ""


class Socket:
    """A WebSocket of somebody."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def say(self, **message: Any) -> None:
        await self.connection.send(json.dumps(message))

    async def subscribe(self, stream: str, **more: Any) -> None:
        await self.say(type="subscribe", stream=stream, **more)

    async def raw(self) -> Any:
        """The next message as it is."""
        return json.loads(await asyncio.wait_for(self.connection.recv(decode=True), SOON_S))

    async def hear(self) -> Heard:
        """The next event."""
        return heard_of(await self.raw())

    async def drain(self) -> None:
        """Read on until it is closed."""
        while True:
            await self.connection.recv()

    async def hear_all(self, quiet_s: float = QUIET_S) -> list[Heard]:
        """All that comes until it is quiet."""
        found: list[Heard] = []
        with contextlib.suppress(TimeoutError):
            while True:
                found.append(heard_of(json.loads(await asyncio.wait_for(self.connection.recv(), quiet_s))))
        return found


class Events:
    """A stream of server-sent events of somebody."""

    def __init__(self, answer: httpx.Response) -> None:
        self._lines = answer.aiter_lines()

    async def hear(self) -> Heard:
        """The next event."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(SOON_S):
            async for line in self._lines:
                if line.startswith(":"):
                    continue
                if line:
                    name, _, value = line.partition(": ")
                    fields[name] = value
                elif fields:
                    break
        data = fields.get("data", "")
        payload = json.loads(data) if data[:1] in '{["' and data else data
        return Heard((), fields["event"], payload, fields.get("id", ""))

    async def comment(self) -> str:
        """The next comment."""
        async with asyncio.timeout(SOON_S):
            async for line in self._lines:
                if line.startswith(":"):
                    return line[1:]
        raise AssertionError("the stream ended without a comment")


@dataclass(frozen=True)
class Streams:
    """A server that streams."""

    host: str
    streaming: Streaming
    server: StreamingServer

    async def until_ready(self, world: World) -> None:
        """Wait until it answers, and hears hints."""
        ready = asyncio.Event()
        put = self.streaming.hub.hear

        async def hear(message: bytes) -> None:
            ready.set()
            await put(message)

        task = asyncio.create_task(world.engines.bus.listen({live.CHANNEL: hear}))
        async with asyncio.timeout(SOON_S):
            while not (self.server.started and ready.is_set()):
                await live.tell(world.engines.bus, [live.hint(Live.ANNOUNCEMENT_DELETED, 1)])
                await asyncio.sleep(0.02)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    @contextlib.asynccontextmanager
    async def socket(
        self, person: Person | None = None, *, token: str | None = None, headers: Any = None, **query: str
    ) -> AsyncGenerator[Socket]:
        """A WebSocket of somebody, whose token goes in the query."""
        chosen = token or (person.token if person is not None else None)
        if chosen is not None:
            query["access_token"] = chosen
        url = httpx.URL(f"ws://{self.host}/api/v1/streaming", params=query)
        async with connect(str(url), additional_headers=headers, compression=None) as connection:
            yield Socket(connection)

    @contextlib.asynccontextmanager
    async def events(self, person: Person, path: str, headers: Any = None, **query: str) -> AsyncGenerator[Events]:
        """Server-sent events for somebody."""
        async with (
            httpx.AsyncClient(timeout=30) as client,
            client.stream(
                "GET",
                f"http://{self.host}/api/v1/streaming{path}",
                params=query,
                headers={**person.headers, **(headers or {})},
            ) as answer,
        ):
            assert answer.status_code == 200, await answer.aread()
            yield Events(answer)

    async def get(self, path: str, headers: Any = None, **query: str) -> httpx.Response:
        """What a request gets that is no stream."""
        async with httpx.AsyncClient() as client:
            return await client.get(f"http://{self.host}{path}", params=query, headers=headers)


@contextlib.asynccontextmanager
async def serving(world: World, **settings: object) -> AsyncGenerator[Streams]:
    """A server for these readers, until the end; further settings by name."""
    chosen: Settings = settings_of("", "", host="127.0.0.1", port=0, **settings)
    streaming = service(chosen, world.engines)
    listening = listen(chosen)
    server = StreamingServer(streaming, drain_s=2.0)
    telling = asyncio.create_task(streaming.hub.run())
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        streams = Streams(f"127.0.0.1:{listening.getsockname()[1]}", streaming, server)
        await streams.until_ready(world)
        yield streams
    finally:
        server.stop()
        await asyncio.wait_for(task, 10)
        telling.cancel()
        await asyncio.gather(telling, return_exceptions=True)


def heard_of(message: Any) -> Heard:
    """An event, its payload read as JSON where it is that."""
    payload = message.get("payload")
    if isinstance(payload, str) and payload[:1] in "{[":
        payload = json.loads(payload)
    return Heard(tuple(message["stream"]), message["event"], payload)


def ids_of(heard: Sequence[Heard], event: str = "update") -> list[str]:
    """The ids of the statuses of one kind of event."""
    return [one.payload["id"] for one in heard if one.event == event]
