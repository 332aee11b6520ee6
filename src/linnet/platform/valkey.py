"""Valkey: caches, home timelines, rate limits. Nothing in it is the only copy; when it is away: `EngineDown`."""

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, Self, cast

from valkey.asyncio import Valkey as Client
from valkey.exceptions import NoScriptError, ResponseError

from linnet.platform.errors import EngineDown
from linnet.platform.valkey_wire import CONNECT_TIMEOUT_S, Argument, Lost, Wire

Call = tuple[Sequence[str], Sequence[Argument]]
"""The keys and the arguments of one run of a script."""

_STARTING = ("LOADING", "CLUSTERDOWN", "READONLY", "MASTERDOWN", "TRYAGAIN")


class Subscription(Protocol):
    """Channels that are listened to; what is used of it."""

    async def subscribe(self, *channels: str) -> None:
        """Listen to these as well."""
        ...

    async def get_message(self, *, timeout: float) -> Mapping[str, Any] | None:  # noqa: ASYNC109 -- valkey-py's name
        """The next message (`channel` and `data`, both bytes), or None after `timeout` seconds."""
        ...


class Script:
    """A Lua script, sent once to each server and then called by its digest."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.sha = hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest()


class Valkey:
    """The commands the product uses, with one kind of failure: `EngineDown`."""

    def __init__(self, wire: Wire, client: Client) -> None:
        self.wire = wire
        self.client = client
        """valkey-py's client, for listening."""

    @classmethod
    def connect(cls, url: str) -> Self:
        """A client for `url` (`valkey://…` or `unix://…`); connections open when first used."""
        # With a socket_timeout valkey-py sends in `asyncio.wait_for`, which up to Python 3.11 loses a cancellation that
        # comes as it ends: a worker told to stop while it begins to listen never did.
        client = Client.from_url(  # pyright: ignore[reportUnknownMemberType] -- its options are untyped
            url, socket_timeout=None, socket_connect_timeout=CONNECT_TIMEOUT_S
        )
        return cls(Wire(url), client)

    async def close(self) -> None:
        """Close every connection."""
        await self.wire.close()
        await self.client.aclose(close_connection_pool=True)

    async def ping(self) -> None:
        """Return when the server answers; `EngineDown` when it does not."""
        with _guard:
            await self.wire.call("PING")

    async def told_of_itself(self) -> dict[str, str]:
        """What the server says under INFO, by name."""
        with _guard:
            told: bytes = await self.wire.call("INFO")
        lines = (line.partition(":") for line in told.decode().splitlines() if not line.startswith("#"))
        return {name: value for name, _, value in lines if name}

    async def get(self, key: str) -> bytes | None:
        """The string at `key`, or None."""
        with _guard:
            return await self.wire.call("GET", key)

    async def put(self, key: str, value: bytes, *, expires_s: int) -> None:
        """Set `key` for `expires_s` seconds; everything kept here expires."""
        with _guard:
            await self.wire.call("SET", key, value, "EX", expires_s)

    async def put_if_absent(self, key: str, value: bytes, *, expires_s: int) -> bool:
        """Set `key` for `expires_s` seconds unless it exists; whether it was set."""
        with _guard:
            return await self.wire.call("SET", key, value, "EX", expires_s, "NX") is not None

    async def forget(self, keys: Sequence[str]) -> None:
        """Delete the keys that exist."""
        if keys:
            with _guard:
                await self.wire.call("DEL", *keys)

    async def forget_everything(self) -> None:
        """Leave the server as empty as a new one."""
        with _guard:
            await self.wire.call("FLUSHALL")

    async def publish(self, channel: str, message: bytes) -> None:
        """Send `message` to whoever listens now."""
        with _guard:
            await self.wire.call("PUBLISH", channel, message)

    def subscription(self) -> AbstractAsyncContextManager[Subscription]:
        """A connection of its own on which to listen; it loses the server with valkey-py's errors, not `EngineDown`."""
        return cast("AbstractAsyncContextManager[Subscription]", self.client.pubsub(ignore_subscribe_messages=True))

    async def run(self, script: Script, keys: Sequence[str], args: Sequence[Argument] = ()) -> Any:  # noqa: ANN401 -- a script may answer anything
        """Run `script` with `keys` (all of one cluster slot) and `args`; what it returns."""
        with _guard:
            try:
                return await self.wire.call("EVALSHA", script.sha, len(keys), *keys, *args)
            except NoScriptError:  # a new server does not know it yet
                return await self.wire.call("EVAL", script.source, len(keys), *keys, *args)

    async def run_many(self, script: Script, calls: Sequence[Call]) -> list[Any]:
        """Run `script` once for each (keys, args) in one round trip; what each returns, in order."""
        if not calls:
            return []
        commands = [("EVALSHA", script.sha, len(keys), *keys, *args) for keys, args in calls]
        with _guard:
            try:
                return await self.wire.calls(*commands)
            except NoScriptError:
                await self.wire.call("SCRIPT", "LOAD", script.source)
                return await self.wire.calls(*commands)


class _Guard:
    """Turns every way in which a server can be away into `EngineDown`."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Lost):
            raise EngineDown("valkey") from error
        if isinstance(error, ResponseError) and str(error).startswith(_STARTING):
            raise EngineDown("valkey") from error


_guard = _Guard()
