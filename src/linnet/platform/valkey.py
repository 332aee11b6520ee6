"""Valkey: caches, home timelines, rate limits. Nothing in it is the only copy; when it is away: `EngineDown`."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol, Self, cast

from valkey.asyncio import BlockingConnectionPool
from valkey.asyncio import Valkey as Client
from valkey.exceptions import ConnectionError as LostConnection
from valkey.exceptions import NoScriptError, ResponseError
from valkey.exceptions import TimeoutError as TookTooLong

from linnet.platform.errors import EngineDown

CONNECTIONS_MAX = 32
ANSWER_TIMEOUT_S = 3.0

Argument = bytes | int | str
Call = tuple[Sequence[str], Sequence[Argument]]
"""The keys and the arguments of one run of a script."""

_LOST = (LostConnection, TookTooLong, OSError)
_STARTING = ("LOADING", "CLUSTERDOWN", "READONLY", "MASTERDOWN", "TRYAGAIN")


class Subscription(Protocol):
    """Channels that are listened to; what is used of it."""

    async def subscribe(self, *channels: str) -> None:
        """Listen to these as well."""
        ...

    async def get_message(self, *, timeout: float) -> Mapping[str, Any] | None:  # noqa: ASYNC109 -- valkey-py's name
        """The next message (`channel` and `data`, both bytes), or None after `timeout` seconds."""
        ...


class _Commands(Protocol):
    """The commands used here, with what they answer: valkey-py, whose calls serve two clients, leaves that unknown."""

    async def ping(self) -> bool: ...
    async def info(self) -> dict[str, object]: ...
    async def get(self, name: str) -> bytes | None: ...
    async def set(self, name: str, value: bytes, *, ex: int, nx: bool = False) -> bool | None: ...
    async def delete(self, *names: str) -> int: ...
    async def flushall(self) -> bool: ...
    async def publish(self, channel: str, message: bytes) -> int: ...
    async def script_load(self, script: str) -> str: ...
    async def evalsha(self, sha: str, numkeys: int, *keys_and_args: Argument) -> Any: ...  # noqa: ANN401 -- see `run`
    async def eval(self, script: str, numkeys: int, *keys_and_args: Argument) -> Any: ...  # noqa: ANN401 -- see `run`


class Script:
    """A Lua script, sent once to each server and then called by its digest."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.sha = ""


class Valkey:
    """The commands the product uses, with one kind of failure: `EngineDown`."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self._commands = cast("_Commands", client)

    @classmethod
    def connect(cls, url: str) -> Self:
        """A client for `url` (`valkey://…` or `unix://…`); connections open when first used."""
        pool = BlockingConnectionPool.from_url(  # pyright: ignore[reportUnknownMemberType] -- its options are untyped
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
            await self._commands.ping()

    async def told_of_itself(self) -> dict[str, str]:
        """What the server says under INFO, by name."""
        async with _guard():
            told = await self._commands.info()
        return {name: str(value) for name, value in told.items()}

    async def get(self, key: str) -> bytes | None:
        """The string at `key`, or None."""
        async with _guard():
            return await self._commands.get(key)

    async def put(self, key: str, value: bytes, *, expires_s: int) -> None:
        """Set `key` for `expires_s` seconds; everything kept here expires."""
        async with _guard():
            await self._commands.set(key, value, ex=expires_s)

    async def put_if_absent(self, key: str, value: bytes, *, expires_s: int) -> bool:
        """Set `key` for `expires_s` seconds unless it exists; whether it was set."""
        async with _guard():
            return bool(await self._commands.set(key, value, ex=expires_s, nx=True))

    async def forget(self, keys: Sequence[str]) -> None:
        """Delete the keys that exist."""
        if keys:
            async with _guard():
                await self._commands.delete(*keys)

    async def forget_everything(self) -> None:
        """Leave the server as empty as a new one."""
        async with _guard():
            await self._commands.flushall()

    async def publish(self, channel: str, message: bytes) -> None:
        """Send `message` to whoever listens now."""
        async with _guard():
            await self._commands.publish(channel, message)

    def subscription(self) -> AbstractAsyncContextManager[Subscription]:
        """A connection of its own on which to listen; it loses the server with valkey-py's errors, not `EngineDown`."""
        listening = self.client.pubsub(ignore_subscribe_messages=True)
        return cast("AbstractAsyncContextManager[Subscription]", listening)

    async def run(self, script: Script, keys: Sequence[str], args: Sequence[Argument] = ()) -> Any:  # noqa: ANN401 -- a script may answer anything
        """Run `script` with `keys` (all of one cluster slot) and `args`; what it returns."""
        async with _guard():
            if not script.sha:
                script.sha = await self._commands.script_load(script.source)
            try:
                return await self._commands.evalsha(script.sha, len(keys), *keys, *args)
            except NoScriptError:  # a restarted server has forgotten it
                return await self._commands.eval(script.source, len(keys), *keys, *args)

    async def run_many(self, script: Script, calls: Sequence[Call]) -> list[Any]:
        """Run `script` once for each (keys, args) in one round trip; what each returns, in order."""
        if not calls:
            return []
        async with _guard():
            if not script.sha:
                script.sha = await self._commands.script_load(script.source)
            try:
                return await self._pipeline(script, calls)
            except NoScriptError:
                await self._commands.script_load(script.source)
                return await self._pipeline(script, calls)

    async def _pipeline(self, script: Script, calls: Sequence[Call]) -> list[Any]:
        async with cast("Any", self.client).pipeline(transaction=False) as pipeline:
            for keys, args in calls:
                pipeline.evalsha(script.sha, len(keys), *keys, *args)
            return await pipeline.execute()


@asynccontextmanager
async def _guard() -> AsyncGenerator[None]:
    """Turn every way in which a server can be away into `EngineDown`."""
    try:
        yield
    except _LOST as error:
        raise EngineDown("valkey") from error
    except ResponseError as error:
        if str(error).startswith(_STARTING):
            raise EngineDown("valkey") from error
        raise
