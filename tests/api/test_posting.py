"""Stories about the moment of posting: once for each idempotency key, and as its author has chosen."""

import asyncio

import pytest

from linnet.features.statuses import blanks
from world import World


async def test_a_repeated_idempotency_key_gives_the_same_status_even_at_the_same_moment(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    key = {"Idempotency-Key": "k-1"}
    answers = await asyncio.gather(
        *(alice.ask("POST", "/api/v1/statuses", json={"status": "once"}, headers=key) for _ in range(5))
    )
    assert {a.status_code for a in answers} == {200}
    assert len({a.json()["id"] for a in answers}) == 1
    assert len(await alice.get(f"/api/v1/accounts/{alice.id}/statuses")) == 1
    other = await bob.ask("POST", "/api/v1/statuses", json={"status": "mine"}, headers=key)
    assert other.json()["id"] != answers[0].json()["id"]
    world.clock.move(minutes=61)
    later = await alice.ask("POST", "/api/v1/statuses", json={"status": "again"}, headers=key)
    assert later.json()["id"] != answers[0].json()["id"]


async def test_a_key_gives_its_status_even_when_what_that_answered_is_gone(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    question = await bob.post("a question")
    answer = {"status": "an answer", "in_reply_to_id": question["id"]}
    key = {"Idempotency-Key": "k-1"}
    first = await alice.ask("POST", "/api/v1/statuses", json=answer, headers=key)
    await bob.ask("DELETE", f"/api/v1/statuses/{question['id']}")
    again = await alice.ask("POST", "/api/v1/statuses", json=answer, headers=key)
    assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])
    assert (await alice.ask("POST", "/api/v1/statuses", json=answer)).status_code == 404


async def test_a_busy_server_begins_posts_without_asking_and_forgets_no_choice_and_no_key(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blanks, "STOCK_LIFE_S", 60.0)  # the machine of a test may be slow
    alice, bob, carol = await world.people("alice", "bob", "carol")
    people = (alice, bob, carol)

    async def all_post(text: str) -> None:
        await asyncio.gather(*(one.post(f"{text} {n} of {one.username}") for n in range(2) for one in people))

    await all_post("known")
    async with world.counting_statements() as usual:
        await alice.post("with what is at hand")
    await all_post("again")
    await alice.ask("PATCH", "/api/v1/accounts/update_credentials", json={"source": {"privacy": "unlisted"}})
    await bob.ask("POST", f"/api/v1/accounts/{carol.id}/follow", json={"notify": True})
    await world.settle()
    await all_post("meanwhile")
    assert (await alice.post("as chosen"))["visibility"] == "unlisted"
    mine = await carol.post("for those who asked")
    await world.settle()
    assert mine["id"] in [one["status"]["id"] for one in await bob.get("/api/v1/notifications")]
    key = {"Idempotency-Key": "k-1"}
    answers = [await bob.ask("POST", "/api/v1/statuses", json={"status": "once"}, headers=key) for _ in range(3)]
    assert len({a.json()["id"] for a in answers}) == 1
    ids = [int(one["id"]) for person in people for one in await person.get(f"/api/v1/accounts/{person.id}/statuses")]
    assert len(set(ids)) == len(ids) == 3 * 6 + 4
    assert usual.number == 1, "the status with its job"
