"""Which way a post goes to its readers: by how many follow, how many of them come here, and how often one posts."""

from typing import cast

import pytest
from prometheus_client import REGISTRY

from linnet.features.timelines import homes, jobs, packed
from linnet.features.timelines.reach import Reaches
from linnet.features.timelines.store import fanout
from linnet.features.timelines.strategy import Choice, Reach, Reason, Strategy, Thresholds, choose
from linnet.platform.ids import first_id_at
from world import Person, World

EVERYBODY_COMES = 1.0
NOBODY_COMES = 0.0
PUSHED = Choice(Strategy.PUSH, Reason.FOLLOWERS)
PUSHED_FOR_FEW = Choice(Strategy.PUSH, Reason.ACTIVITY)
HYBRID = Choice(Strategy.HYBRID, Reason.FOLLOWERS)
HYBRID_FOR_FEW = Choice(Strategy.HYBRID, Reason.ACTIVITY)
PULLED = Choice(Strategy.PULL, Reason.FOLLOWERS)
PULLED_AS_BUSY = Choice(Strategy.PULL, Reason.RATE)

THRESHOLDS = Thresholds(hybrid_followers=100, pull_followers=1_000, busy_followers=10, busy_posts=50)
WITHOUT_HYBRID = Thresholds(hybrid_followers=100, pull_followers=100, busy_followers=10, busy_posts=50)


@pytest.mark.parametrize(
    ("followers", "expected"),
    [(0, PUSHED), (99, PUSHED), (100, HYBRID), (999, HYBRID), (1_000, PULLED)],
)
def test_of_whom_nothing_else_is_known_the_number_of_followers_decides(followers: int, expected: Choice) -> None:
    assert choose(Reach(followers), THRESHOLDS) == expected


@pytest.mark.parametrize(
    ("followers", "active_share", "expected"),
    [
        (1_000, EVERYBODY_COMES, PULLED),
        (333, NOBODY_COMES, PUSHED_FOR_FEW),
        (334, NOBODY_COMES, HYBRID),
        (1_000, NOBODY_COMES, HYBRID_FOR_FEW),
        (3_334, NOBODY_COMES, PULLED),
        (153, 0.5, PUSHED_FOR_FEW),
        (154, 0.5, HYBRID),
        (1_538, 0.5, HYBRID_FOR_FEW),
        (1_539, 0.5, PULLED),
    ],
)
def test_a_follower_who_does_not_come_counts_three_tenths(
    followers: int, active_share: float, expected: Choice
) -> None:
    assert choose(Reach(followers, active_share), THRESHOLDS) == expected


@pytest.mark.parametrize(
    ("followers", "posts_per_day", "expected"),
    [(9, 500, PUSHED), (10, 49, PUSHED), (10, 50, PULLED_AS_BUSY), (100, 50, PULLED_AS_BUSY), (1_000, 50, PULLED)],
)
def test_who_posts_much_to_many_is_pulled(followers: int, posts_per_day: int, expected: Choice) -> None:
    assert choose(Reach(followers, EVERYBODY_COMES, posts_per_day), THRESHOLDS) == expected


@pytest.mark.parametrize(
    ("thresholds", "reach", "expected"),
    [
        (WITHOUT_HYBRID, Reach(50, is_merged=True), PULLED),
        (WITHOUT_HYBRID, Reach(49, is_merged=True), PUSHED),
        (WITHOUT_HYBRID, Reach(166, NOBODY_COMES, is_merged=True), PUSHED_FOR_FEW),
        (WITHOUT_HYBRID, Reach(167, NOBODY_COMES, is_merged=True), PULLED),
        (THRESHOLDS, Reach(50, is_merged=True), HYBRID),
        (THRESHOLDS, Reach(600, is_merged=True), HYBRID),
        (THRESHOLDS, Reach(100, posts_per_day=25, is_merged=True), HYBRID),
        (THRESHOLDS, Reach(10, posts_per_day=25, is_merged=True), PULLED_AS_BUSY),
        (THRESHOLDS, Reach(10, posts_per_day=24, is_merged=True), PUSHED),
        (THRESHOLDS, Reach(5, posts_per_day=25, is_merged=True), PULLED_AS_BUSY),
        (THRESHOLDS, Reach(4, posts_per_day=500, is_merged=True), PUSHED),
    ],
)
def test_who_is_merged_is_pushed_again_only_below_half_of_it(
    thresholds: Thresholds, reach: Reach, expected: Choice
) -> None:
    assert choose(reach, thresholds) == expected


def test_nobody_is_asked_about_below_the_least_that_can_matter() -> None:
    assert Thresholds().asked_from == 5_000
    assert THRESHOLDS.asked_from == 5
    assert WITHOUT_HYBRID.asked_from == 5


