"""What monitoring asks, when all is well and when it is not."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, cast

import httpx
import pytest

from linnet.features.accounts.events import AccountDeleted
from linnet.features.accounts.jobs import ERASE
from linnet.platform import health
from linnet.platform.engines import Engines
from linnet.platform.health import HealthWatch
from linnet.platform.jobs import store
from linnet.platform.telemetry.metrics import MetricsAccess
from linnet.platform.valkey import Valkey
from linnet.roles.api import application
from world import World, settings_of

TOKEN = "the metrics token of these tests"


@asynccontextmanager
async def asking(engines: Engines, **settings: object) -> AsyncGenerator[httpx.AsyncClient]:
    """A client of a process of its own on these engines, which has not looked at them yet."""
    fresh = {**engines.configs, HealthWatch: HealthWatch(), MetricsAccess: MetricsAccess(lambda: TOKEN, "a test")}
    app = application(settings_of("x", "x", **settings), replace(engines, configs=fresh))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(cast("Any", app)), base_url="https://linnet.test"
    ) as client:
        yield client


@asynccontextmanager
async def deaf_server() -> AsyncGenerator[int]:
    """A port where somebody listens and never answers."""
    server = await asyncio.start_server(lambda _, __: asyncio.sleep(60), "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


async def test_a_healthy_server_says_so(world: World) -> None:
    await store.enqueue(world.engines.db, [(ERASE, AccountDeleted(account_id=1))])
    async with asking(world.engines) as client:
        assert (await client.get("/health/live")).json() == {"status": "OK"}
        assert (await client.get("/health/ready")).json() == {"status": "OK"}
        told = (await client.get("/health")).json()
    assert told["status"] == "OK"
    assert told["engines"] == {"postgresql": "OK", "valkey": "OK"}
    assert told["jobs"]["waiting"] == 1


async def test_without_valkey_it_lives_but_is_not_ready(world: World) -> None:
    away = Valkey.connect("valkey://127.0.0.1:1")
    async with asking(replace(world.engines, valkey=away), rate_limits=True) as client:
        assert (await client.get("/health/live")).status_code == 200
        ready = await client.get("/health/ready")
        whole = await client.get("/health")
    assert (ready.status_code, ready.json()["error"]) == (503, "Valkey cannot be reached")
    assert (whole.status_code, whole.json()["engines"]["postgresql"]) == (503, "OK")


async def test_an_engine_that_says_nothing_does_not_hold_up_the_answer(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "CHECK_TIMEOUT_S", 1.0)
    async with deaf_server() as port:
        deaf = Valkey.connect(f"valkey://127.0.0.1:{port}")
        async with asking(replace(world.engines, valkey=deaf)) as client, asyncio.timeout(1.9):
            ready = await client.get("/health/ready")
    assert ready.json()["error"] == "Valkey did not answer within 1 seconds"


async def test_a_schema_that_is_behind_is_not_ready(world: World) -> None:
    name = await world.engines.db.value("select max(name) from migrations")
    checksum = await world.engines.db.value("delete from migrations where name = $1 returning checksum", name)
    try:
        async with asking(world.engines) as client:
            ready = await client.get("/health/ready")
    finally:
        await world.engines.db.execute("insert into migrations (name, checksum) values ($1, $2)", name, checksum)
    assert ready.status_code == 503
    assert name in ready.json()["error"]
    assert "linnet migrate" in ready.json()["error"]


async def test_monitoring_is_not_limited_and_asks_the_engines_once_a_second(world: World) -> None:
    async with asking(world.engines, rate_limits=True) as client:
        await client.get("/health/ready")
        async with world.counting_statements() as statements:
            answers = await asyncio.gather(*(client.get("/health/ready") for _ in range(50)))
    assert {answer.status_code for answer in answers} == {200}
    assert statements.number == 0


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 401), ({"Authorization": "Bearer wrong"}, 401), ({"Authorization": f"Bearer {TOKEN}"}, 200)],
)
async def test_metrics_are_for_whoever_has_the_token(world: World, headers: dict[str, str], status: int) -> None:
    async with asking(world.engines) as client:
        answer = await client.get("/metrics", headers=headers)
    assert answer.status_code == status
    if status == 200:
        assert answer.headers["content-type"].startswith("text/plain")
        assert "linnet_http_request_seconds_bucket" in answer.text
    else:
        assert "a test" in answer.json()["error"]
        assert answer.headers["www-authenticate"].startswith("Bearer")
