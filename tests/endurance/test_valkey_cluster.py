"""A server on a Valkey Cluster of three masters and three replicas, to which everything happens that happens to those.

Readers get an answer all the time, for a home can also come from PostgreSQL; what was acknowledged is in every home
afterwards, in Valkey as well; what was deleted or signed out is never seen again.
"""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from loaded import Load, under_load, within

from linnet.features.timelines import homes
from linnet.platform.changes import Change, Changes, Kind, change
from linnet.platform.valkey import Script, Valkey
from linnet.platform.valkey_slots import slot_of
from running import Server, running_server
from valkey_cluster import Cluster, valkey_cluster

SLOW_S_MAX = 6.0
"""Nobody is without a right answer for longer, on a machine with three times as many tests as cores. There is no wrong
answer at all; a server that is silent is waited for, for 1.3 s at most."""

SOON_S = 30.0
QUIET_S = 1.0
"""What passes before, between and after what happens."""

PAUSED_S = 4.0
LOG = slot_of("{changes}")
_APPEND = Script("return server.call('APPEND', KEYS[1], ARGV[1])")


@pytest_asyncio.fixture(scope="module")
async def cluster() -> AsyncIterator[Cluster]:
    """Three masters, each with a replica."""
    async with valkey_cluster(masters=3, replicas=3) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def server(seed: Path, cluster: Cluster) -> Iterator[Server]:
    """`linnet serve` on it, with two API processes, so that one changes what the other has kept."""
    with running_server(seed, valkey_url=cluster.url, api_processes="2") as server:
        yield server


@pytest_asyncio.fixture
async def client(server: Server) -> AsyncIterator[httpx.AsyncClient]:
    """How people reach the server."""
    limits = httpx.Limits(max_connections=200)
    async with httpx.AsyncClient(base_url=server.url, timeout=15, limits=limits) as client:
        yield client


@pytest_asyncio.fixture
async def valkey(cluster: Cluster) -> AsyncIterator[Valkey]:
    """A client of the cluster, with which all is well at first."""
    for node in cluster.nodes:
        if not node.runs:
            node.start()
    await cluster.until_whole()
    valkey = Valkey.connect(cluster.url)
    yield valkey
    await valkey.close()


async def nothing_is_wrong(load: Load, valkey: Valkey) -> None:
    """All that this file promises."""
    seen = load.seen
    expected = sorted(seen.posted - set(seen.deleted), key=int, reverse=True)
    assert len(expected) > 20
    assert len(seen.deleted) > 2
    assert seen.signed_out >= 2

    async def what_is_missing() -> str:
        for reader in load.readers:
            home, kept = await load.home(reader), await homes.read(valkey, int(reader.id))
            if home != expected:
                return f"{len(set(expected) - set(home))} missing, {len(set(home) - set(expected))} too many"
            if kept is None or not set(map(int, expected)) <= set(kept[1]):
                return f"Valkey's home has holes: {len(set(map(int, expected)) - set(kept[1] if kept else ()))}"
        return ""

    await within(SOON_S, what_is_missing)
    assert not seen.refused
    assert seen.longest_s < SLOW_S_MAX
    assert seen.ghosts == 0
    assert seen.intruders == 0


async def test_slots_move_from_server_to_server(
    server: Server, client: httpx.AsyncClient, cluster: Cluster, valkey: Valkey
) -> None:
    async with under_load(server, client) as load:
        await asyncio.sleep(QUIET_S)
        slots = {LOG, *(slot_of(homes.key_of(int(reader.id))) for reader in load.readers)}
        masters, keys = await cluster.masters(), 0
        for slot in slots:
            source = await cluster.master_of(slot)
            keys += await cluster.migrate(slot, next(node for node in masters if node is not source))
            await asyncio.sleep(QUIET_S / 10)
        assert keys >= len(load.readers)
        for slot in slots:
            source = await cluster.master_of(slot)
            await cluster.migrate_at_once(slot, next(node for node in masters if node is not source))
        await asyncio.sleep(QUIET_S)
    await nothing_is_wrong(load, valkey)


@pytest.mark.parametrize("slot", [LOG, slot_of("{3}")], ids=["the log's", "a bucket's"])
async def test_a_master_is_killed(
    server: Server, client: httpx.AsyncClient, cluster: Cluster, valkey: Valkey, slot: int
) -> None:
    async with under_load(server, client) as load:
        await asyncio.sleep(QUIET_S)
        victim = await cluster.master_of(slot)
        victim.kill()
        assert (await client.get("/health/ready")).status_code == 200
        await cluster.until_succeeded(victim, slot)
        await asyncio.sleep(QUIET_S)
        victim.start()
        await cluster.until_whole()
        await asyncio.sleep(QUIET_S)
    await nothing_is_wrong(load, valkey)


async def test_a_master_is_silent_and_comes_back(
    server: Server, client: httpx.AsyncClient, cluster: Cluster, valkey: Valkey
) -> None:
    async with under_load(server, client) as load:
        await asyncio.sleep(QUIET_S)
        victim = await cluster.master_of(LOG)
        victim.signal(signal.SIGSTOP)
        await asyncio.sleep(PAUSED_S)
        victim.signal(signal.SIGCONT)
        await cluster.until_whole()
        await asyncio.sleep(QUIET_S)
    assert await cluster.master_of(LOG) is not victim
    await nothing_is_wrong(load, valkey)


async def caught_up(changes: Changes) -> str:
    """Nothing once it could hear what is new."""
    return "" if await changes.catch_up() else "the log cannot be had"


async def test_a_master_that_was_replaced_while_it_was_silent_is_not_believed(cluster: Cluster, valkey: Valkey) -> None:
    writer, reader, heard = Changes(Valkey.connect(cluster.url)), Changes(valkey), list[Change | None]()
    reader.hear(heard.append, lambda: heard.append(None))
    await writer.tell([change(Kind.STATUS, 1)])
    assert await reader.catch_up()
    victim = await cluster.master_of(LOG)
    victim.signal(signal.SIGSTOP)
    await asyncio.sleep(PAUSED_S)
    await within(SOON_S, lambda: caught_up(reader))
    heard.clear()
    telling = asyncio.create_task(writer.tell([change(Kind.STATUS, 2)]))  # to the one it knows
    await asyncio.sleep(QUIET_S / 10)
    victim.signal(signal.SIGCONT)  # it takes it, for nobody has told it yet that it is no master any more
    await telling
    assert await reader.catch_up()
    assert heard == [change(Kind.STATUS, 2)]
    await cluster.until_whole()


async def test_all_servers_are_killed_and_start_again(
    server: Server, client: httpx.AsyncClient, cluster: Cluster, valkey: Valkey
) -> None:
    async with under_load(server, client) as load:
        await asyncio.sleep(QUIET_S)
        for node in cluster.nodes:
            node.kill()
        await asyncio.sleep(QUIET_S)
        for node in cluster.nodes:
            node.start()
        await cluster.until_whole()
        await asyncio.sleep(QUIET_S)
    await nothing_is_wrong(load, valkey)


async def test_what_is_to_last_is_at_a_replica_when_the_call_returns(cluster: Cluster, valkey: Valkey) -> None:
    keys = [f"{{lasting}}:{number}" for number in range(50)]
    replica = await cluster.replica_of(await cluster.master_of(slot_of(keys[0])))
    await replica.call("READONLY")
    for count in range(1, 21):
        await valkey.run_many(_APPEND, [([key], [b"x" * 1000]) for key in keys], copied=True)
        assert await replica.wire.calls(*(("STRLEN", key) for key in keys)) == [1000 * count] * len(keys)
    await valkey.forget(keys)
