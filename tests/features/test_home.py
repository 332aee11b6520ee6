"""Stories about home timelines: filling, fan-out by each strategy, loss, paging, rules."""

from typing import cast

import pytest
from prometheus_client import REGISTRY

from linnet.features.timelines import delivery, homes, jobs, packed
from linnet.features.timelines.strategy import Strategy, Thresholds
from linnet.platform.valkey import Valkey
from world import Person, World


def ids(statuses: list[dict[str, str]]) -> list[str]:
    return [status["id"] for status in statuses]


async def page_through(person: Person, limit: int, **params: str) -> list[str]:
    seen: list[str] = []
    url = f"https://linnet.test/api/v1/timelines/home?limit={limit}"
    while url:
        answer = await person.ask("GET", url, params=params or None)
        assert answer.is_success, answer.text
        seen += ids(answer.json())
        url = answer.links.get("next", {}).get("url", "")
    return seen


async def test_followers_find_a_new_post_in_their_home(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    await bob.follow(alice)
    assert await bob.home() == []
    hello = await alice.post("Hello")
    await world.settle()
    assert ids(await bob.home()) == [hello["id"]]
    assert ids(await alice.home()) == [hello["id"]]
    assert await carol.home() == []


async def test_people_see_their_own_post_before_any_job_has_run(world: World) -> None:
    alice = await world.person("alice")
    await alice.home()
    first = await alice.post("me first")
    assert ids(await alice.home()) == [first["id"]]


async def test_following_and_unfollowing_change_the_home(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    old = await alice.post("before you came")
    assert await bob.home() == []
    await bob.follow(alice)
    await world.settle()
    assert ids(await bob.home()) == [old["id"]]
    await bob.relate("unfollow", alice)
    assert await bob.home() == []


@pytest.mark.parametrize("verb", ["block", "mute"])
async def test_silenced_people_leave_the_home_at_once_also_as_reblogged(world: World, verb: str) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    await carol.follow(alice)
    await carol.follow(bob)
    theirs = await alice.post("mine")
    await bob.mark("reblog", theirs)
    other = await bob.post("other")
    await world.settle()
    await carol.home()
    await carol.relate(verb, alice)
    assert ids(await carol.home()) == [other["id"]]


async def test_whoever_blocks_me_leaves_my_home(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await bob.follow(alice)
    await alice.post("bye")
    await world.settle()
    assert len(await bob.home()) == 1
    await alice.relate("block", bob)
    assert await bob.home() == []


async def test_reblogs_show_unless_the_follower_switched_them_off(world: World) -> None:
    alice, bob, carol, dave = await world.people("alice", "bob", "carol", "dave")
    await carol.follow(bob)
    await dave.follow(bob, reblogs=False)
    status = await alice.post("worth it")
    reblog = await bob.mark("reblog", status)
    await world.settle()
    (shown,) = await carol.home()
    assert (shown["id"], shown["reblog"]["id"]) == (reblog["id"], status["id"])
    assert await dave.home() == []


async def test_a_reblog_of_what_is_on_the_page_already_adds_nothing(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    await carol.follow(alice)
    await carol.follow(bob)
    status = await alice.post("once is enough")
    await bob.mark("reblog", status)
    await world.settle()
    assert ids(await carol.home()) == [status["id"]]


async def test_replies_to_strangers_stay_out_and_replies_to_friends_come_in(world: World) -> None:
    alice, bob, carol, dave = await world.people("alice", "bob", "carol", "dave")
    await dave.follow(alice)
    await dave.follow(bob)
    to_friend = await alice.post("@bob hi", in_reply_to_id=(await bob.post("b"))["id"])
    to_stranger = await alice.post("@carol hi", in_reply_to_id=(await carol.post("c"))["id"])
    to_me = await alice.post("@dave hi", in_reply_to_id=(await dave.post("d"))["id"])
    await world.settle()
    shown = ids(await dave.home())
    assert to_friend["id"] in shown
    assert to_me["id"] in shown
    assert to_stranger["id"] not in shown


async def test_private_posts_reach_followers_and_direct_ones_no_home_at_all(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    await bob.follow(alice)
    await carol.follow(alice)
    private = await alice.post("us", visibility="private")
    await alice.post("@bob you", visibility="direct")
    await world.settle()
    for person in (alice, bob, carol):
        assert ids(await person.home()) == [private["id"]]


@pytest.mark.parametrize("strategy", Strategy)
async def test_every_strategy_shows_every_follower_every_post(
    world: World, strategy: Strategy, monkeypatch: pytest.MonkeyPatch
) -> None:
    thresholds = {
        Strategy.PUSH: Thresholds(),
        Strategy.HYBRID: Thresholds(hybrid_followers=1),
        Strategy.PULL: Thresholds(hybrid_followers=1, pull_followers=1),
    }[strategy]
    monkeypatch.setitem(dict_of(world), Thresholds, thresholds)
    star, regular, gone = await world.people("star", "regular", "gone")
    friend = await world.person("friend")
    for fan in (regular, gone):
        await fan.follow(star)
        await fan.follow(friend)
    await world.settle(periodics=True)
    await gone.home()
    world.clock.move(days=30)
    await regular.home()
    expected: list[str] = []
    for n in range(30):
        author = star if n % 3 else friend
        expected.insert(0, (await author.post(f"{author.username} {n}"))["id"])
    await world.settle()
    for fan in (regular, gone):
        assert await page_through(fan, 7) == expected
        first = await fan.home(limit=3, min_id=expected[20])
        assert ids(first) == expected[17:20]
    pushed = await homes.read(world.engines.valkey, regular.id)
    assert pushed is not None
    from_star = sum(1 for i in pushed[1] if str(i) in expected and (29 - expected.index(str(i))) % 3)
    assert from_star == (0 if strategy is Strategy.PULL else 20)


@pytest.mark.parametrize("thresholds", [Thresholds(), Thresholds(hybrid_followers=1)], ids=["push", "hybrid"])
async def test_a_post_is_brought_to_its_followers_in_slices(
    world: World, thresholds: Thresholds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(dict_of(world), Thresholds, thresholds)
    monkeypatch.setattr(jobs, "SLICE", 2)
    star = await world.person("star")
    fans = await world.people("a", "b", "c", "d")
    for fan in fans:
        await fan.follow(star)
    await world.settle(periodics=True)
    for fan in fans:
        assert await fan.home() == []
    post = await star.post("for four")
    await world.settle()
    for fan in fans:
        assert await homes.read(world.engines.valkey, fan.id) == (packed.WHOLE, [int(post["id"])])


def dict_of(world: World) -> dict[type, object]:
    configs = world.engines.configs
    assert isinstance(configs, dict)
    return configs


async def test_homes_come_back_complete_after_valkey_lost_everything(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await bob.follow(alice)
    posted = [(await alice.post(f"{n}"))["id"] for n in range(5)]
    await world.settle()
    before = ids(await bob.home())
    await world.engines.valkey.forget_everything()
    late = await alice.post("right after")
    await world.settle()
    assert ids(await bob.home()) == [late["id"], *before] == [late["id"], *reversed(posted)]


async def test_a_post_that_arrives_while_a_home_is_being_filled_is_not_lost(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await bob.follow(alice)
    first = await alice.post("there already")
    await world.settle()
    valkey = world.engines.valkey
    token = await homes.begin_filling(valkey, bob.id)
    assert token is not None
    meanwhile = await alice.post("in between")
    await world.settle()
    await homes.put_under(valkey, bob.id, token, packed.pack([packed.WHOLE, int(first["id"])]))
    assert await homes.read(valkey, bob.id) == (packed.WHOLE, [int(meanwhile["id"]), int(first["id"])])


async def test_a_filling_that_was_overtaken_changes_nothing(world: World) -> None:
    valkey = world.engines.valkey
    old = await homes.begin_filling(valkey, 7)
    assert old is not None
    assert await homes.begin_filling(valkey, 7) is None
    await homes.forget(valkey, [7])
    new = await homes.begin_filling(valkey, 7)
    assert new is not None
    await homes.put_under(valkey, 7, old, packed.pack([packed.WHOLE, 1, 2]))
    assert await homes.read(valkey, 7) is None
    await homes.put_under(valkey, 7, new, packed.pack([packed.WHOLE, 9]))
    assert await homes.read(valkey, 7) == (packed.WHOLE, [9])


@pytest.mark.parametrize("reader_id", [5, 117_663_510_386_966_545], ids=["by bucket", "all at once"])
async def test_a_home_that_grows_too_long_is_cut_back_and_says_where(world: World, reader_id: int) -> None:
    valkey = world.engines.valkey
    token = await homes.begin_filling(valkey, reader_id)
    assert token is not None
    start = 1 << 40
    await homes.put_under(valkey, reader_id, token, packed.pack([packed.WHOLE, *range(start, start + 1200)]))
    await delivery.append(valkey, start + 1200, [reader_id])
    await delivery.append(valkey, start + 1200, [reader_id])
    found = await homes.read(valkey, reader_id)
    assert found is not None
    floor, kept = found
    assert kept == list(range(start + 1200, start + 1200 - homes.HOME_KEPT, -1))
    assert floor == kept[-1]


@pytest.mark.parametrize("moved", [0, 399, 400, 401, 900], ids=lambda moved: f"the newest came as number {moved}")
async def test_whatever_order_statuses_came_in_nothing_at_or_above_the_floor_is_lost(world: World, moved: int) -> None:
    valkey, reader_id = world.engines.valkey, 117_663_510_386_966_545
    token = await homes.begin_filling(valkey, reader_id)
    assert token is not None
    await homes.put_under(valkey, reader_id, token, packed.pack([packed.WHOLE]))
    came = list(range(1 << 40, (1 << 40) + homes.HOME_LENGTH_MAX + 1))
    came.insert(moved, came.pop())
    for at in range(0, len(came), 200):
        await valkey.wire.call("EXPIRE", homes.key_of(reader_id), 1000)
        await delivery.append_each(valkey, [(i, [reader_id]) for i in came[at : at + 200]])
    assert 900 < await valkey.wire.call("TTL", homes.key_of(reader_id)) <= 1000, "it is readers who keep a home alive"
    found = await homes.read(valkey, reader_id)
    assert found is not None
    floor, kept = found
    assert [i for i in kept if i >= floor] == sorted((i for i in came if i >= floor), reverse=True)
    assert len([i for i in kept if i >= floor]) >= homes.HOME_KEPT - 1


async def test_a_home_being_filled_is_not_cut_back(world: World) -> None:
    valkey, reader_id = world.engines.valkey, 117_663_510_386_966_545
    token = await homes.begin_filling(valkey, reader_id)
    assert token is not None
    came = [(1 << 40) + n for n in range(homes.HOME_LENGTH_MAX + 2)]
    await delivery.append_each(valkey, [(i, [reader_id]) for i in came])
    await homes.put_under(valkey, reader_id, token, packed.pack([packed.WHOLE, 5]))
    assert await homes.read(valkey, reader_id) == (packed.WHOLE, [*reversed(came), 5])


async def test_many_homes_are_written_to_in_few_calls_and_only_those_that_exist(world: World) -> None:
    valkey, first = world.engines.valkey, 117_663_510_386_966_545
    readers = [first + n * 7919 for n in range(2_500)]
    living = readers[::3]
    for reader in living:
        await valkey.put(homes.key_of(reader), packed.pack([packed.WHOLE, 7]), expires_s=60)
    assert await delivery.append_each(valkey, [(8, readers), (9, readers[:300]), (10, [])]) == len(living) + 100
    for reader in readers:
        found = await homes.read(valkey, reader)
        written = [9, 8, 7] if reader in readers[:300] else [8, 7]
        assert found == ((packed.WHOLE, written) if reader in living else None)


async def test_a_server_measures_how_long_its_posts_take(world: World) -> None:
    def measured(name: str, **labels: str) -> float:
        return REGISTRY.get_sample_value(name, labels) or 0.0

    objective = {"strategy": "push", "objective": "yes"}
    ann, bob, _ = await world.people("ann", "bob", "cleo")
    await bob.follow(ann)
    await world.settle()
    await bob.home()
    before = measured("linnet_fanout_deliveries_total"), measured("linnet_fanout_lag_seconds_count", **objective)
    await ann.post("on its way")
    world.clock.move(seconds=3)
    await world.settle()
    assert measured("linnet_fanout_deliveries_total") == before[0] + 1  # Ann has never looked at her own home
    assert measured("linnet_fanout_lag_seconds_count", **objective) == before[1] + 1
    assert measured("linnet_fanout_lag_seconds_sum", **objective) >= 3


async def test_a_post_is_measured_once_however_it_goes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ann, bob = await world.people("ann", "bob")
    await bob.follow(ann)
    await world.settle()
    await bob.home()
    for thresholds, strategy in (
        (Thresholds(), "push"),
        (Thresholds(hybrid_followers=1), "hybrid"),
        (Thresholds(hybrid_followers=1, pull_followers=1), "pull"),
    ):
        monkeypatch.setitem(cast("dict[type, object]", world.engines.configs), Thresholds, thresholds)
        await world.settle(periodics=True)
        labels = {"strategy": strategy, "objective": "yes"}
        before = REGISTRY.get_sample_value("linnet_fanout_lag_seconds_count", labels) or 0.0
        await ann.post(strategy)
        await world.settle()
        assert REGISTRY.get_sample_value("linnet_fanout_lag_seconds_count", labels) == before + 1


async def test_a_home_has_no_bottom(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await bob.follow(alice)
    moment = world.clock.now()
    rows = await world.engines.db.rows(
        """
        insert into statuses (id, account_id, visibility, text, html, thread_id, created_at)
        select snowflake($2::timestamptz - make_interval(mins => n)), $1, 'public', n::text, '<p>x</p>', 0,
            $2 - make_interval(mins => n)
        from generate_series(1, 1000) n returning id
        """,
        alice.id,
        moment,
    )
    expected = [str(i) for i in sorted((row["id"] for row in rows), reverse=True)]
    assert await page_through(bob, 40) == expected
    floor = await homes.read(world.engines.valkey, bob.id)
    assert floor is not None
    assert len(floor[1]) < 1000
    old = await bob.home(min_id=expected[900], limit=5)
    assert ids(old) == expected[895:900]


async def test_home_answers_without_valkey(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    alice, bob = await world.people("alice", "bob")
    await bob.follow(alice)
    hello = await alice.post("still here")
    await world.settle()
    nobody = Valkey.connect("unix:///nowhere/valkey.sock")
    monkeypatch.setattr(world.engines.valkey, "wire", nobody.wire)
    assert ids(await bob.home()) == [hello["id"]]
    assert ids([await alice.post("and posting works")])