async def test_an_author_whose_followers_never_come_is_pushed_to_the_few_who_do(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """8 followers of whom 2 come weigh 3.8."""
    set_thresholds(world, monkeypatch, Thresholds(hybrid_followers=5, pull_followers=5))
    monkeypatch.setattr(jobs, "SLICE", 3)
    star, *fans = await world.people("star", "first", "b", "c", "d", "e", "f", "g", "last")
    for fan in fans:
        await fan.follow(star)
    await world.settle(periodics=True)
    for fan in (fans[0], fans[-1]):
        assert await fan.home() == []
    before = chosen(PUSHED_FOR_FEW)
    post = await star.post("for two")
    await world.engines.valkey.put(homes.key_of(star.id), packed.pack([packed.WHOLE]), expires_s=60)
    await world.settle()
    for reader in (star, fans[0], fans[-1]):
        assert await homes.read(world.engines.valkey, reader.id) == (packed.WHOLE, [int(post["id"])])
    assert chosen(PUSHED_FOR_FEW) == before + 1
    assert await merged_authors(world) == []
    for fan in fans:
        assert ids(await fan.home()) == [post["id"]]


async def test_an_author_whose_followers_come_is_not_pushed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    set_thresholds(world, monkeypatch, Thresholds(hybrid_followers=3, pull_followers=3))
    star, fans = await star_with_fans(world, 3)
    before = chosen(PULLED)
    post = await star.post("for three")
    await world.settle()
    assert chosen(PULLED) == before + 1
    assert await merged_authors(world) == [star.id]
    for fan in fans:
        assert await homes.read(world.engines.valkey, fan.id) == (packed.WHOLE, [])
        assert ids(await fan.home()) == [post["id"]]


async def test_one_follower_less_does_not_bring_a_pulled_author_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_thresholds(world, monkeypatch, Thresholds(hybrid_followers=3, pull_followers=3))
    star, fans = await star_with_fans(world, 3)
    for remaining, expected in ((3, PULLED), (2, PULLED), (1, PUSHED)):
        before = chosen(expected)
        post = await star.post(f"for {remaining}")
        await world.settle()
        assert chosen(expected) == before + 1
        for fan in fans[:remaining]:
            assert ids(await fan.home())[0] == post["id"]
        await fans[remaining - 1].relate("unfollow", star)
        await world.settle(periodics=True)


async def test_who_posts_much_is_pulled_until_they_post_less_than_half_and_everyone_finds_every_post_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_thresholds(world, monkeypatch, Thresholds(busy_followers=2, busy_posts=4))
    machine, fans = await star_with_fans(world, 2)
    before = chosen(PULLED_AS_BUSY), chosen(PUSHED)
    posted: list[str] = []

    async def post(number: int) -> None:
        posted[:0] = [(await machine.post(f"reading {len(posted)}"))["id"] for _ in range(number)][::-1]

    async def everybody_has_all() -> None:
        for fan in fans:
            assert ids(await fan.home()) == posted

    await post(4)
    await world.settle()
    await everybody_has_all()
    await post(1)
    await everybody_has_all()  # before any job has run
    await world.settle()
    assert (chosen(PULLED_AS_BUSY), chosen(PUSHED)) == (before[0] + 5, before[1])
    for number, pulled in ((2, True), (1, False)):
        world.clock.move(days=2)
        world.engines.config(Reaches).known.clear()
        before = chosen(PULLED_AS_BUSY), chosen(PUSHED)
        await post(number)
        await world.settle()
        assert (chosen(PULLED_AS_BUSY) - before[0], chosen(PUSHED) - before[1]) == (
            (number, 0) if pulled else (0, number)
        )
        await everybody_has_all()
    for fan in fans:
        assert await homes.read(world.engines.valkey, fan.id) == (packed.WHOLE, [int(posted[0])])


async def test_only_of_larger_authors_more_is_asked_and_that_once_in_a_while(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, _ = await star_with_fans(world, 2)
    post_ids = [int((await ann.post(f"{n}"))["id"]) for n in range(3)]
    for thresholds, expected in ((Thresholds(), [1, 1]), (Thresholds(busy_followers=3), [2, 1])):
        set_thresholds(world, monkeypatch, thresholds)
        for number in expected:
            async with world.counting_statements() as counted:
                await jobs.deliver(world.engines, post_ids)
            assert counted.number == number


async def test_the_share_of_who_comes_is_that_of_a_sample_from_the_oldest_to_the_newest_follower(world: World) -> None:
    star, silent = await world.people("star", "silent")
    db, now = world.engines.db, world.clock.now()
    await db.execute("insert into follows (account_id, target_id) select n, $1 from generate_series(1, 400) n", star.id)
    await db.execute(
        "insert into home_visits (account_id, visited_on) select n, $1 from generate_series(301, 400) n", now.date()
    )
    for _ in range(3):
        await star.post("hello")
    for looked_at in (20, 100, 1_000):
        found = await fanout.reaches(
            db,
            [star.id, silent.id],
            active_since=now.date(),
            looked_at=looked_at,
            posted_since=first_id_at(now),
            posts_max=2,
        )
        assert found == {star.id: (pytest.approx(0.25, abs=0.06), 2, False), silent.id: (1.0, 0, False)}


def set_thresholds(world: World, monkeypatch: pytest.MonkeyPatch, thresholds: Thresholds) -> None:
    monkeypatch.setitem(cast("dict[type, object]", world.engines.configs), Thresholds, thresholds)


async def star_with_fans(world: World, number: int) -> tuple[Person, list[Person]]:
    """An author and followers who all have looked at their home, where nothing is."""
    star, *fans = await world.people("star", *(f"fan{n}" for n in range(number)))
    for fan in fans:
        await fan.follow(star)
    await world.settle(periodics=True)
    for fan in fans:
        assert await fan.home() == []
    return star, fans


def ids(statuses: list[dict[str, str]]) -> list[str]:
    return [status["id"] for status in statuses]


def chosen(choice: Choice) -> float:
    """How often that was chosen, as Prometheus hears of it."""
    labels = {"strategy": choice.strategy.value, "reason": choice.reason.value}
    return REGISTRY.get_sample_value("linnet_fanout_statuses_total", labels) or 0.0


async def merged_authors(world: World) -> list[int]:
    return [row["account_id"] for row in await world.engines.db.rows("select account_id from merged_authors")]
