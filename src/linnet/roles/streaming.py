"""The process that streams: WebSockets and server-sent events, on its own port or on connections it is handed."""

import asyncio
import gc
import resource
import socket
from contextlib import suppress
from ipaddress import ip_network
from typing import Any, Final

import uvicorn
import uvloop

from linnet.features.sessions.last_seen import LastSeen
from linnet.platform.engines import Engines
from linnet.roles import watching
from linnet.roles.api import GC_THRESHOLDS, KEEP_ALIVE_S
from linnet.roles.connections import BoundedHttp
from linnet.roles.handover import Taking
from linnet.roles.listening import BACKLOG, listen
from linnet.roles.wiring import open_engines
from linnet.settings import BadSetting, Settings
from linnet.streaming.app import StreamingApp
from linnet.streaming.limits import StreamingLimits
from linnet.streaming.service import Streaming
from linnet.streaming.sockets import Socket

SENT_AWAY_PER_S: Final = 500
"""Streams that are closed in a second when the process stops, so that as many come back at the next in a second."""

DRAIN_SHARE: Final = 0.7
"""Of the time to stop in: whoever is sent away last has the rest to say goodbye."""


def service(settings: Settings, engines: Engines) -> Streaming:
    """What a process does for readers, as settings say."""
    try:
        proxies = [ip_network(part.strip()) for part in settings.trusted_proxies.split(",") if part.strip()]
    except ValueError as error:
        raise BadSetting(f"LINNET_TRUSTED_PROXIES: {error}") from None
    limits = StreamingLimits(
        account_sockets=settings.streams_per_account,
        address_sockets=settings.streams_per_address,
        subscriptions=settings.stream_subscriptions,
        buffer_bytes=settings.stream_buffer * 1024,
    )
    return Streaming(engines, limits, trusted_proxies=proxies)


class StreamingServer(uvicorn.Server):
    """Answers with one `Streaming`; told to stop, it sends everybody away bit by bit."""

    def __init__(self, streaming: Streaming, *, drain_s: float) -> None:
        config: Any = uvicorn.Config(
            StreamingApp(streaming),
            http=BoundedHttp,
            ws=Socket,
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            backlog=BACKLOG,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=max(int(drain_s), 1),
        )
        super().__init__(config)
        self._hub = streaming.hub
        self._drain_s = drain_s
        self.taking: Taking | None = None

    def stop(self) -> None:
        """As SIGTERM does."""
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, and to take over."""
        await super().startup(sockets)
        if self.taking is not None:
            self.taking.begin()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more, send away who is here, and stop."""
        if self.taking is not None:
            self.taking.end()
        for server in self.servers:
            server.close()
        streams = len(self._hub.registry.listeners)
        await self._hub.drain(min(streams / SENT_AWAY_PER_S, self._drain_s * DRAIN_SHARE))
        await super().shutdown(sockets)


def run(settings: Settings, handed: socket.socket | None = None) -> None:
    """Stream until SIGTERM: on LINNET_PORT, or on the connections that come through `handed`."""
    watching.begin(settings, "streaming")
    _allow_many_files()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
    uvloop.run(_serve(settings, handed))


def _allow_many_files() -> None:
    """Each stream is an open file; a shell allows a thousand, and the system mostly many more to whoever asks."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(OSError, ValueError):  # where "no limit" is more than the system itself allows
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


async def _serve(settings: Settings, handed: socket.socket | None) -> None:
    async with open_engines(settings) as engines, watching.watched(settings, "streaming", engines):
        streaming = service(settings, engines)
        server = StreamingServer(streaming, drain_s=settings.drain_timeout)
        if handed is not None:
            server.taking = Taking(handed, server, BoundedHttp)
        telling = asyncio.create_task(streaming.hub.run())
        telling.add_done_callback(lambda _: server.stop())  # it never ends by itself: a new process does better
        tasks = [telling, asyncio.create_task(engines.config(LastSeen).keep_writing(engines))]
        try:
            await server.serve(sockets=[] if handed is not None else [listen(settings)])
        finally:
            for task in tasks:
                task.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.gather(*tasks, return_exceptions=True)
