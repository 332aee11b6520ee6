"""Rate limits, counted in a real Valkey."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest
from toy_api import authenticate, client_of, toy_app

from linnet.api.edge import Edge
from linnet.api.limits import Limit, Limits, ValkeyLimiter
from linnet.api.routes import endpoints
from linnet.features.accounts import staff
from linnet.features.accounts.permissions import OPERATOR
from linnet.features.sessions.actions import begin_web_session
from linnet.features.sessions.models import Origin
from linnet.platform.embedded import EmbeddedEngines
from linnet.platform.engines import Engines
from linnet.platform.valkey import Valkey
from world import PASSWORD, PUBLIC_URL, Person, World, open_world

LIMITS = Limits(
    token=Limit(20),
    account=Limit(30),
    address=Limit(5),
    deletions=Limit(2, 1800),
    routes={"DELETE /api/v1/birds/{}": "deletions"},
)
SMALL = {"rate_limits": True, "rate_limit_address": 5, "rate_limit_pages": 5, "rate_limit_signins": 3}
WITHOUT_SECRETS = {
    "/mail/unsubscribe/{token}",  # a link of 128 bits that ends letters; mailboxes click from few addresses
    "/appeal/{token}",  # likewise, and once only
    "/api/v1/apps",
    "/api/v1/auth/logout",
    "/signout",
    "/oauth/authorize",
    "/oauth/token",
    "/oauth/revoke",
}
"""What changes something without a token, but takes no password, makes no account and writes no letter."""
ANN = {"Authorization": "Bearer 7,read:birds,write:birds"}
BEN = {"Authorization": "Bearer 8,read:birds,write:birds"}


def limited(engines: Engines) -> Edge:
    """The toy API with the limits above."""
    return toy_app(engines=engines, limiter=ValkeyLimiter(LIMITS, authenticate), in_flight_max=200)


async def statuses(http: httpx.AsyncClient, requests: int, headers: dict[str, str] | None = None) -> Counter[int]:
    """How often each status is answered to so many requests at once."""
    answers = await asyncio.gather(*[http.get("/api/v1/birds", headers=headers) for _ in range(requests)])
    return Counter(answer.status_code for answer in answers)


async def test_of_many_requests_at_once_exactly_the_limit_gets_through(world: World) -> None:
    async with client_of(limited(world.engines)) as http:
        assert await statuses(http, 200, ANN) == {200: 20, 429: 180}


async def test_tokens_are_counted_each_for_itself_and_wherever_they_call_from(world: World) -> None:
    app = limited(world.engines)
    async with client_of(app) as here, client_of(app, client=("198.51.100.9", 1)) as there:
        assert await statuses(here, 15, ANN) == {200: 15}
        assert await statuses(there, 15, ANN) == {200: 5, 429: 10}
        assert await statuses(here, 15, BEN) == {200: 15}


async def test_all_tokens_of_an_account_together_have_a_limit_too(world: World) -> None:
    async with client_of(limited(world.engines)) as http:
        assert await statuses(http, 20, ANN) == {200: 20}
        assert await statuses(http, 20, {"Authorization": "Bearer 7,read:birds"}) == {200: 10, 429: 10}


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
    wire = world.engines.valkey.wire
    lives = [await wire.call("TTL", key) for key in await wire.call("KEYS", "limit:*")]
    assert len(lives) == 3
    assert all(0 < life_s <= 1801 for life_s in lives)


@asynccontextmanager
async def behind_one_address(servers: EmbeddedEngines) -> AsyncGenerator[World]:
    """An empty server with small limits, on which everybody comes from one address."""
    async with open_world(servers.database_url, servers.valkey_url, **SMALL) as world:
        await world.clear()
        yield world


async def test_who_is_signed_in_is_not_held_back_by_strangers_at_the_same_address(servers: EmbeddedEngines) -> None:
    async with behind_one_address(servers) as world:
        alice = await world.person("alice")
        strangers = [(await world.client.get("/api/v1/timelines/public")).status_code for _ in range(8)]
        assert Counter(strangers) == {200: 5, 429: 3}
        assert (await alice.ask("GET", "/api/v1/timelines/home")).status_code == 200
        looks_at_no_token = await alice.ask("GET", "/api/v2/instance")
        assert looks_at_no_token.status_code == 200
        assert looks_at_no_token.headers["x-ratelimit-limit"] == "300"


async def test_who_is_signed_in_in_a_browser_is_not_held_back_either(servers: EmbeddedEngines) -> None:
    async with behind_one_address(servers) as world:
        alice = await world.person("alice")
        cookie = await signed_in_cookie(alice)
        await statuses_of_pages(world, 8)
        assert (await world.client.get("/")).status_code == 429
        assert (await world.client.get("/", headers={"Cookie": cookie})).status_code == 200
        assert (await world.client.get("/", headers={"Cookie": "__Host-linnet=made-up"})).status_code == 429


async def test_strangers_cannot_use_up_what_somebody_needs_to_change_their_settings(servers: EmbeddedEngines) -> None:
    async with behind_one_address(servers) as world:
        alice = await world.person("alice")
        cookie = {"Cookie": await signed_in_cookie(alice)}
        strangers = [(await world.client.post("/settings/security/totp")).status_code for _ in range(30)]
        assert 429 in strangers
        tries = [await world.client.post("/settings/security/totp", headers=cookie) for _ in range(30)]
        assert tries[0].status_code == 403, "it reached the form, which another site could have sent"
        assert [answer.status_code for answer in tries[25:]] == [429] * 5


async def test_guessing_tokens_counts_against_the_address_and_not_against_its_neighbours(
    servers: EmbeddedEngines,
) -> None:
    async with behind_one_address(servers) as world:
        alice = await world.person("alice")
        wrong = replace(alice, token="not-hers")
        guesses = [(await wrong.ask("GET", "/api/v1/timelines/home")).status_code for _ in range(8)]
        assert Counter(guesses) == {401: 5, 429: 3}
        assert (await alice.ask("GET", "/api/v1/timelines/home")).status_code == 200


async def test_passwords_tried_from_one_address_have_a_limit_of_their_own(servers: EmbeddedEngines) -> None:
    async with behind_one_address(servers) as world:
        names = [person.username for person in await world.people("alice", "bob", "carol", "dave")]
        tries = [
            await world.client.post("/api/v1/auth/login", json={"identifier": name, "password": PASSWORD})
            for name in names
        ]
        assert [answer.status_code for answer in tries] == [200, 200, 200, 429]
        assert int(tries[3].headers["retry-after"]) > 0
        at_the_page = await world.client.post("/signin", data={"identifier": "alice", "password": PASSWORD})
        assert at_the_page.status_code == 429


@pytest.mark.parametrize("one", [one for one in endpoints() if one.method != "GET" and one.viewer == "none"])
def test_whatever_takes_secrets_without_a_token_has_a_limit_by_address(one: Any) -> None:
    """When this fails: add the route to ROUTES or PREFIXES of api/limits.py."""
    purpose = Limits().purpose(f"{one.method} {one.shape}")
    assert (purpose is not None) is (one.path not in WITHOUT_SECRETS), f"which limit has {one.method} {one.path}?"


async def statuses_of_pages(world: World, number: int) -> None:
    """Look at the front page so many times."""
    for _ in range(number):
        await world.client.get("/")


async def signed_in_cookie(person: Person) -> str:
    """The cookie of a browser in which somebody has signed in."""
    session = await begin_web_session(person.world.engines, person.id, Origin("192.0.2.7", "a test"))
    assert PUBLIC_URL.startswith("https://")
    return f"__Host-linnet={session.cookie}"


async def test_whoever_is_known_is_counted_once_and_unknown_at_once_when_their_token_ends(
    servers: EmbeddedEngines,
) -> None:
    """Requests of known tokens are counted before it is heard who asks: neither twice, nor for who is gone."""
    settings = {"rate_limits": True, "rate_limit_token": 10}
    async with (
        open_world(servers.database_url, servers.valkey_url, **settings) as world,
        open_world(servers.database_url, servers.valkey_url, **settings) as elsewhere,
    ):
        await world.clear()
        alice, bob = await world.people("alice", "bob")
        there = replace(alice, world=elsewhere)
        path = "/api/v1/accounts/verify_credentials"
        left = [(await one.ask("GET", path)).headers["x-ratelimit-remaining"] for one in (alice, there) * 3]
        assert left == ["9", "8", "7", "6", "5", "4"]
        await staff.suspend(world.engines, OPERATOR, alice.id)
        assert [(await one.ask("GET", path)).status_code for one in (there, alice, bob)] == [401, 401, 200]
