"""The short way to a page gives, over a real connection, what the usual way gives, and leaves it what is not plain."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from linnet.api import at_once
from linnet.api.edge import in_flight
from linnet.platform.embedded import EmbeddedEngines
from linnet.roles import api as roles
from linnet.roles.connections import BoundedHttp
from world import Person, World, open_world

HOME = "/api/v1/timelines/home?limit=5"
DIFFERENT = {"date", "x-request-id", "x-ratelimit-remaining"}
"""Headers that differ from one request to the next."""


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Line:
    """A connection to a server with the world's application, and how many requests went the usual way."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    usual: list[str] = field(default_factory=list[str])

    def ask(self, person: Person, path: str = HOME, body: str = "", **headers: str) -> None:
        sent = {"Host": "linnet.test", **person.headers, **headers}
        if body:
            sent |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
        lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in sent.items())
        self.writer.write(f"GET {path} HTTP/1.1\r\n{lines}\r\n{body}".encode())

    async def answer(self) -> Answer:
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        status, *lines = head.strip().split("\r\n")
        pairs = [line.split(": ", 1) for line in lines]
        assert len({name for name, _ in pairs}) == len(pairs), "each header comes once"
        headers = dict(pairs)
        body = await self.reader.readexactly(int(headers.get("content-length", "0")))
        return Answer(int(status.split()[1]), headers, body)

    async def get(self, person: Person, path: str = HOME, **headers: str) -> Answer:
        self.ask(person, path, **headers)
        return await self.answer()


@asynccontextmanager
async def line_to(world: World) -> AsyncGenerator[Line]:
    usual: list[str] = []

    class Watched(BoundedHttp):
        def go_on(self, cycle: RequestResponseCycle, app: Any) -> None:
            usual.append(cycle.scope["path"])
            super().go_on(cycle, app)

    server = roles.server(world.app, drain_s=5)
    config = server.config
    config.http, config.port = Watched, 0
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    reader, writer = await asyncio.open_connection(*server.servers[0].sockets[0].getsockname())
    try:
        yield Line(reader, writer, usual)
    finally:
        writer.close()
        await server.shutdown()


async def readers(world: World) -> tuple[Person, Person]:
    """Ann follows Ben, who has posted; Ann has read her home twice, so that it is in memory."""
    ann, ben = await world.people("ann", "ben")
    await ann.follow(ben)
    for number in range(8):
        await ben.post(f"Post {number}")
    await world.settle()
    for _ in range(2):
        await ann.get(HOME)
    return ann, ben


async def test_a_warm_home_comes_the_short_way_with_the_bytes_and_headers_of_the_usual_one(world: World) -> None:
    ann, _ = await readers(world)
    usual = await ann.ask("GET", HOME)
    async with line_to(world) as line:
        answer = await line.get(ann)
        assert line.usual == []
        assert (answer.status, answer.body) == (200, usual.content)
        told = {name: value for name, value in answer.headers.items() if name not in DIFFERENT}
        assert told == {name: value for name, value in usual.headers.items() if name not in DIFFERENT}
        assert answer.headers.keys() >= DIFFERENT - {"date"}, (
            "a server that only runs for a test does not tell the time"
        )
        known = await line.get(ann, If_None_Match=answer.headers["etag"])
        assert (known.status, known.body, known.headers["etag"]) == (304, b"", answer.headers["etag"])
        assert "content-type" not in known.headers
        older = await line.get(ann, f"{HOME}&max_id={int(1e18)}", X_Request_Id="a-name-of-my-own")
        assert older.headers["x-request-id"] == "a-name-of-my-own"
        assert 'rel="next"' in older.headers["link"]
        assert line.usual == []


async def test_requests_sent_together_are_answered_in_their_order(world: World) -> None:
    ann, ben = await readers(world)
    async with line_to(world) as line:
        for person, path in ((ann, HOME), (ben, "/api/v1/accounts/verify_credentials"), (ann, HOME)):
            line.ask(person, path)
        first, second, third = [await line.answer() for _ in range(3)]
        assert line.usual == ["/api/v1/accounts/verify_credentials"]
    assert first.body == third.body
    assert b'"username":"ben"' in second.body


