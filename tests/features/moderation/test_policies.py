"""Versions of the policy: kept, activated in every process, and what held when."""

import pytest

from linnet.features.moderation import policies, policy
from linnet.platform.errors import NotFound
from world import World

LAX = """
[[rule]]
name = "only slurs"
surfaces = ["post"]
measure = "reject"
when = { slur = 0.9 }
"""


async def test_the_policy_that_linnet_comes_with_holds_until_another_is_activated(world: World) -> None:
    engines, now = world.engines, world.clock.now()
    held = await policies.active(engines.db)
    assert (held.number, held.source) == (0, policy.default_source())
    assert (await policies.held(engines)).version == 0
    number = await policies.add(engines.db, LAX, None, now, note="to try")
    assert (await policies.held(engines)).version == 0, "it is only kept"
    async with engines.transaction() as tx:
        await policies.activate(tx, number, None, now)
    assert [rule.name for rule in (await policies.held(engines)).rules] == ["only slurs"]
    async with engines.transaction() as tx:
        await policies.activate(tx, 0, None, now)
    assert (await policies.held(engines)).rules == policy.default().rules
    assert [one.number for one in await policies.activations(engines.db)] == [0, number]
    [kept] = await policies.versions(engines.db)
    assert (kept.number, kept.note, kept.source) == (number, "to try", LAX)


async def test_another_process_hears_that_another_policy_holds(world: World) -> None:
    engines = world.engines
    await policies.held(engines)
    number = await policies.add(engines.db, LAX, None, world.clock.now())
    async with engines.transaction() as tx:  # what another process does, for all that this one knows
        await policies.activate(tx, number, None, world.clock.now())
    assert (await policies.held(engines)).version == number
    async with world.counting_statements() as counted:
        await policies.held(engines)
    assert counted.number == 0, "it is known by now"


async def test_a_policy_with_a_mistake_is_not_kept_and_none_that_is_not_there_activated(world: World) -> None:
    with pytest.raises(policy.PolicyInvalid):
        await policies.add(world.engines.db, "[[rule]]", None, world.clock.now())
    assert await policies.versions(world.engines.db) == []
    with pytest.raises(NotFound):
        async with world.engines.transaction() as tx:
            await policies.activate(tx, 7, None, world.clock.now())
