"""How accounts stand: what they do and what happens to them is written down, and every process knows it at once."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from linnet.features.accounts import staff
from linnet.features.accounts.permissions import OPERATOR
from linnet.features.moderation import judging, standings
from linnet.features.moderation.measures import About, Measure, Ruling
from linnet.features.moderation.models import Finding, Reason, Span, Surface
from linnet.features.moderation.standing import Origin, Standing, Tier, What, standing_of
from linnet.features.statuses.tallies import tally
from linnet.platform.embedded import EmbeddedEngines
from linnet.platform.engines import Engines
from world import Person, World, open_world


@pytest_asyncio.fixture
async def elsewhere(servers: EmbeddedEngines, world: World) -> AsyncIterator[Engines]:
    """Another process on the same engines."""
    async with open_world(servers.database_url, servers.valkey_url) as other:
        other.clock.ahead = world.clock.ahead
        yield other.engines


async def of(world: World, person: Person) -> Standing:
    return await standings.standing(world.engines, person.id)


async def happen(world: World, person: Person, what: What, times: int = 1) -> None:
    async with world.engines.transaction() as tx:
        await standings.note(tx, person.id, what, world.engines.clock.now(), times=times)


async def test_what_somebody_posts_is_counted_once_with_its_links_and_not_what_they_deleted(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await bob.follow(alice)
    await world.settle(periodics=True)
    await alice.post("Hello")
    await alice.post("Look: https://example.org/birds")
    await alice.mark("reblog", await bob.post("Good morning"))
    regretted = await alice.post("I take this back")
    assert (await alice.ask("DELETE", f"/api/v1/statuses/{regretted['id']}")).is_success
    world.clock.move(minutes=2)
    for _ in range(3):
        await tally(world.engines)
    world.clock.move(minutes=2)
    await alice.post("Once more")
    world.clock.move(minutes=2)
    await tally(world.engines)
    record = await standings.record_of(world.engines.db, alice.id)
    assert (record.followers, record.total(What.POSTED), record.total(What.LINK)) == (1, 3, 1)
    assert standing_of(record, world.clock.now()).links_share == pytest.approx(1 / 3, abs=0.01)
    assert (await standings.record_of(world.engines.db, bob.id)).total(What.POSTED) == 1


async def test_what_happens_counts_at_once_on_every_process(world: World, elsewhere: Engines) -> None:
    alice = await world.person("alice")
    before = await standings.standing(elsewhere, alice.id)
    await happen(world, alice, What.REJECTED)
    after = await standings.standing(elsewhere, alice.id)
    assert (before.rejections, after.rejections) == (0, 1)
    assert after.reputation < before.reputation


async def test_a_standing_that_was_asked_for_lately_costs_no_statement(world: World) -> None:
    alice = await world.person("alice")
    await of(world, alice)
    async with world.counting_statements() as statements:
        await of(world, alice)
    assert statements.number == 0


async def test_those_who_come_together_share_a_statement(world: World) -> None:
    people = await world.people("alice", "bob", "carol", "dan")
    async with world.counting_statements() as statements:
        await asyncio.gather(*(of(world, person) for person in people))
    assert statements.number <= 2


async def test_trouble_is_forgotten_as_time_goes_by(world: World) -> None:
    alice = await world.person("alice")
    await happen(world, alice, What.REJECTED, 4)
    assert (await of(world, alice)).tier is Tier.POOR
    world.clock.move(days=30)
    assert (await of(world, alice)).tier is Tier.ORDINARY
    await happen(world, alice, What.REJECTED, 1)  # what is left of the four, half of each, and a whole one
    record = await standings.record_of(world.engines.db, alice.id)
    assert record.weight(What.REJECTED, world.clock.now()) == pytest.approx(3, abs=0.01)
    assert record.total(What.REJECTED) == 5


async def test_what_is_taken_back_is_as_if_it_had_never_happened(world: World) -> None:
    alice = await world.person("alice")
    struck_at = world.clock.now()
    await happen(world, alice, What.STRIKE)
    world.clock.move(days=12)
    await happen(world, alice, What.STRIKE)
    twice = await of(world, alice)
    async with world.engines.transaction() as tx:
        await standings.take_back(tx, alice.id, What.STRIKE, struck_at, world.clock.now())
    record = await standings.record_of(world.engines.db, alice.id)
    assert record.weight(What.STRIKE, world.clock.now()) == pytest.approx(1.0, abs=0.001)
    assert (await of(world, alice)).reputation > twice.reputation


async def test_a_decision_counts_by_what_is_done_and_for_repeating_a_text(world: World) -> None:
    alice = await world.person("alice")
    again, rude = (Finding(Span(0, 5), reason, 0.9, "1") for reason in (Reason.NEAR_DUPLICATE, Reason.PROFANITY))
    decided = [(Measure.ALLOW, (again,)), (Measure.HOLD, (again, rude)), (Measure.LABEL, (rude,))]
    async with world.engines.transaction() as tx:
        for measure, findings in decided:
            ruling = Ruling(alice.id, About.STATUS, Surface.POST, measure, findings)
            await judging.note(tx, ruling, world.clock.now())
    record = await standings.record_of(world.engines.db, alice.id)
    assert (record.total(What.DUPLICATE), record.total(What.HELD), record.total(What.LIMITED)) == (2, 1, 0)


async def test_nothing_is_lost_where_much_happens_at_once(world: World, elsewhere: Engines) -> None:
    alice, bob = await world.people("alice", "bob")

    async def happens(engines: Engines) -> None:
        async with engines.transaction() as tx:
            now = engines.clock.now()
            await standings.note_all(tx, [(bob.id, What.REPORTED, 1), (alice.id, What.REPORTED, 1)], now)

    await asyncio.gather(*(happens(engines) for engines in (world.engines, elsewhere) * 20))
    for person in (alice, bob):
        assert (await standings.record_of(world.engines.db, person.id)).total(What.REPORTED) == 40


async def test_how_somebody_came_in_is_known(world: World) -> None:
    alice = await world.person("alice")
    assert (await standings.record_of(world.engines.db, alice.id)).origin is Origin.OPERATOR


async def test_of_who_was_deleted_nothing_is_kept(world: World) -> None:
    alice = await world.person("alice")
    await happen(world, alice, What.STRIKE)
    await staff.suspend(world.engines, OPERATOR, alice.id)
    await staff.delete(world.engines, OPERATOR, alice.id)
    await world.settle()
    assert await world.engines.db.value("select count(*) from standing_counts where account_id = $1", alice.id) == 0
    assert await world.engines.db.value("select count(*) from standings where account_id = $1", alice.id) == 0


async def test_somebody_of_whom_nothing_is_written_down_is_as_old_as_their_number(world: World) -> None:
    alice = await world.person("alice")
    await world.engines.db.execute("delete from standings")
    world.clock.move(days=5)
    assert (await of(world, alice)).tier is Tier.ORDINARY


async def test_what_was_decided_by_mistake_counts_no_longer_nor_does_that_it_repeats(world: World) -> None:
    alice = await world.person("alice")
    now = world.clock.now()
    repeats = Finding(Span(0, 5), Reason.DUPLICATE, 0.9, "1")
    ruling = Ruling(alice.id, About.STATUS, Surface.POST, Measure.REJECT, findings=(repeats,))
    async with world.engines.transaction() as tx:
        await judging.note(tx, ruling, now)
    counted = await standings.record_of(world.engines.db, alice.id)
    assert (counted.total(What.REJECTED), counted.total(What.DUPLICATE)) == (1, 1)
    async with world.engines.transaction() as tx:
        await judging.forgive(tx, ruling, now, now)
    forgiven = await standings.record_of(world.engines.db, alice.id)
    assert (forgiven.total(What.REJECTED), forgiven.total(What.DUPLICATE)) == (0, 0)
