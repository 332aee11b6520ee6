"""Campaigns: many accounts that say nearly the same, recognised right after they said it; and people who just do."""

import random
from datetime import timedelta
from typing import Any

import pytest

from linnet.features.accounts.models import Role
from linnet.features.moderation import decisions
from linnet.features.moderation.measures import About, Measure, Source
from linnet.features.moderation.models import Reason
from world import Person, World

WORDS = (
    ("The council", "Our mayor", "The city"),
    ("wants to close", "is going to shut", "plans to close"),
    ("the swimming pool", "our swimming pool", "the pool"),
    ("by the river where all of our children have learnt to swim,",),
    ("and nobody was asked about it beforehand.",),
    ("Say no", "Say no to it", "Stop this"),
    ("before Friday!", "until Friday!", "this week!"),
)
THINGS = ("birds", "rain", "tea", "trains", "hills", "soup")
SITES = ("poolvoices.org", "river-and-pool.net", "ourcitypool.com", "savingpools.org", "swimmers-say.net")


def spun(number: int) -> str:
    """One of a campaign's texts."""
    chance = random.Random(number)
    words = " ".join(chance.choice(each) for each in WORDS)
    return f"{words} https://{SITES[number % len(SITES)]}/{chance.randrange(10**6)} {'🔥' * (number % 4)}"


async def old_people(world: World, number: int) -> list[Person]:
    """People who have been here for a month."""
    world.clock.ahead -= timedelta(days=30)
    people = [await world.person() for _ in range(number)]
    world.clock.ahead += timedelta(days=30)
    return people


async def is_seen(world: World, status: Any) -> bool:
    return (await world.get(f"/api/v1/statuses/{status['id']}")).status_code == 200


async def test_a_campaign_of_new_accounts_is_held_with_its_first_posts(world: World) -> None:
    [bystander] = await old_people(world, 1)
    innocent = await bystander.post(
        "They close the pool by the river? Our children swim there every Friday, and I will miss it"
    )
    bots = [await world.person() for _ in range(12)]
    posts = [await bot.post(spun(number)) for number, bot in enumerate(bots)]
    await world.settle()
    assert [await is_seen(world, post) for post in posts] == [False] * 12
    assert await is_seen(world, innocent)
    found = await decisions.of_subjects(world.engines.db, About.STATUS, [int(post["id"]) for post in posts])
    after = {status_id: one.ruling for status_id, one in found.items() if one.ruling.source is Source.AFTER}
    assert len(after) == 12
    status_id, ruling = next(iter(after.items()))
    assert ruling.measure is Measure.HOLD
    assert [one.reason for one in ruling.findings] == [Reason.CAMPAIGN]
    author = next(bot for bot, post in zip(bots, posts, strict=True) if int(post["id"]) == status_id)
    told = (await author.get(f"/api/v1/statuses/{status_id}"))["moderation"]
    assert told["withheld"] is True
    assert "many accounts" in str(told)


async def test_who_says_the_same_again_and_again_is_warned_and_then_stopped(world: World) -> None:
    alice = await world.person("alice")
    text = "Come and see my new paintings at the harbour this weekend"
    for _ in range(3):
        await alice.post(text + "!")
    warned = await alice.ask("POST", "/api/v1/statuses", json={"status": text})
    assert warned.status_code == 422
    assert "the same text as in other posts of yours" in warned.json()["error"]
    assert "send it again as it is" in warned.json()["error"]
    assert (await alice.ask("POST", "/api/v1/statuses", json={"status": text})).status_code == 200
    for _ in range(5):
        await alice.ask("POST", "/api/v1/statuses", json={"status": text + "!!"})
    stopped = await alice.ask("POST", "/api/v1/statuses", json={"status": text + " …"})
    assert stopped.status_code == 422
    assert "was not published" in stopped.json()["error"]
    assert (await alice.ask("POST", "/api/v1/statuses", json={"status": "Something else, then"})).status_code == 200


