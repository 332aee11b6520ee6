"""How much one person may do in a while: by tier, exactly, whichever way they come in, and told in words."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
import pytest_asyncio

from attached import upload
from linnet.features.moderation import rates, standings
from linnet.features.moderation.rates import Act, RateRules, in_words
from linnet.features.moderation.standing import What
from linnet.features.statuses.tallies import tally
from linnet.platform.embedded import EmbeddedEngines
from linnet.platform.valkey import Valkey
from world import Person, World, open_world

SETTINGS = {
    "rate_limits": True,
    "rate_limit_token": 10_000,
    "rate_limit_account": 10_000,
    "rate_posts": "5/10/15/2 in 3h",
    "rate_follows": "2/3/4/1 in 1d",
    "rate_strangers": "2/4/6/1 in 1d",
    "rate_messages": "3/6/9/1 in 1h",
    "rate_links": "3/5/7/0 in 1d",
    "rate_media": "2/4/6/1 in 1d",
}


@pytest_asyncio.fixture
async def world(servers: EmbeddedEngines) -> AsyncIterator[World]:
    async with open_world(servers.database_url, servers.valkey_url, **SETTINGS) as opened:
        await opened.clear()
        yield opened


@pytest_asyncio.fixture
async def elsewhere(servers: EmbeddedEngines, world: World) -> AsyncIterator[World]:
    """Another API process on the same engines."""
    async with open_world(servers.database_url, servers.valkey_url, **SETTINGS) as other:
        other.clock.ahead = world.clock.ahead
        yield other


async def post(person: Person, text: str = "Hello", **more: Any) -> httpx.Response:
    return await person.ask("POST", "/api/v1/statuses", json={"status": text, **more})


async def follow(person: Person, other: Person) -> httpx.Response:
    return await person.ask("POST", f"/api/v1/accounts/{other.id}/follow")


async def write(person: Person, *others: Person, text: str = "Hello") -> httpx.Response:
    body = {"text": text, "account_ids": [str(other.id) for other in others]}
    return await person.ask("POST", "/api/v1/messages/threads", json=body)


async def happen(world: World, person: Person, what: What, times: int) -> None:
    async with world.engines.transaction() as tx:
        await standings.note(tx, person.id, what, world.engines.clock.now(), times=times)


def refused(answer: httpx.Response) -> tuple[str, int]:
    """The sentence of an answer of 429, and in how many seconds to come back."""
    assert answer.status_code == 429, answer.text
    assert answer.json()["error_code"] == "too_often"
    return answer.json()["error"], int(answer.headers["retry-after"])


async def test_of_many_posts_at_once_in_two_processes_exactly_as_many_get_through_as_one_may(
    world: World, elsewhere: World
) -> None:
    alice = await world.person("alice")
    world.clock.move(days=4)  # alice is not new any more, and may post 10 times
    elsewhere.clock.ahead = world.clock.ahead
    there = replace(alice, world=elsewhere)
    answers = await asyncio.gather(*(post(one, f"Post {number}") for number in range(40) for one in (alice, there)))
    assert Counter(answer.status_code for answer in answers) == {200: 10, 429: 70}
    assert await world.engines.db.value("select count(*) from statuses") == 10
    assert {refused(answer)[0].partition(".")[0] for answer in answers if answer.status_code == 429} == {
        "You may post or boost 10 times within 3 hours, and this would be more"
    }


async def test_all_kinds_are_counted_exactly_when_they_come_together(world: World, elsewhere: World) -> None:
    """Posts of two links each: the third would have six links, of which five are allowed."""
    alice = await world.person("alice")
    world.clock.move(days=4)
    elsewhere.clock.ahead = world.clock.ahead
    there = replace(alice, world=elsewhere)
    text = "https://a.example.org/ and https://b.example.org/"
    answers = await asyncio.gather(*(post(one, text) for _ in range(10) for one in (alice, there)))
    assert Counter(answer.status_code for answer in answers) == {200: 2, 429: 18}
    # what was refused for its links counts as no post either
    answers = await asyncio.gather(*(post(one) for _ in range(10) for one in (alice, there)))
    assert Counter(answer.status_code for answer in answers) == {200: 8, 429: 12}


async def test_limits_go_by_tier(world: World) -> None:
    alice, bob = await world.people("alice", "bob")

    async def posts() -> tuple[int, str]:
        """How many posts get through in a row, and what is said of the next one."""
        for number in range(20):
            answer = await post(alice)
            if answer.status_code == 429:
                return number, refused(answer)[0]
        raise AssertionError("there is a limit")

    assert (await posts()) == (
        5,
        "New members may post or boost 5 times within 3 hours, and this would be more. Try again in 3 hours.",
    )
    world.clock.move(days=4)
    assert (await posts())[0] == 10
    await happen(world, alice, What.POSTED, 500)
    world.clock.move(days=100)
    assert (await posts())[0] == 15
    world.clock.move(hours=4)
    await happen(world, alice, What.STRIKE, 5)
    assert await posts() == (
        2,
        (
            "After what was found in your posts lately, you may post or boost 2 times within 3 hours, and this would "
            "be more. Try again in 3 hours."
        ),
    )
    world.clock.move(days=90)  # and time heals
    assert (await posts())[0] == 10
    assert (await post(bob)).status_code == 200, "everybody is counted for themselves"


async def test_whoever_comes_back_when_told_to_may_do_one_more_for_each_that_has_passed(world: World) -> None:
    alice = await world.person("alice")
    for _ in range(4):
        assert (await post(alice)).is_success
    world.clock.move(hours=1)
    assert (await post(alice)).is_success
    _, retry_after_s = refused(await post(alice))
    assert 2 * 3600 - 60 < retry_after_s <= 2 * 3600
    world.clock.move(seconds=retry_after_s - 30)
    refused(await post(alice))
    world.clock.move(seconds=31)
    answers = [(await post(alice)).status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429], "four have passed, and one is an hour younger"


async def test_a_request_that_is_repeated_counts_once_and_one_that_is_refused_not_at_all(world: World) -> None:
    alice = await world.person("alice")
    key = {"Idempotency-Key": "one and the same"}
    body = {"status": "Hello"}
    again = [
        alice.ask("POST", "/api/v1/statuses", json=body, headers=key)
        for _ in range(8)
    ]  # fmt: skip
    assert {answer.status_code for answer in await asyncio.gather(*again)} <= {200, 429}
    assert (await alice.ask("POST", "/api/v1/statuses", json=body, headers=key)).is_success
    for _ in range(8):
        assert (await post(alice, "")).status_code == 422
    assert [(await post(alice)).status_code for _ in range(5)] == [200, 200, 200, 200, 429]


async def test_boosts_count_as_posts_and_the_same_boost_once(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    statuses = [(await post(bob)).json() for _ in range(5)]
    for one in (*statuses[:4], statuses[0]):
        assert (await alice.ask("POST", f"/api/v1/statuses/{one['id']}/reblog")).is_success
    assert (await post(alice)).is_success
    refused(await alice.ask("POST", f"/api/v1/statuses/{statuses[4]['id']}/reblog"))
    assert (await alice.get(f"/api/v1/statuses/{statuses[4]['id']}"))["reblogs_count"] == 0


async def test_follows_are_counted_and_asking_to_follow_as_well(world: World) -> None:
    alice, bob, carol, dan = await world.people("alice", "bob", "carol", "dan")
    await carol.do("PATCH", "/api/v1/accounts/update_credentials", locked=True)
    for other in (bob, carol, bob):
        assert (await follow(alice, other)).is_success
    said, retry_after_s = refused(await follow(alice, dan))
    assert said == "New members may follow 2 people within a day, and this would be more. Try again in a day."
    assert 86_000 < retry_after_s <= 86_400
    assert (await alice.relate("unfollow", bob))["following"] is False
    refused(await follow(alice, bob))
    assert not (await alice.get("/api/v1/accounts/relationships", id=dan.id))[0]["following"]


async def test_strangers_are_counted_but_neither_followers_nor_who_spoke_to_one(world: World) -> None:
    alice, bob, carol, dan, erin = await world.people("alice", "bob", "carol", "dan", "erin")
    assert (await follow(bob, alice)).is_success
    spoken = (await post(carol, "@alice What do you think?")).json()
    assert (await post(alice, "@carol I think so", in_reply_to_id=spoken["id"])).is_success
    assert (await post(alice, "@bob @alice Hello")).is_success
    assert (await post(alice, "@dan Hello")).is_success
    said, _ = refused(await post(alice, "@dan @erin Hello"))
    assert said.startswith("New members may mention or write to 2 people who did not choose to hear of it within a day")
    quiet = (await post(alice, "Hello")).json()
    refused(await alice.ask("PUT", f"/api/v1/statuses/{quiet['id']}", json={"status": "Hello @dan @erin"}))
    assert (await post(alice, f"@{erin.username} Hello")).is_success
    refused(await write(alice, dan))


async def test_messages_are_counted_but_not_notes_to_oneself(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    assert (await follow(bob, alice)).is_success
    for _ in range(3):
        assert (await write(alice, bob)).is_success
    said, _ = refused(await write(alice, bob))
    assert said.startswith("New members may send 3 private messages within an hour, and this would be more.")
    refused(await post(alice, "@bob Hello", visibility="direct"))
    assert (await post(alice, "Buy milk", visibility="direct")).is_success
    world.clock.move(hours=1, seconds=1)
    assert (await post(alice, "@bob Hello", visibility="direct")).is_success


async def test_links_are_counted_wherever_they_are(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    assert (await follow(bob, alice)).is_success
    said = (await post(alice, "https://a.example.org/")).json()
    assert (await write(alice, bob, text="https://b.example.org/")).is_success
    edit = {"status": "https://a.example.org/ https://b.example.org/ https://c.example.org/"}
    refused(await alice.ask("PUT", f"/api/v1/statuses/{said['id']}", json=edit))
    edit = {"status": "https://a.example.org/ https://b.example.org/"}
    assert (await alice.ask("PUT", f"/api/v1/statuses/{said['id']}", json=edit)).is_success
    refused(await write(alice, bob, text="https://b.example.org/"))
    assert (await post(alice, "No link")).is_success
    words, _ = refused(await post(bob, " ".join(f"https://{name}.example.org/" for name in "abcdef")))
    assert words == "New members may share 3 links within a day, and this alone has 6."


async def test_media_are_counted_when_they_are_shown(world: World) -> None:
    alice = await world.person("alice")
    pictures = [await upload(alice) for _ in range(3)]
    assert (await post(alice, media_ids=pictures[:2])).is_success
    said, _ = refused(await post(alice, media_ids=pictures[2:]))
    assert said.startswith("New members may share 2 pictures, videos and sounds within a day")


async def test_a_post_for_later_that_is_too_much_is_posted_as_soon_as_it_may_be(world: World) -> None:
    alice = await world.person("alice")
    at = (world.clock.now() + rates.HOUR).isoformat()
    assert (await post(alice, "For later", scheduled_at=at)).is_success
    world.clock.move(minutes=50)
    for _ in range(5):
        assert (await post(alice)).is_success
    world.clock.move(minutes=15)
    await world.settle(periodics=True)
    await world.settle()
    assert [one["params"]["text"] for one in await alice.get("/api/v1/scheduled_statuses")] == ["For later"]
    world.clock.move(hours=3)
    await _run_ahead(world)
    assert await alice.get("/api/v1/scheduled_statuses") == []
    assert (await alice.get(f"/api/v1/accounts/{alice.id}/statuses"))[0]["content"] == "<p>For later</p>"


async def test_an_import_goes_on_as_its_owner_may(world: World) -> None:
    alice, *others = await world.people("alice", "bob", "carol", "dan", "erin", "frank")
    rows = "Account address\n" + "".join(f"{one.username}@linnet.test\n" for one in others)
    file = {"data": ("following.csv", rows.encode(), "text/csv")}
    assert (await alice.ask("POST", "/api/v1/imports", data={"type": "following"}, files=file)).is_success
    await world.settle()
    assert (await alice.get("/api/v1/accounts/verify_credentials"))["following_count"] in {0, 2}
    assert len(await alice.get(f"/api/v1/accounts/{alice.id}/following")) == 2
    (brought,) = await alice.get("/api/v1/imports")
    assert brought["state"] == "running"
    world.clock.move(days=1, seconds=1)
    await _run_ahead(world)
    assert len(await alice.get(f"/api/v1/accounts/{alice.id}/following")) == 4
    world.clock.move(days=5)  # not new any more: three a day
    await _run_ahead(world)
    assert len(await alice.get(f"/api/v1/accounts/{alice.id}/following")) == 5
    (brought,) = await alice.get("/api/v1/imports")
    assert brought["state"] == "finished"


async def _run_ahead(world: World) -> None:
    """Let jobs that wait for a moment by PostgreSQL's clock come, as the test's clock has moved past it."""
    await world.engines.db.execute("update jobs set run_at = now() where run_at > now()")
    await world.settle()


async def test_nobody_is_held_back_while_valkey_is_away(world: World) -> None:
    alice = await world.person("alice")
    nowhere = Valkey.connect("unix:///nonexistent/valkey.sock")
    away = replace(world.engines, valkey=nowhere)
    assert [await rates.spend(away, alice.id, {Act.POSTS: 1}) for _ in range(10)] == [None] * 10
    await nowhere.close()


async def test_where_there_are_no_limits_nothing_is_counted(world: World) -> None:
    alice = await world.person("alice")
    rules = replace(world.engines.config(RateRules), are_on=False)
    engines = replace(world.engines, configs={**world.engines.configs, RateRules: rules})
    assert [await rates.spend(engines, alice.id, {Act.POSTS: 1}) for _ in range(10)] == [None] * 10


async def test_what_is_counted_expires_and_never_grows_beyond_its_limit(world: World) -> None:
    alice = await world.person("alice")
    for _ in range(3):
        for _ in range(8):
            await post(alice, "https://a.example.org/")
        world.clock.move(days=1, hours=1)
    wire = world.engines.valkey.wire
    lives = {key: await wire.call("PTTL", key) for key in await wire.call("KEYS", "rate:*")}
    assert len(lives) == 2
    assert all(0 < life_ms <= 86_400_000 for life_ms in lives.values())
    assert max([await wire.call("LLEN", key) for key in lives]) <= 5


async def test_what_a_person_posted_makes_them_trusted_in_time(world: World, elsewhere: World) -> None:
    """The whole way: posts are counted, a reputation grows, and with it what one may do."""
    alice = await world.person("alice")
    for _ in range(10):
        for _ in range(5):
            assert (await post(alice)).is_success
        world.clock.move(hours=4)
        await tally(world.engines)
    world.clock.move(days=110)
    elsewhere.clock.ahead = world.clock.ahead
    alice = replace(alice, world=elsewhere)  # to a process that has not asked before the posts were counted
    assert [(await post(alice)).status_code for _ in range(16)] == [200] * 15 + [429]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "a second"), (40, "40 seconds"), (60, "a minute"), (61, "2 minutes"), (3_600, "an hour"), (7_199, "2 hours"),
     (86_400, "a day"), (86_401, "2 days")],
)  # fmt: skip
def test_a_wait_is_said_as_people_say_it(seconds: int, words: str) -> None:
    assert in_words(seconds) == words
