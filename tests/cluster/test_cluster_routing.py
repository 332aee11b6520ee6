"""Every command reaches the server that has its key, also while keys move from one to another."""

import asyncio
from contextlib import suppress

import pytest
from valkey.exceptions import ResponseError

from linnet.platform.bus import Bus
from linnet.platform.diagnosis import facts_of_valkey
from linnet.platform.errors import EngineDown
from linnet.platform.valkey import Scattered, Script, Valkey
from linnet.platform.valkey_link import Lost
from linnet.platform.valkey_slots import SLOTS, slot_of
from valkey_cluster import PASSWORD, Cluster, Node

KEYS = [f"key:{number}" for number in range(300)]
_ADD = Script("for i, key in ipairs(KEYS) do server.call('APPEND', key, ARGV[1]) end return KEYS[1]")


@pytest.mark.parametrize("key", ["plain", "a{tag}b", "{}empty", "{a}{b}", "a}b{c", "{open", "{{a}}", "ключ{метка}"])
async def test_we_find_the_slot_that_the_server_finds(cluster: Cluster, key: str) -> None:
    assert await cluster.nodes[0].call("CLUSTER", "KEYSLOT", key) == slot_of(key)
    assert slot_of(key.encode()) == slot_of(key)


async def test_keys_of_all_servers_are_written_read_and_forgotten(cluster: Cluster, valkey: Valkey) -> None:
    await asyncio.gather(*(valkey.put(key, key.encode(), expires_s=60) for key in KEYS))
    assert await asyncio.gather(*map(valkey.get, KEYS)) == [key.encode() for key in KEYS]
    sizes = [await node.call("DBSIZE") for node in cluster.nodes]
    assert sum(sizes) == len(KEYS)
    assert min(sizes) > 0
    await valkey.forget(KEYS[1:])
    assert [key for key in KEYS if await valkey.get(key) is not None] == KEYS[:1]
    await valkey.forget_everything()
    assert [await node.call("DBSIZE") for node in cluster.nodes] == [0, 0, 0]


async def test_replies_come_in_the_order_of_the_commands_whoever_gives_them(valkey: Valkey) -> None:
    assert await valkey.run_many(_ADD, [([key], [b"x"]) for key in KEYS]) == [key.encode() for key in KEYS]
    assert await valkey.ask(*(("GET", key) for key in KEYS)) == [b"x"] * len(KEYS)
    with pytest.raises(ResponseError, match="WRONGTYPE"):
        await valkey.ask(("GET", KEYS[0]), ("LPUSH", KEYS[1], "x"), ("GET", KEYS[2]))
    assert await valkey.ask(("GET", KEYS[0]), ("GET", KEYS[2])) == [b"x", b"x"]


async def test_scripts_run_on_servers_that_have_not_seen_them_and_only_once(cluster: Cluster, valkey: Valkey) -> None:
    await valkey.run(_ADD, [KEYS[0]], [b"x"])
    for node in cluster.nodes[:2]:
        await node.call("SCRIPT", "FLUSH")
    await valkey.run_many(_ADD, [([key], [b"y"]) for key in KEYS], copied=True)
    assert await valkey.ask(*(("GET", key) for key in KEYS)) == [b"xy"] + [b"y"] * (len(KEYS) - 1)


async def test_one_server_that_is_named_is_enough_and_one_that_is_away_does_no_harm(cluster: Cluster) -> None:
    port = cluster.nodes[2].port
    for hosts in (f"127.0.0.1:{port}", f"127.0.0.1:1,127.0.0.1:{port}"):
        valkey = Valkey.connect(f"valkey://:{PASSWORD}@{hosts}/0")
        await asyncio.gather(*(valkey.put(key, b"x", expires_s=60) for key in KEYS))
        facts = await facts_of_valkey(valkey)
        assert facts.shards is not None
        assert [len(shard.masters) for shard in facts.shards] == [1, 1, 1]
        assert sum(shard.slots for shard in facts.shards) == SLOTS
        await valkey.close()
    nobody = Valkey.connect("valkey://127.0.0.1:1,127.0.0.1:2")
    with pytest.raises(EngineDown):
        await nobody.ping()
    await nobody.close()


async def test_what_is_published_reaches_listeners_wherever_they_are(cluster: Cluster, valkey: Valkey) -> None:
    async with valkey.subscription() as one, valkey.subscription() as two:
        heard = (one, two)
        for listener in heard:
            await listener.subscribe("a channel")
        for node in cluster.nodes:
            await node.call("PUBLISH", "a channel", str(node.port))
        await valkey.publish("a channel", b"ours")
        expected = {b"ours", *(b"%d" % node.port for node in cluster.nodes)}
        for listener in heard:
            told: set[bytes] = set()
            async with asyncio.timeout(5):
                while told != expected:
                    message = await listener.get_message(timeout=1)
                    told |= {message["data"]} if message else set()