async def test_what_is_not_plain_goes_the_usual_way(world: World) -> None:
    ann, ben = await readers(world)
    stranger = Person(world, 1, "nobody", "a token of nobody")
    expected = [
        (ann, "/api/v1/timelines/home/?limit=5", 200),
        (ann, "/api/v1/timelines/home?limit=many", 422),
        (stranger, HOME, 401),
        (ben, HOME, 200),  # has not read it before: nothing is in memory
    ]
    async with line_to(world) as line:
        for person, path, status in expected:
            assert (await line.get(person, path)).status == status, path
        assert len(line.usual) == len(expected)
        assert (await line.get(ben)).status == 200
        closing = await line.get(ann, Connection="close")
        assert closing.headers["connection"] == "close"
        assert await line.reader.read() == b""
        assert len(line.usual) == len(expected)


async def test_parameters_in_a_body_are_read(world: World) -> None:
    ann, _ = await readers(world)
    async with line_to(world) as line:
        line.ask(ann, "/api/v1/timelines/home", '{"limit": 1}')
        answer = await line.answer()
        assert len(json.loads(answer.body)) == 1
        assert line.usual == ["/api/v1/timelines/home"]


async def test_a_mute_for_a_time_ends_though_nothing_is_told_of_it(world: World) -> None:
    ann, ben = await readers(world)
    async with line_to(world) as line:
        assert b"Post 7" in (await line.get(ann)).body
        await ann.relate("mute", ben, duration=1)
        for _ in range(3):
            assert (await line.get(ann)).body == b"[]"
        await asyncio.sleep(1.1)
        assert b"Post 7" in (await line.get(ann)).body


async def test_what_another_process_has_changed_is_heard_first(world: World, servers: EmbeddedEngines) -> None:
    ann, ben = await readers(world)
    async with line_to(world) as line:
        before = await line.get(ann)
        assert b"Post 7" in before.body
        async with open_world(servers.database_url, servers.valkey_url) as elsewhere:
            there = Person(elsewhere, ben.id, ben.username, ben.token)
            newest = (await there.get(f"/api/v1/accounts/{ben.id}/statuses"))[0]
            await there.do("DELETE", f"/api/v1/statuses/{newest['id']}")
        after = await line.get(ann)
        assert b"Post 7" not in after.body
        assert b"Post 6" in after.body


async def test_a_limit_counts_each_request_once_whichever_way_it_goes(servers: EmbeddedEngines) -> None:
    async with open_world(servers.database_url, servers.valkey_url, rate_limits=True, rate_limit_token=30) as world:
        await world.clear()
        ann, _ = await readers(world)
        async with line_to(world) as line:
            remaining = [int((await line.get(ann)).headers["x-ratelimit-remaining"]) for _ in range(3)]
            assert remaining == list(range(remaining[0], remaining[0] - 3, -1))
            await world.engines.valkey.forget([f"home:{{{ann.id % 16}}}:{ann.id}"])  # so the usual way takes over
            filled = await line.get(ann)
            assert int(filled.headers["x-ratelimit-remaining"]) == remaining[-1] - 1
            assert line.usual == ["/api/v1/timelines/home"]
            statuses = [(await line.get(ann)).status for _ in range(30)]
            assert statuses == [200] * (remaining[-1] - 1) + [429] * (31 - remaining[-1])


async def test_whoever_hangs_up_meanwhile_is_not_in_flight_any_more(world: World) -> None:
    ann, _ = await readers(world)
    async with line_to(world) as line, line_to(world) as other:
        line.ask(ann)
        line.writer.transport.abort()
        assert (await other.get(ann)).status == 200
        await asyncio.sleep(0.5)
        assert world.app.is_full is False
        assert [one.value for metric in in_flight.collect() for one in metric.samples] == [0]


async def test_a_mistake_of_ours_is_answered_the_usual_way(world: World, monkeypatch: Any) -> None:
    ann, _ = await readers(world)

    def mistaken(*_: Any) -> None:
        raise KeyError("nobody thought of this")

    async with line_to(world) as line:
        monkeypatch.setattr(at_once, "finish", mistaken)
        answer = await line.get(ann)
        assert (answer.status, line.usual) == (200, ["/api/v1/timelines/home"])
        assert b"Post 7" in answer.body
