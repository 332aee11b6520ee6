"""The bus: small messages to every process, over Valkey. A message may be lost; nothing may depend on one alone."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

import structlog
from valkey.exceptions import ValkeyError

from linnet.platform.errors import EngineDown
from linnet.platform.valkey import Valkey
from linnet.platform.valkey_wire import CONNECT_TIMEOUT_S

RECONNECT_AFTER_S = 0.5
POLL_S = 5.0
NUDGE_EVERY_S = 0.005

Handler = Callable[[bytes], Awaitable[None]]
log = structlog.get_logger()


class Bus:
    """Publish to a channel, or listen to several until cancelled."""

    def __init__(self, valkey: Valkey) -> None:
        self._valkey = valkey
        self._nudged_at: dict[tuple[str, bytes], float] = {}
        self._due: set[tuple[str, bytes]] = set()
        self._sending: set[asyncio.Task[None]] = set()

    def nudge(self, channel: str, message: bytes) -> None:
        """Publish soon and return at once; the same message is sent at most once in `NUDGE_EVERY_S` seconds.

        For a small, fixed set of messages: when each was last sent is remembered.
        """
        nudge = (channel, message)
        if nudge not in self._due:
            self._due.add(nudge)
            loop = asyncio.get_running_loop()
            loop.call_at(self._nudged_at.get(nudge, 0.0) + NUDGE_EVERY_S, self._send, nudge)

    async def publish(self, channel: str, message: bytes) -> None:
        """Tell whoever listens; silent when Valkey is away, for a message is a hint and never the fact."""
        with suppress(EngineDown):
            await self._valkey.publish(channel, message)

    def _send(self, nudge: tuple[str, bytes]) -> None:
        self._due.remove(nudge)
        self._nudged_at[nudge] = asyncio.get_running_loop().time()
        task = asyncio.create_task(self.publish(*nudge))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def listen(self, handlers: Mapping[str, Handler]) -> None:
        """Call each channel's handler with every message, reconnecting for ever; run it as a task."""
        while True:
            try:
                await self._listen_once(handlers)
            except (ValkeyError, OSError, EngineDown) as error:
                log.warning("bus lost", error=type(error).__name__)
                await asyncio.sleep(RECONNECT_AFTER_S)

    async def _listen_once(self, handlers: Mapping[str, Handler]) -> None:
        async with self._valkey.subscription() as subscription:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                await subscription.subscribe(*handlers)
            while True:
                message = await subscription.get_message(timeout=POLL_S)
                if message is not None:
                    await handlers[message["channel"].decode()](message["data"])