async def test_a_listener_moves_to_another_server_when_its_own_hangs_up(cluster: Cluster, valkey: Valkey) -> None:
    heard = asyncio.Event()

    async def hear(_: bytes) -> None:
        heard.set()

    listening = asyncio.create_task(Bus(valkey).listen({"moved": hear}))
    for _ in range(3):
        async with asyncio.timeout(5):
            while not heard.is_set():
                await valkey.publish("moved", b"x")
                await asyncio.sleep(0.01)
        for node in cluster.nodes:
            await node.call("CLIENT", "KILL", "TYPE", "pubsub")
        heard.clear()
    listening.cancel()
    await asyncio.wait({listening})


async def test_keys_are_found_before_while_and_after_their_slot_moves(cluster: Cluster, valkey: Valkey) -> None:
    slot, keys = slot_of("{moving}"), [f"{{moving}}:{number}" for number in range(500)]
    source = await cluster.master_of(slot)
    target = next(node for node in cluster.nodes if node is not source)
    await valkey.run_many(_ADD, [([key], [b"x"]) for key in keys])
    wrong: list[object] = []
    moving = asyncio.create_task(cluster.migrate(slot, target))
    rounds = 0
    while not moving.done() or rounds < 5:
        rounds += 1
        wrong += [one for one in await valkey.ask(*(("GET", key) for key in keys)) if not one]
        await valkey.run_many(_ADD, [([key], [b"y"]) for key in keys], copied=True)
        await valkey.put_if_absent(f"{{moving}}:new{rounds}", b"x", expires_s=60)
    moved = await moving
    assert wrong == []
    assert moved >= len(keys)
    assert await cluster.master_of(slot) is target
    assert await valkey.ask(*(("GET", key) for key in keys)) == [b"x" + b"y" * rounds] * len(keys)
    assert [await valkey.get(f"{{moving}}:new{number + 1}") for number in range(rounds)] == [b"x"] * rounds
    await cluster.migrate(slot, source)


async def test_keys_of_one_call_that_are_scattered_by_a_move_are_said_to_be(cluster: Cluster, valkey: Valkey) -> None:
    slot, keys = slot_of("{apart}"), ["{apart}:1", "{apart}:2"]
    source = await cluster.master_of(slot)
    target = next(node for node in cluster.nodes if node is not source)
    await valkey.put(keys[0], b"x", expires_s=60)
    await target.call("CLUSTER", "SETSLOT", slot, "IMPORTING", source.id)
    await source.call("CLUSTER", "SETSLOT", slot, "MIGRATING", target.id)
    with pytest.raises(Scattered):
        await valkey.run(_ADD, keys, [b"y"])
    assert await valkey.run_many(_ADD, [([key], [b"y"]) for key in keys]) == [key.encode() for key in keys]
    await cluster.migrate(slot, target)
    assert await valkey.run(_ADD, keys, [b"z"]) == keys[0].encode()
    assert await valkey.ask(*(("GET", key) for key in keys)) == [b"xyz", b"yz"]
    await cluster.migrate(slot, source)


async def test_what_may_have_been_done_is_not_sent_again(cluster: Cluster, valkey: Valkey) -> None:
    assert await valkey.get("{once}") is None
    master = await cluster.master_of(slot_of("{once}"))
    first = asyncio.create_task(valkey.ask(("INCR", "{once}"), ("BLPOP", "{once}:never", 30)))
    await asyncio.sleep(0)
    second = asyncio.create_task(valkey.wire.call("INCR", "{once}"))
    async with asyncio.timeout(5):
        while await blocks(master, 0):  # noqa: ASYNC110 -- another process does what is waited for
            await asyncio.sleep(0.01)
        await master.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        errors = await asyncio.gather(first, second, return_exceptions=True)
    assert [type(error) for error in errors] == [EngineDown, Lost]
    await asyncio.sleep(0.2)
    assert await blocks(master, 0)
    assert await valkey.get("{once}") == b"1"


async def blocks(node: Node, number: int) -> bool:
    """Whether so many clients of a node wait for something."""
    return b"blocked_clients:%d\r" % number in await node.call("INFO", "clients")


async def test_a_link_is_another_one_once_the_server_of_a_key_may_have_forgotten(
    cluster: Cluster, valkey: Valkey
) -> None:
    await valkey.get("{link}")
    before = valkey.link_to("{link}")
    assert before is not None
    await valkey.get("{link}")
    assert valkey.link_to("{link}") is before
    await (await cluster.master_of(slot_of("link"))).call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    async with asyncio.timeout(2):
        while valkey.link_to("{link}") is before:
            with suppress(EngineDown):
                await valkey.get("{link}")
    after = valkey.link_to("{link}")
    await valkey.get("{link}")
    assert valkey.link_to("{link}") is after
