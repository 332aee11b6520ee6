"""A server without replicas pays nothing for them, and says at once when their addresses are none."""

import pytest

from linnet.platform.engines import Engines
from linnet.roles.wiring import open_engines
from linnet.settings import BadSetting
from world import World, settings_of


async def place_in_the_log(engines: Engines) -> bytes | None:
    return await engines.valkey.get("{changes}:at")


async def test_a_new_post_is_not_told_to_anybody_without_replicas(world: World) -> None:
    ann = await world.person("ann")
    first = await ann.post("First")
    before = await place_in_the_log(world.engines)
    await ann.post("Second")
    assert await place_in_the_log(world.engines) == before
    await ann.mark("favourite", first)
    assert await place_in_the_log(world.engines) != before, "this is where things are told"


async def test_addresses_that_are_none_are_a_bad_setting(world: World) -> None:
    nowhere = ("postgresql://localhost:1/x", "valkey://localhost:1")
    settings = settings_of(*nowhere, database_replica_urls="replica.example,postgresql://replica.example/x")
    with pytest.raises(BadSetting, match="LINNET_DATABASE_REPLICA_URLS"):
        async with open_engines(settings):
            pass
    assert not world.engines.replicas
