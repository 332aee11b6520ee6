"""The bus: small messages to every process, over Valkey. A message may be lost; nothing may depend on one alone."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

import structlog
from valkey.exceptions import ValkeyError

from linnet.platform.errors import EngineDown
from linnet.platform.valkey import Valkey

RECONNECT_AFTER_S = 0.5
POLL_S = 5.0

Handler = Callable[[bytes], Awaitable[None]]
log = structlog.get_logger()


class Bus:
    """Publish to a channel, or listen to several until cancelled."""

    def __init__(self, valkey: Valkey) -> None:
        self._valkey = valkey

    async def publish(self, channel: str, message: bytes) -> None:
        """Tell whoever listens; silent when Valkey is away, for a message is a hint and never the fact."""
        with suppress(EngineDown):
            await self._valkey.publish(channel, message)

    async def listen(self, handlers: Mapping[str, Handler]) -> None:
        """Call each channel's handler with every message, reconnecting for ever; run it as a task."""
        while True:
            try:
                await self._listen_once(handlers)
            except (ValkeyError, OSError, EngineDown) as error:
                log.warning("bus lost", error=type(error).__name__)
                await asyncio.sleep(RECONNECT_AFTER_S)

    async def _listen_once(self, handlers: Mapping[str, Handler]) -> None:
        async with self._valkey.client.pubsub(ignore_subscribe_messages=True) as subscription:
            await subscription.subscribe(*handlers)
            while True:
                message = await subscription.get_message(timeout=POLL_S)
                if message is not None:
                    await handlers[message["channel"].decode()](message["data"])
