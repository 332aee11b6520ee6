"""Valkey: caches, home timelines, rate limits. Nothing in it is the only copy; when it is away: `EngineDown`."""

import asyncio
import hashlib
import socket
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Protocol, Self, cast

from valkey.asyncio import ConnectionPool
from valkey.asyncio import Valkey as Client
from valkey.exceptions import NoScriptError, ResponseError

from linnet.platform import valkey_slots as slots
from linnet.platform.errors import EngineDown
from linnet.platform.valkey_finder import Finder, one_by_one
from linnet.platform.valkey_link import Argument, Lost
from linnet.platform.valkey_slots import Shard
from linnet.platform.valkey_wire import CONNECT_TIMEOUT_S, AnyWire, Wire, raised_of

Command = tuple[Argument, ...]
"""The name of a command and its arguments."""

Call = tuple[Sequence[str], Sequence[Argument]]
"""The keys and the arguments of one run of a script."""

_AWAY = ("LOADING", "CLUSTERDOWN", "READONLY", "MASTERDOWN", "NOREPLICAS", "MOVED", "ASK")
_KEEPALIVE = {
    getattr(socket, name): seconds
    for name, seconds in (("TCP_KEEPIDLE", 5), ("TCP_KEEPINTVL", 2), ("TCP_KEEPCNT", 3))
    if hasattr(socket, name)  # macOS calls the first one otherwise
}
"""A server whose machine is gone is noticed by who only listens within so many seconds, together 11."""


class Scattered(EngineDown):
    """Some of a call's keys are at one server of a cluster and some at another, for as long as their slot is moved."""


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

    def __init__(self, source: str, *, makes_keys: bool = False) -> None:
        """`makes_keys`: it names keys of any slot by itself, so it is for a single server."""
        self.source = source
        self.makes_keys = makes_keys
        self.sha = hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest()


class Valkey:
    """The commands the product uses, with one kind of failure: `EngineDown`."""

    def __init__(self, wire: AnyWire) -> None:
        self.wire = wire

    @classmethod
    def connect(cls, url: str) -> Self:
        """A client for `url` (`valkey://…`, several hosts or one, or `unix://…`); connections open when first used.

        Whether it is one server or a cluster is asked of them then.
        """
        if url.startswith("unix:"):  # where there is one server
            return cls(Wire(url))
        finder = Finder(one_by_one(url))
        valkey = cls(finder)
        finder.found = partial(setattr, valkey, "wire")
        return valkey

    async def close(self) -> None:
        """Close every connection."""
        await self.wire.close()

    @property
    def is_single(self) -> bool:
        """Whether it is known that one server has every key, so that a script may make keys of any slot itself."""
        return isinstance(self.wire, Wire)

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

    async def forget(self, keys: Sequence[str], *, copied: bool = False) -> None:
        """Delete the keys that exist; `copied` as in `run_many`."""
        if keys:
            with _guard:
                raised_of(await self.wire.replies(*(("DEL", key) for key in keys), copied=copied))

    async def forget_everything(self) -> None:
        """Leave the server as empty as a new one."""
        with _guard:
            await self.wire.call("FLUSHALL")

    async def publish(self, channel: str, message: bytes) -> None:
        """Send `message` to whoever listens now."""
        with _guard:
            await self.wire.call("PUBLISH", channel, message)

    @asynccontextmanager
    async def subscription(self) -> AsyncGenerator[Subscription]:
        """A connection of its own on which to listen, in a cluster with any server that answers.

        `EngineDown` when there is none; afterwards it loses the server with valkey-py's errors.
        """
        with _guard:
            where = await self.wire.whereabouts()
        kept_alive = {} if "path" in where else {"socket_keepalive": True, "socket_keepalive_options": _KEEPALIVE}
        # With a socket_timeout valkey-py sends in `asyncio.wait_for`, which up to Python 3.11 loses a cancellation that
        # comes as it ends: a worker told to stop while it begins to listen never did.
        timeouts = {"socket_timeout": None, "socket_connect_timeout": CONNECT_TIMEOUT_S}
        options: dict[str, Any] = {**where, **kept_alive, **timeouts}
        pool = ConnectionPool(**options)
        async with Client.from_pool(pool) as client, client.pubsub(ignore_subscribe_messages=True) as listening:
            yield cast("Subscription", listening)

    def link_to(self, key: str) -> object:
        """What connects us with the server that has `key`: another object once anything there may have been lost."""
        return self.wire.link_to(key)

    async def is_sure_of(self, key: str) -> bool:
        """Whether the server that has `key` has it in the eyes of others, too.

        A master of a cluster that was silent and replaced answers for a moment as if it were not, when it comes back:
        to be asked after `link_to` gives another connection, before its answers are relied on.
        """
        with _guard:
            return await self.wire.is_sure_of(key)

    async def shards(self) -> list[Shard]:
        """The masters of a cluster and their replicas, as one of the servers knows them."""
        with _guard:
            return slots.shards_in(await self.wire.call("CLUSTER", "SHARDS"))

    async def ask(self, *commands: Command) -> list[Any]:
        """The replies to several commands in one trip, in order; `ResponseError` when the server refuses any."""
        with _guard:
            return await self.wire.calls(*commands)

    def ask_soon(self, *commands: Command) -> "asyncio.Future[list[Any]]":
        """The replies likewise, for who does not await them: with errors in their places, `Lost` in place of all."""
        return self.wire.replies_soon(*commands)

    async def run(self, script: Script, keys: Sequence[str], args: Sequence[Argument] = ()) -> Any:  # noqa: ANN401 -- a script may answer anything
        """Run `script` with `keys` (all of one cluster slot) and `args`; what it returns."""
        with _guard:
            try:
                return await self.wire.call("EVALSHA", script.sha, len(keys), *keys, *args)
            except NoScriptError:  # a new server does not know it yet
                return await self.wire.call("EVAL", script.source, len(keys), *keys, *args)

    async def run_many(self, script: Script, calls: Sequence[Call], *, copied: bool = False) -> list[Any]:
        """Run `script` once for each (keys, args) in one round trip; what each returns, in order.

        In a cluster some may have run when others raise `EngineDown`. `copied`: return only when a replica has what
        they wrote too, so that it outlives the death of a master; unless there is none that keeps up.
        """
        if not calls:
            return []
        with _guard:
            commands = [("EVALSHA", script.sha, len(keys), *keys, *args) for keys, args in calls]
            answers = await self.wire.replies(*commands, copied=copied)
            unknown = [at for at, answer in enumerate(answers) if isinstance(answer, NoScriptError)]
            if unknown:
                sources = [("EVAL", script.source, *commands[at][2:]) for at in unknown]
                for at, answer in zip(unknown, await self.wire.replies(*sources, copied=copied), strict=True):
                    answers[at] = answer
            return raised_of(answers)


class _Guard:
    """Turns every way in which a server can be away into `EngineDown`."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Lost):
            raise EngineDown("valkey") from error
        if isinstance(error, ResponseError) and str(error).startswith("TRYAGAIN"):
            raise Scattered("valkey") from error
        if isinstance(error, ResponseError) and str(error).startswith(_AWAY):
            raise EngineDown("valkey") from error


_guard = _Guard()
