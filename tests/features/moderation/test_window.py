"""The window of everyone's last posts in Valkey: what is alike is found, however many others there are."""

from datetime import timedelta

import pytest

from linnet.features.moderation.alike import choruses
from linnet.features.moderation.alike.models import AlikeRules, Joined, Seen, Sighting
from linnet.features.moderation.alike.window import LEASE, Window
from linnet.features.moderation.detectors.duplicates import signature
from linnet.features.moderation.detectors.normal import fold
from linnet.platform.ids import first_id_at
from world import World

OFFER = "Start your new life today, our members earn more than they ever dreamt of"
RULES = AlikeRules(posts=4096, hours=2)


@pytest.fixture
def window(world: World) -> Window:
    return Window(world.engines.valkey, RULES)


def seen(world: World, text: str, account_id: int = 1, *, number: int = 0) -> Seen:
    return Seen(Sighting(first_id_at(world.clock.now()) + number, account_id), signature(fold(text)))


async def look(world: World, window: Window, *posts: Seen) -> list[Joined | None]:
    return await window.look(posts, world.clock.now())


async def test_posts_that_are_alike_are_counted_together_and_others_are_not(world: World, window: Window) -> None:
    assert await look(world, window, seen(world, OFFER, 1)) == [None]
    other, second = await look(
        world,
        window,
        seen(world, "The committee meets on Thursday", 2, number=1),
        seen(world, OFFER.upper(), 3, number=2),
    )
    assert other is None
    assert second is not None
    assert second.number == 2
    [third] = await look(world, window, seen(world, f"Hey! {OFFER} #yes", 4, number=3))
    assert third is not None
    assert (third.chorus, third.number) == (second.chorus, 3)
    members = await choruses.read(world.engines.valkey, third.chorus)
    assert [one.account_id for one in members] == [1, 3, 4]


async def test_posts_that_come_together_find_each_other(world: World, window: Window) -> None:
    first, second, third = await look(world, window, *(seen(world, OFFER, one, number=one) for one in (1, 2, 3)))
    assert first is None
    assert second is not None
    assert third is not None
    assert (second.chorus, second.number, third.number) == (third.chorus, 2, 3)


async def test_another_process_finds_what_this_one_has_seen(world: World, window: Window) -> None:
    await look(world, window, seen(world, OFFER, 1))
    other = Window(world.engines.valkey, RULES)
    [found] = await look(world, other, seen(world, OFFER, 2, number=1))
    assert found is not None


async def test_what_was_posted_hours_ago_is_over(world: World, window: Window) -> None:
    await look(world, window, seen(world, OFFER, 1))
    world.clock.ahead += timedelta(hours=2, seconds=1)
    assert await look(world, window, seen(world, OFFER, 2)) == [None]


async def test_the_oldest_gives_way_when_there_are_more_than_places(world: World, window: Window) -> None:
    await look(world, window, seen(world, OFFER, 1))
    for start in range(1, 4096 + LEASE, 64):
        await look(
            world, window, *(seen(world, f"{n * 7919} {n:x} {n**5}", n, number=n) for n in range(start, start + 64))
        )
    assert (await look(world, window, seen(world, OFFER, 2, number=9_000)))[0] is None
    keys = [key async for key in _keys(world)]
    sizes = [int(await world.engines.valkey.wire.call("MEMORY", "USAGE", key)) for key in keys if b"chorus" not in key]
    assert sum(sizes) / 4096 < 250


async def _keys(world: World):  # noqa: ANN202 -- of Valkey
    for key in await world.engines.valkey.wire.call("KEYS", "alike:*"):
        yield key


async def test_everything_goes_by_itself(world: World, window: Window) -> None:
    await look(world, window, seen(world, OFFER, 1), seen(world, OFFER, 2, number=1))
    ttls = [await world.engines.valkey.wire.call("TTL", key) async for key in _keys(world)]
    assert len(ttls) == 11, "eight tables, the ring, the number of places, a chorus"
    assert all(0 < ttl <= 7_200 for ttl in ttls)


async def test_a_wiped_valkey_is_filled_anew(world: World, window: Window) -> None:
    await look(world, window, seen(world, OFFER, 1), seen(world, OFFER, 2, number=1))
    await world.engines.valkey.forget_everything()
    assert await look(world, window, seen(world, OFFER, 3, number=2)) == [None]
    [found] = await look(world, window, seen(world, OFFER, 4, number=3))
    assert found is not None
    assert [one.account_id for one in await choruses.read(world.engines.valkey, found.chorus)] == [3, 4]


async def test_a_chorus_that_alone_was_lost_begins_with_the_one_it_was_found_by(world: World, window: Window) -> None:
    [_, found] = await look(world, window, seen(world, OFFER, 1), seen(world, OFFER, 2, number=1))
    assert found is not None
    await world.engines.valkey.forget(
        [f"alike:{{r{found.chorus.place % choruses.BUCKETS}}}:chorus:{found.chorus.place}"]
    )
    [again] = await look(world, window, seen(world, OFFER, 3, number=2))
    assert again is not None
    assert (again.chorus, again.number) == (found.chorus, 2)
