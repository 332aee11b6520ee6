"""Rate limits, counted in a real Valkey."""

import asyncio
from collections import Counter
from dataclasses import replace
from typing import Any

import httpx
from toy_api import client_of, toy_app

from linnet.api.edge import Edge
from linnet.api.limits import Limit, Limits, ValkeyLimiter
from linnet.platform.engines import Engines
from linnet.platform.valkey import Valkey
from world import World

LIMITS = Limits(
    account=Limit(20, 300), address=Limit(5, 300), routes={"DELETE /api/v1/birds/{}": Limit(2, 1800)}
)  # fmt: skip
ANN = {"Authorization": "Bearer 7,read:birds,write:birds"}
BEN = {"Authorization": "Bearer 8,read:birds,write:birds"}


def limited(engines: Engines) -> Edge:
    """The toy API with the limits above."""
    return toy_app(engines=engines, limiter=ValkeyLimiter(LIMITS))


async def statuses(http: httpx.AsyncClient, requests: int, headers: dict[str, str] | None = None) -> Counter[int]:
    """How often each status is answered to so many requests at once."""
    answers = await asyncio.gather(*[http.get("/api/v1/birds", headers=headers) for _ in range(requests)])
    return Counter(answer.status_code for answer in answers)


async def test_of_many_requests_at_once_exactly_the_limit_gets_through(world: World) -> None:
    async with client_of(limited(world.engines)) as http:
        assert await statuses(http, 50, ANN) == {200: 20, 429: 30}


async def test_accounts_are_counted_each_for_itself_and_wherever_they_call_from(world: World) -> None:
    app = limited(world.engines)
    async with client_of(app) as here, client_of(app, client=("198.51.100.9", 1)) as there:
        assert await statuses(here, 15, ANN) == {200: 15}
        assert await statuses(there, 15, ANN) == {200: 5, 429: 10}
        assert await statuses(here, 15, BEN) == {200: 15}


async def test_without_a_token_an_address_is_counted_and_an_ipv6_network_is_one(world: World) -> None:
    app = limited(world.engines)
    async with (
        client_of(app, client=("2001:db8:1:2::1", 1)) as one,
        client_of(app, client=("2001:db8:1:2:ffff::2", 1)) as neighbour,
        client_of(app, client=("2001:db8:1:3::1", 1)) as stranger,
    ):
        assert await statuses(one, 4) == {200: 4}
        assert await statuses(neighbour, 4) == {200: 1, 429: 3}
        assert await statuses(stranger, 4) == {200: 4}


async def test_the_next_window_begins_anew(world: World) -> None:
    async with client_of(limited(world.engines)) as http:
        assert await statuses(http, 6) == {200: 5, 429: 1}
        refused = await http.get("/api/v1/birds")
        assert 0 < int(refused.headers["retry-after"]) <= 300
        assert refused.headers["x-ratelimit-remaining"] == "0"
        world.clock.move(seconds=int(refused.headers["retry-after"]))
        assert await statuses(http, 6) == {200: 5, 429: 1}


async def test_a_route_may_have_a_limit_of_its_own(world: World) -> None:
    async with client_of(limited(world.engines), headers=ANN) as http:
        answers = [await http.delete(f"/api/v1/birds/{number}") for number in (1, 2, 3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert [answer.headers["x-ratelimit-limit"] for answer in answers] == ["2", "2", "2"]
        assert (await http.get("/api/v1/birds")).headers["x-ratelimit-remaining"] == "16"


async def test_nobody_is_held_back_while_valkey_is_away(world: World) -> None:
    nowhere = Valkey.connect("unix:///nonexistent/valkey.sock")
    async with client_of(limited(replace(world.engines, valkey=nowhere))) as http:
        assert await statuses(http, 10) == {200: 10}
    await nowhere.close()


async def test_every_counter_expires(world: World) -> None:
    async with client_of(limited(world.engines), headers=ANN) as http:
        await http.delete("/api/v1/birds/1")
    client: Any = world.engines.valkey.client  # valkey-py types the keys of SCAN as unknown
    lives = [await client.ttl(key) async for key in client.scan_iter("limit:*")]
    assert len(lives) == 2
    assert all(0 < life_s <= 1801 for life_s in lives)
