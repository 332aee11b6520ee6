"""Streams of `linnet serve`, on the port of everything else: handed over to a process of their own."""

import asyncio
import json
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import httpx
import psutil
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from running import Newcomer, Server, eventually

SOON_S = 10.0


def where(server: Server, **query: str) -> str:
    instance = httpx.get(f"{server.url}/api/v2/instance").json()
    url = instance["configuration"]["urls"]["streaming"]
    assert url == server.url.replace("http", "ws")
    assert httpx.get(f"{server.url}/api/v1/instance").json()["urls"]["streaming_api"] == url
    return str(httpx.URL(f"{url}/api/v1/streaming", params=query))


async def got(url: str) -> httpx.Response:
    async with httpx.AsyncClient() as client:
        return await client.get(url)


def post(server: Server, person: Newcomer, text: str) -> Any:
    return httpx.post(f"{server.url}/api/v1/statuses", json={"status": text}, headers=person.headers).json()


def streaming_pids(server: Server) -> list[int]:
    found: list[int] = []
    for process in psutil.Process(server.pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if "--handed-fd" in process.cmdline():
                found.append(process.pid)
    return found


async def test_a_post_comes_over_a_websocket_whose_token_is_its_subprotocol(server: Server) -> None:
    alice, bob = server.join("streamer"), server.join("listener")
    async with connect(where(server, stream="public"), subprotocols=[bob.token], compression=None) as socket:  # pyright: ignore[reportArgumentType] -- any text is one
        assert socket.subprotocol == bob.token
        began = time.monotonic()
        status = await asyncio.to_thread(post, server, alice, "Hello")
        while True:
            told = json.loads(await asyncio.wait_for(socket.recv(), SOON_S))
            if told["event"] == "update" and json.loads(told["payload"])["id"] == status["id"]:
                break
        assert time.monotonic() - began < SOON_S


async def test_server_sent_events_come_through_the_same_port(server: Server) -> None:
    alice = server.join("streamer")
    assert (await got(f"{server.url}/api/v1/streaming/health")).text == "OK"
    async with (
        httpx.AsyncClient(timeout=SOON_S) as client,
        client.stream("GET", f"{server.url}/api/v1/streaming/user", headers=alice.headers) as answer,
    ):
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = answer.aiter_lines()
        assert await anext(lines) == ":thump"
        status = await asyncio.to_thread(post, server, alice, "Hello")
        found = [line async for line in _until(lines, "data: ")]
        assert f"id: {status['id']}" in found


async def _until(lines: AsyncIterator[str], begins: str) -> AsyncIterator[str]:
    async for line in lines:
        yield line
        if line.startswith(begins):
            return


async def test_without_a_token_nothing_is_opened(server: Server) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await connect(where(server))
    assert refused.value.response.status_code == 401
    assert json.loads(refused.value.response.body)["error"]
    assert (await got(f"{server.url}/api/v1/streaming/user")).status_code == 401


async def test_a_connection_answers_other_requests_before_it_becomes_a_stream(server: Server) -> None:
    alice = server.join("streamer")
    async with httpx.AsyncClient(limits=httpx.Limits(max_connections=1), timeout=SOON_S) as client:
        for _ in range(2):
            answer = await client.get(f"{server.url}/api/v1/timelines/home", headers=alice.headers)
            assert answer.status_code == 200
        async with client.stream("GET", f"{server.url}/api/v1/streaming/user", headers=alice.headers) as answer:
            assert answer.status_code == 200


async def test_who_hands_over_does_not_go_on_with_the_connection(server: Server) -> None:
    """The kernel could go on telling the API process of a connection that it has closed."""
    alice = server.join("streamer")
    children = psutil.Process(server.pid).children(recursive=True)
    apis = [one for one in children if "--streams-fd" in one.cmdline()]
    assert apis
    sockets = [await connect(where(server, stream="user", access_token=alice.token)) for _ in range(20)]
    try:
        busy_s = sum(sum(one.cpu_times()[:2]) for one in apis)
        for socket in sockets:
            for _ in range(20):
                await socket.send('{"type":"subscribe","stream":"public"}')
        await asyncio.sleep(1.0)
        assert sum(sum(one.cpu_times()[:2]) for one in apis) - busy_s < 0.5
    finally:
        for socket in sockets:
            await socket.close()


async def test_a_restart_sends_readers_away_and_they_find_the_next_process(server: Server) -> None:
    alice = server.join("streamer")
    url = where(server, stream="user", access_token=alice.token)
    async with connect(url) as socket:
        (before,) = streaming_pids(server)
        os.kill(before, signal.SIGTERM)
        with pytest.raises(ConnectionClosed) as closed:
            await asyncio.wait_for(socket.recv(), SOON_S)
        said = closed.value.rcvd
        assert said is not None
        assert (said.code, said.reason) == (1012, "The server restarts: come back in a moment")
    eventually(lambda: streaming_pids(server), lambda pids: bool(pids) and before not in pids)
    async with connect(url, open_timeout=SOON_S) as socket:
        status = await asyncio.to_thread(post, server, alice, "Back")
        told = json.loads(await asyncio.wait_for(socket.recv(), SOON_S))
        assert json.loads(told["payload"])["id"] == status["id"]
