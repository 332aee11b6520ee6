"""How streams end: with their access, within a second; with a reader who does not read; with the process."""

import asyncio
import socket as sockets
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from linnet.features.accounts.ip_blocks import actions as ip_blocks
from linnet.features.accounts.ip_blocks.actions import Wanted
from linnet.features.accounts.permissions import OPERATOR
from linnet.features.sessions.apps import revoke_token
from linnet.streaming.limits import SILENT_S
from streams import Socket, Streams, serving
from world import PASSWORD, Person, World

SECOND = 1.0


async def ended(socket: Socket) -> tuple[int, str]:
    """Code and reason with which a socket is closed, whatever comes before."""
    await asyncio.wait_for(socket.connection.wait_closed(), 10)
    with pytest.raises(ConnectionClosed) as closed:
        await socket.drain()
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code, closed.value.rcvd.reason


async def session_of(world: World, person: Person) -> str:
    """The access token of a session of our own clients."""
    body = {"identifier": person.username, "password": PASSWORD}
    answer = await world.client.post("/api/v1/auth/login", json=body)
    assert answer.is_success, answer.text
    return answer.json()["access_token"]


async def test_a_revoked_token_ends_its_streams_within_a_second_and_no_others(world: World, streams: Streams) -> None:
    alice = await world.person("alice")
    session = await session_of(world, alice)
    async with (
        streams.socket(alice, stream="user") as revoked,
        streams.events(alice, "/user") as events,
        streams.socket(token=session, stream="user") as stays,
    ):
        began = time.monotonic()
        await revoke_token(world.engines, alice.token)
        assert await ended(revoked) == (1008, "The access token is no longer valid")
        assert time.monotonic() - began < SECOND
        assert await events.comment() == "thump"
        assert await events.comment() == "The access token is no longer valid"
        assert await stays.hear_all() == []


@pytest.mark.parametrize("way", ["logout", "suspended", "deleted"])
async def test_so_does_the_end_of_a_session_and_of_an_account(world: World, streams: Streams, way: str) -> None:
    alice = await world.person("alice")
    session = await session_of(world, alice)
    headers = {"Authorization": f"Bearer {session}"}
    ways: dict[str, Callable[[], Awaitable[Any]]] = {
        "logout": lambda: world.client.post("/api/v1/auth/logout", headers=headers),
        "suspended": lambda: world.suspend(alice),
        "deleted": lambda: world.client.request(
            "DELETE", "/api/v1/auth/account", headers=headers, json={"password": PASSWORD}
        ),
    }
    async with streams.socket(token=session, stream="user") as socket:
        began = time.monotonic()
        answer = await ways[way]()
        assert answer is None or answer.is_success, answer.text
        assert (await ended(socket))[0] == 1008
        assert time.monotonic() - began < SECOND + 0.5 * (way == "deleted")


async def test_streams_from_a_network_that_is_shut_out_end_and_no_new_ones_begin(
    world: World, streams: Streams
) -> None:
    alice = await world.person("alice")
    async with streams.socket(alice, stream="user") as socket:
        began = time.monotonic()
        await ip_blocks.create(world.engines, OPERATOR, Wanted("127.0.0.0/8", "no_access"))
        assert await ended(socket) == (1008, "This server does not answer requests from your network")
        assert time.monotonic() - began < SECOND
    with pytest.raises(InvalidStatus) as refused:
        async with streams.socket(alice, stream="user"):
            pass
    assert refused.value.response.status_code == 403


async def test_a_role_that_is_another_ends_nothing(world: World, streams: Streams) -> None:
    alice = await world.person("alice")
    async with streams.socket(alice, stream="user") as socket:
        await world.engines.changes.tell([])
        await alice.do("PATCH", "/api/v1/accounts/update_credentials", display_name="Alice")
        await world.settle()
        await asyncio.sleep(SECOND)
        status = await alice.post("Hello")
        await world.settle()
        assert (await socket.hear()).payload["id"] == status["id"]


async def test_a_reader_who_does_not_read_is_dropped_and_the_others_hear_on(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await world.let_everything_pass()
    async with (
        serving(world, stream_buffer=16) as streams,
        streams.socket(bob, stream="public") as reads,
    ):
        host, _, port = streams.host.partition(":")
        with sockets.create_connection((host, int(port))) as stuck:
            stuck.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
            stuck.sendall(
                b"GET /api/v1/streaming?stream=public HTTP/1.1\r\nHost: linnet\r\nUpgrade: websocket\r\n"
                b"Connection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
                b"Authorization: Bearer " + bob.token.encode() + b"\r\n\r\n"
            )
            await until(lambda: len(streams.streaming.hub.registry.listeners) == 2)
            told = 0
            while len(streams.streaming.hub.registry.listeners) == 2:
                assert told < 5_000, "it was never dropped"
                for _ in range(50):
                    await alice.post("long " * 99)
                told += 50
                await world.settle()
                await reads.hear_all(0.05)
        await alice.post("On we go")
        await world.settle()
        assert (await reads.hear()).event == "update"


async def test_a_reader_of_events_who_does_not_read_is_dropped(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await world.let_everything_pass()
    async with serving(world, stream_buffer=16) as streams:
        host, _, port = streams.host.partition(":")
        with sockets.create_connection((host, int(port))) as stuck:
            stuck.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
            stuck.sendall(
                b"GET /api/v1/streaming/public HTTP/1.1\r\nHost: linnet\r\n"
                b"Authorization: Bearer " + bob.token.encode() + b"\r\n\r\n"
            )
            registry = streams.streaming.hub.registry
            await until(lambda: bool(registry.listeners))
            (listener,) = registry.listeners
            told = 0
            while listener.closing is None:
                assert told < 5_000, "it was never dropped"
                for _ in range(50):
                    await alice.post("long " * 99)
                told += 50
                await world.settle()
                await asyncio.sleep(0.02)
            await until(lambda: not registry.listeners, within_s=10)


async def test_a_socket_that_is_silent_too_long_is_cut(
    world: World, streams: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linnet.streaming.sockets.SILENT_S", -1.0)
    assert SILENT_S > 0
    alice = await world.person("alice")
    async with streams.socket(alice, stream="user") as socket:
        (listener,) = streams.streaming.hub.registry.listeners
        listener.beat()
        with pytest.raises(ConnectionClosed):
            await socket.hear()


async def test_a_ping_is_answered_and_so_is_ours(world: World, streams: Streams) -> None:
    alice = await world.person("alice")
    async with streams.socket(alice, stream="user") as socket:
        await asyncio.wait_for(await socket.connection.ping(), 5)
        (listener,) = streams.streaming.hub.registry.listeners
        listener.beat()
        await asyncio.wait_for(await socket.connection.ping(), 5)


async def test_a_stop_sends_everybody_away_bit_by_bit(world: World) -> None:
    alice = await world.person("alice")
    async with (
        serving(world) as streams,
        streams.socket(alice, stream="user") as socket,
        streams.events(alice, "/user") as events,
    ):
        streams.server.stop()
        assert await ended(socket) == (1012, "The server restarts: come back in a moment")
        assert await events.comment() == "thump"
        assert await events.comment() == "The server restarts: come back in a moment"


async def until(right: Callable[[], bool], within_s: float = 5.0) -> None:
    """Wait for it."""
    async with asyncio.timeout(within_s):
        while not right():  # noqa: ASYNC110 -- nothing tells of it
            await asyncio.sleep(0.01)