async def test_answers_may_be_short_and_the_same(world: World) -> None:
    alice = await world.person("alice")
    for _ in range(5):
        await alice.post("Thank you!")


async def test_automatic_posts_of_many_people_are_left_alone(world: World) -> None:
    people = await old_people(world, 16)
    posts = [
        await person.post(f"I just finished a {number}.2 km run with the app of my club https://bit.ly/4v6nv{number}")
        for number, person in enumerate(people)
    ]
    await world.settle()
    assert all([await is_seen(world, post) for post in posts])
    assert await world.engines.db.value("select count(*) from campaigns") == 0


@pytest.mark.parametrize(
    "text",
    [
        "Good morning everybody!",
        "yes",
        "Happy new year to all of you",
        "The best way to predict the future is to invent it. Alan Kay",
        "Central bank raises interest rates by half a point https://www.reuters.com/markets/rates-2026-11-30/",
    ],
)
async def test_people_who_say_the_same_are_left_alone(world: World, text: str) -> None:
    people = [*await old_people(world, 11), *(await world.people("newcomer"))]
    posts = [await person.post(text) for person in people]
    await world.settle()
    assert all([await is_seen(world, post) for post in posts])
    assert await world.engines.db.value("select count(*) from campaigns") == 0
    assert await world.engines.db.value("select count(*) from jobs where name = 'statuses.look_at_alike'") == 0


async def test_whose_words_a_campaign_copied_is_left_alone(world: World) -> None:
    [author] = await old_people(world, 1)
    original = await author.post(
        "I lost my dog Balu yesterday near the old bridge, brown, very shy, please call if seen"
    )
    bots = [await world.person() for _ in range(12)]
    posts = [
        await bot.post(
            "I lost my dog Balu yesterday near the old bridge, brown, very shy, please call if seen "
            f"https://{SITES[number % 5]}/{number}"
        )
        for number, bot in enumerate(bots)
    ]
    await world.settle()
    assert not any([await is_seen(world, post) for post in posts])
    assert await is_seen(world, original)


async def test_a_campaign_goes_on_being_known_when_valkey_is_wiped(world: World) -> None:
    bots = [await world.person() for _ in range(14)]
    posts = [await bot.post(spun(number)) for number, bot in enumerate(bots[:8])]
    await world.settle()
    await world.engines.valkey.forget_everything()
    posts += [await bot.post(spun(number)) for number, bot in enumerate(bots[8:], 8)]
    await world.settle()
    assert not any([await is_seen(world, post) for post in posts])
    assert await world.engines.db.value("select count(*) from campaigns") == 1


async def test_ordinary_posts_leave_no_work_behind(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    for number in range(6):
        await alice.post(f"Thought number {number} of today is about {THINGS[number]}")
        await bob.post("yes")
    await world.settle()
    assert await world.engines.db.value("select count(*) from campaigns") == 0


async def test_a_moderator_says_that_a_campaign_is_none_and_its_posts_come_back(world: World) -> None:
    moderator = await world.person(
        "moderator", role=Role.MODERATOR, scopes=("read", "write", "admin:read", "admin:write")
    )
    people = [await world.person() for _ in range(14)]
    posts = [await one.post(spun(number)) for number, one in enumerate(people[:12])]
    await world.settle()
    posts.append(await people[12].post(spun(12)))
    assert not any([await is_seen(world, post) for post in posts])
    [campaign] = await moderator.get("/api/v1/admin/campaigns")
    assert campaign["evidence"]["authors"] >= 4
    assert campaign["score"] >= 0.8
    lifted = await moderator.do("POST", f"/api/v1/admin/campaigns/{campaign['id']}/lift")
    assert lifted["lifted_by_account_id"] == str(moderator.id)
    await world.settle()
    assert all([await is_seen(world, post) for post in posts])
    again = await people[13].post(spun(13))
    await world.settle()
    assert await is_seen(world, again)
    assert len(await moderator.get("/api/v1/admin/campaigns")) == 1
