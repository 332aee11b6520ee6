"""Valkey: caches, home timelines, rate limits. Nothing in it is the only copy; when it is away, `EngineDown` says so."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Self

from valkey.asyncio import BlockingConnectionPool
from valkey.asyncio import Valkey as Client
from valkey.exceptions import ConnectionError as LostConnection
from valkey.exceptions import NoScriptError, ResponseError
from valkey.exceptions import TimeoutError as TookTooLong

from linnet.platform.errors import EngineDown

CONNECTIONS_MAX = 32
ANSWER_TIMEOUT_S = 3.0

_LOST = (LostConnection, TookTooLong, OSError)
_STARTING = ("LOADING", "CLUSTERDOWN", "READONLY", "MASTERDOWN", "TRYAGAIN")


class Script:
    """A Lua script, sent once to each server and then called by its digest."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.sha = ""


class Valkey:
    """The commands the product uses, with one kind of failure: `EngineDown`."""

    def __init__(self, client: "Client[bytes]") -> None:
        self.client = client

    @classmethod
    def connect(cls, url: str) -> Self:
        """A client for `url` (`valkey://…` or `unix://…`); connections open when first used."""
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=CONNECTIONS_MAX,
            timeout=ANSWER_TIMEOUT_S,
            socket_timeout=ANSWER_TIMEOUT_S,
            socket_connect_timeout=ANSWER_TIMEOUT_S,
        )
        return cls(Client(connection_pool=pool))

    async def close(self) -> None:
        """Close every connection."""
        await self.client.aclose(close_connection_pool=True)

    async def ping(self) -> None:
        """Return when the server answers; `EngineDown` when it does not."""
        async with _guard():
            await self.client.ping()

    async def told_of_itself(self) -> dict[str, str]:
        """What the server says under INFO, by name."""
        async with _guard():
            told: dict[str, object] = await self.client.info()
        return {name: str(value) for name, value in told.items()}

    async def get(self, key: str) -> bytes | None:
        """The string at `key`, or None."""
        async with _guard():
            return await self.client.get(key)

    async def put(self, key: str, value: bytes, *, expires_s: int) -> None:
        """Set `key` for `expires_s` seconds; everything kept here expires."""
        async with _guard():
            await self.client.set(key, value, ex=expires_s)

    async def put_if_absent(self, key: str, value: bytes, *, expires_s: int) -> bool:
        """Set `key` for `expires_s` seconds unless it exists; whether it was set."""
        async with _guard():
            return bool(await self.client.set(key, value, ex=expires_s, nx=True))

    async def forget(self, keys: Sequence[str]) -> None:
        """Delete the keys that exist."""
        if keys:
            async with _guard():
                await self.client.delete(*keys)

    async def publish(self, channel: str, message: bytes) -> None:
        """Send `message` to whoever listens now."""
        async with _guard():
            await self.client.publish(channel, message)

    async def run(self, script: Script, keys: Sequence[str], args: Sequence[bytes | int | str] = ()) -> Any:  # noqa: ANN401 -- a script may answer anything
        """Run `script` with `keys` (all of one cluster slot) and `args`; what it returns."""
        async with _guard():
            if not script.sha:
                script.sha = await self.client.script_load(script.source)
            try:
                return await self.client.evalsha(script.sha, len(keys), *keys, *args)
            except NoScriptError:  # a restarted server has forgotten it
                return await self.client.eval(script.source, len(keys), *keys, *args)

    async def run_many(self, script: Script, calls: Sequence[tuple[Sequence[str], Sequence[bytes | int | str]]]) -> list[Any]:
        """Run `script` once for each (keys, args) in one round trip; what each returns, in order."""
        if not calls:
            return []
        async with _guard():
            if not script.sha:
                script.sha = await self.client.script_load(script.source)
            try:
                return await self._pipeline(script, calls)
            except NoScriptError:
                await self.client.script_load(script.source)
                return await self._pipeline(script, calls)

    async def _pipeline(
        self, script: Script, calls: Sequence[tuple[Sequence[str], Sequence[bytes | int | str]]]
    ) -> list[Any]:
        async with self.client.pipeline(transaction=False) as pipeline:
            for keys, args in calls:
                pipeline.evalsha(script.sha, len(keys), *keys, *args)
            return await pipeline.execute()


@asynccontextmanager
async def _guard() -> AsyncIterator[None]:
    """Turn every way in which a server can be away into `EngineDown`."""
    try:
        yield
    except _LOST as error:
        raise EngineDown("valkey") from error
    except ResponseError as error:
        if str(error).startswith(_STARTING):
            raise EngineDown("valkey") from error
        raise
