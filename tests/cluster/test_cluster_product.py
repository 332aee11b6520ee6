"""The product on a cluster: every script it runs has its keys in one slot, and nothing else is different either."""

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from linnet.cli.checks.engines import valkey_finding
from linnet.features.moderation.alike.models import Sighting
from linnet.features.timelines import delivery, homes
from linnet.platform.changes import Changes, Kind, change
from linnet.platform.embedded import EmbeddedEngines
from linnet.platform.errors import EngineDown
from linnet.platform.valkey import Scattered, Script
from linnet.platform.valkey_slots import SLOTS, slot_of
from valkey_cluster import Cluster
from world import PASSWORD, World, open_world

READERS = 3 * homes.BUCKETS
SCRIPTS_MIN = 7
"""There are so many at least: the test finds them."""

_COUNT = Script("return #KEYS")


@pytest_asyncio.fixture
async def world(servers: EmbeddedEngines, cluster: Cluster) -> AsyncIterator[World]:
    """An empty world on the cluster, with rate limits and puzzles: whatever uses Valkey does."""
    async with open_world(servers.database_url, cluster.url, rate_limits=True, signup_challenge=True) as world:
        await world.clear()
        yield world


async def unknown_scripts(cluster: Cluster) -> list[str]:
    """The beginnings of all scripts of the product that no server of the cluster has run."""
    ours = [vars(module) for name, module in list(sys.modules.items()) if name.startswith("linnet.")]
    scripts = {
        one.sha: one.source
        for names in ours
        for one in names.values()
        if isinstance(one, Script) and not one.makes_keys
    }
    assert len(scripts) >= SCRIPTS_MIN
    known: list[list[int]] = [await node.call("SCRIPT", "EXISTS", *scripts) for node in cluster.nodes]
    return [source[:60] for source, *runs in zip(scripts.values(), *known, strict=True) if not any(runs)]


async def test_every_script_of_the_product_runs_on_a_cluster(world: World, cluster: Cluster) -> None:
    for node in cluster.nodes:
        await node.call("SCRIPT", "FLUSH")
    author, *readers = [await world.person() for _ in range(READERS)]
    for reader in readers:
        await reader.follow(author)
    await world.settle()
    for reader in readers:
        assert await reader.home() == []
    posts = [await author.post(f"number {number}") for number in range(3)]
    await world.settle()
    expected = [post["id"] for post in reversed(posts)]
    for reader in readers:
        assert [status["id"] for status in await reader.home()] == expected
    again = {"json": {"status": "twice"}, "headers": {"Idempotency-Key": "twice"}}
    told = await asyncio.gather(*(author.ask("POST", "/api/v1/statuses", **again) for _ in range(4)))
    assert {one.status_code for one in told} == {200}, "what the others counted towards is given back"
    assert (await sign_in(world, author.username, "wrong")).status_code == 401
    assert (await sign_in(world, author.username, PASSWORD)).status_code == 200
    assert (await world.get("/api/v1/auth/challenge")).status_code == 200
    assert (await author.ask("GET", "/api/v1/moderation/limits")).status_code == 200
    assert await unknown_scripts(cluster) == []


async def test_a_home_that_grows_too_long_is_cut_back(world: World) -> None:
    reader, valkey = await world.person(), world.engines.valkey
    await reader.home()
    ids = range(1000, 1000 + homes.HOME_LENGTH_MAX + 1)
    await delivery.append_each(valkey, [(i, [reader.id]) for i in ids], lasting=True)
    found = await homes.read(valkey, reader.id)
    assert found is not None
    assert found[1] == list(reversed(ids))[: homes.HOME_KEPT]


async def test_what_one_process_tells_all_others_hear(world: World) -> None:
    heard: list[Any] = []
    here, there = Changes(world.engines.valkey), world.engines.changes
    here.hear(heard.append, heard.clear)
    assert await here.catch_up()
    await there.tell([change(Kind.STATUS, 7)])
    assert await here.catch_up()
    assert heard == [(Kind.STATUS, 7, 0, 0, 0)]


async def test_posts_reach_homes_whose_bucket_is_on_its_way_to_another_server(world: World, cluster: Cluster) -> None:
    author, *readers = [await world.person() for _ in range(2 * homes.BUCKETS)]
    for reader in readers:
        await reader.follow(author)
    await world.settle()
    for reader in readers[: homes.BUCKETS]:  # the others have no home, as people who have been away for long
        assert await reader.home() == []
    slot = slot_of(homes.key_of(readers[0].id))
    source = await cluster.master_of(slot)
    target = next(node for node in cluster.nodes if node is not source)
    await target.call("CLUSTER", "SETSLOT", slot, "IMPORTING", source.id)
    await source.call("CLUSTER", "SETSLOT", slot, "MIGRATING", target.id)
    with pytest.raises(Scattered):
        await world.engines.valkey.run(
            _COUNT, [homes.key_of(reader.id) for reader in readers if in_slot(reader.id, slot)]
        )
    first = await author.post("while nothing has moved yet")
    await world.settle()
    await cluster.migrate(slot, target)
    second = await author.post("afterwards")
    await world.settle()
    for reader in readers:
        assert [status["id"] for status in await reader.home()] == [second["id"], first["id"]]
    await cluster.migrate(slot, source)


async def test_the_doctor_tells_of_a_cluster_and_of_what_it_lacks(world: World, cluster: Cluster) -> None:
    found = await valkey_finding(world.engines)
    assert found.verdict == "warn"
    assert "a cluster of 3 masters and 0 replicas" in found.found
    assert all(f"127.0.0.1:{node.port}" in found.found for node in cluster.nodes)
    slot = slot_of("{nobody's}")
    owner = await cluster.master_of(slot)
    for node in cluster.nodes:
        await node.call("CLUSTER", "DELSLOTS", slot)
    found = await valkey_finding(world.engines)
    assert found.verdict == "fail"
    assert f"serve {SLOTS - 1} of {SLOTS} slots" in found.found
    with pytest.raises(EngineDown):
        await world.engines.valkey.get("{nobody's}")
    await owner.call("CLUSTER", "ADDSLOTS", slot)
    await cluster.until_whole()


def in_slot(account_id: int, slot: int) -> bool:
    return slot_of(homes.key_of(account_id)) == slot


async def sign_in(world: World, name: str, password: str) -> Any:
    """The answer to somebody who signs in."""
    return await world.client.post("/api/v1/auth/login", json={"identifier": name, "password": password})


async def test_near_duplicates_are_found_wherever_their_keys_are(world: World, cluster: Cluster) -> None:
    people = [await world.person() for _ in range(4)]
    for person in people:
        await person.post("They want to close the pool by the river where all of our children have learnt to swim")
    await world.settle()
    held = [await node.call("KEYS", "alike:*") for node in cluster.nodes]
    assert all(held), "every server has some of the window"
    [chorus] = [key for keys in held for key in keys if b":chorus:" in key]
    owner = await cluster.master_of(slot_of(chorus))
    assert await owner.call("STRLEN", chorus) == 8 + len(people) * Sighting.BYTES
