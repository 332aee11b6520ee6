"""What happens when people do things to one status at the same moment: one comes first, and every count is right."""

import asyncio
from collections.abc import Awaitable
from random import Random
from typing import Any

import httpx
import pytest

from linnet.features.statuses.models import PINS_MAX
from world import Person, World

RECOUNTED = """
    with live as (select * from statuses where deleted_at is null)
    select s.id,
        (select count(*) from live r where r.in_reply_to_id = s.id) as replies,
        (select count(*) from live r where r.reblog_of_id = s.id) as reblogs,
        (select count(*) from favourites f where f.status_id = s.id) as favourites,
        (select count(*) from live r where r.quote_of_id = s.id) as quotes
    from live s where s.reblog_of_id is null order by s.id
"""
COUNTED = """
    select s.id, coalesce(c.replies, 0) as replies, coalesce(c.reblogs, 0) as reblogs,
        coalesce(c.favourites, 0) as favourites, coalesce(c.quotes, 0) as quotes
    from statuses s left join status_counters c on c.status_id = s.id
    where s.deleted_at is null and s.reblog_of_id is null order by s.id
"""


def deleting(person: Person, status: Any) -> Awaitable[httpx.Response]:
    return person.ask("DELETE", f"/api/v1/statuses/{status['id']}")


def marking(person: Person, verb: str, status: Any) -> Awaitable[httpx.Response]:
    return person.ask("POST", f"/api/v1/statuses/{status['id']}/{verb}")


@pytest.mark.parametrize("number", range(3))
async def test_counts_equal_a_recount_after_everybody_did_everything_at_once(world: World, number: int) -> None:
    random = Random(number)
    people = await world.people("ann", "ben", "cleo", "dan")
    statuses = [await random.choice(people).post(f"no {n}") for n in range(6)]
    for _ in range(4):
        asked = [_something(random, people, statuses) for _ in range(12)]
        answers = await asyncio.gather(*asked)
        assert {answer.status_code for answer in answers} <= {200, 404}
        await world.settle()
    await world.settle(periodics=True)
    db = world.engines.db
    assert await db.rows(COUNTED) == await db.rows(RECOUNTED)
    for person in people:
        mine = await db.value("select count(*) from statuses where account_id = $1 and deleted_at is null", person.id)
        assert (await person.get(f"/api/v1/accounts/{person.id}"))["statuses_count"] == mine
    orphans = (
        "select count(*) from {} x join statuses s on s.id = x.{} where x.deleted_at is null and s.deleted_at < now()"
    )
    assert await db.value(orphans.format("statuses", "reblog_of_id")) == 0


def _something(random: Random, people: list[Person], statuses: list[Any]) -> Awaitable[httpx.Response]:
    person, status = random.choice(people), random.choice(statuses)
    verb = random.choice(
        ("favourite", "favourite", "unfavourite", "reblog", "reblog", "unreblog", "reply", "quote", "delete")
    )
    if verb == "delete":
        owner = next(one for one in people if str(one.id) == status["account"]["id"])
        return deleting(owner, status) if random.random() < 0.4 else marking(person, "reblog", status)
    if verb in {"reply", "quote"}:
        name = "in_reply_to_id" if verb == "reply" else "quoted_status_id"
        return person.ask("POST", "/api/v1/statuses", json={"status": verb, name: status["id"]})
    return marking(person, verb, status)


async def test_a_deleted_status_keeps_no_reblog_and_no_mark_made_at_the_same_moment(world: World) -> None:
    alice, *others = await world.people("alice", "bob", "carol", "dan")
    for _ in range(8):
        status = await alice.post("going, going")
        moves = [marking(one, verb, status) for one in others for verb in ("reblog", "favourite", "bookmark")]
        await asyncio.gather(*moves[:5], deleting(alice, status), *moves[5:])
    await world.settle(periodics=True)
    for table in ("favourites", "bookmarks"):
        assert await world.engines.db.value(f"select count(*) from {table}") == 0
    for person in others:
        assert await person.get(f"/api/v1/accounts/{person.id}/statuses") == []
        assert (await person.get(f"/api/v1/accounts/{person.id}"))["statuses_count"] == 0


async def test_a_status_deleted_while_it_is_pinned_takes_no_place_among_the_pins(world: World) -> None:
    alice = await world.person("alice")
    for _ in range(12):
        status = await alice.post("look at me")
        await asyncio.gather(marking(alice, "pin", status), deleting(alice, status))
    kept = [await alice.post(f"kept {n}") for n in range(PINS_MAX)]
    for status in kept:
        assert (await alice.mark("pin", status))["pinned"] is True


async def test_a_status_can_be_deleted_once(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    parent = await bob.post("question")
    answer = await alice.post("answer", in_reply_to_id=parent["id"])
    answers = await asyncio.gather(*(deleting(alice, answer) for _ in range(4)))
    assert sorted(one.status_code for one in answers) == [200, 404, 404, 404]
    await world.settle(periodics=True)
    assert (await bob.get(f"/api/v1/statuses/{parent['id']}"))["replies_count"] == 0
    assert (await alice.get(f"/api/v1/accounts/{alice.id}"))["statuses_count"] == 0


async def test_a_reblog_taken_back_while_its_original_is_deleted_is_counted_back_once(world: World) -> None:
    alice, *others = await world.people("alice", "bob", "carol", "dan")
    for _ in range(5):
        status = await alice.post("brief")
        for person in others:
            await person.mark("reblog", status)
        await deleting(alice, status)
        reblogs = await world.engines.db.rows(
            "select id, account_id from statuses where reblog_of_id = $1", int(status["id"])
        )
        owners = {person.id: person for person in others}
        await asyncio.gather(
            world.settle(), *(deleting(owners[row["account_id"]], {"id": row["id"]}) for row in reblogs)
        )
    await world.settle(periodics=True)
    for person in others:
        count = await world.engines.db.value("select statuses from account_counters where account_id = $1", person.id)
        assert count == 0


async def test_an_edit_and_a_deletion_at_the_same_moment_leave_no_words_behind(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    for _ in range(8):
        status = await alice.post("first #one @bob")
        path = f"/api/v1/statuses/{status['id']}"
        edited, deleted = await asyncio.gather(
            alice.ask("PUT", path, json={"status": "second #two @bob"}), deleting(alice, status)
        )
        assert deleted.status_code == 200
        assert edited.status_code in {200, 404}
    await world.settle(periodics=True)
    left = await world.engines.db.rows(
        """
        select (select count(*) from mentions), (select count(*) from status_tags), (select count(*) from status_edits),
            (select count(*) from statuses where text <> '' or html <> ''), (select count(*) from notifications)
        """
    )
    assert [tuple(row) for row in left] == [(0, 0, 0, 0, 0)]
    assert await bob.get("/api/v1/notifications") == []


async def test_two_edits_at_the_same_moment_follow_one_another(world: World) -> None:
    alice = await world.person("alice")
    status = await alice.post("zero")
    path = f"/api/v1/statuses/{status['id']}"
    await asyncio.gather(*(alice.ask("PUT", path, json={"status": f"no {n}"}) for n in range(5)))
    history = [version["content"] for version in await alice.get(f"{path}/history")]
    assert history[0] == "<p>zero</p>"
    assert sorted(history[1:]) == [f"<p>no {n}</p>" for n in range(5)]
