"""Stories about whom people recommend, whom they might follow, and whom they know in common."""

from typing import Any

from linnet.features.accounts import actions as accounts
from world import Person, World


async def suggested(person: Person, **params: Any) -> dict[str, list[str]]:
    """Who is suggested, in order, and why."""
    found = await person.get("/api/v2/suggestions", **params)
    return {one["account"]["username"]: one["sources"] for one in found}


async def test_an_endorsement_stands_on_a_follow(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    refused = await alice.ask("POST", f"/api/v1/accounts/{bob.id}/endorse")
    assert refused.status_code == 422
    await alice.follow(bob)
    assert (await alice.relate("endorse", bob))["endorsed"] is True
    assert [one["username"] for one in await carol.get(f"/api/v1/accounts/{alice.id}/endorsements")] == ["bob"]
    assert [one["username"] for one in await alice.get("/api/v1/endorsements")] == ["bob"]
    assert (await alice.relate("unfollow", bob))["endorsed"] is False
    assert (await alice.follow(bob))["endorsed"] is False
    assert await alice.get("/api/v1/endorsements") == []
    await alice.relate("pin", bob)
    await bob.relate("block", alice)
    assert await carol.get(f"/api/v1/accounts/{alice.id}/endorsements") == []


async def test_nobody_is_shown_whom_a_block_is_between(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    await alice.follow(bob)
    await alice.relate("endorse", bob)
    await bob.relate("block", carol)
    assert await carol.get(f"/api/v1/accounts/{alice.id}/endorsements") == []
    assert len((await world.get(f"/api/v1/accounts/{alice.id}/endorsements")).json()) == 1
    await alice.relate("block", carol)
    assert await carol.get(f"/api/v1/accounts/{alice.id}/endorsements") == []


async def test_whom_friends_follow_is_suggested_most_wanted_first(world: World) -> None:
    alice, bob, carol, dan, eve = await world.people("alice", "bob", "carol", "dan", "eve")
    for friend in (bob, carol):
        await alice.follow(friend)
        await friend.follow(eve)
        await friend.follow(alice)
    await bob.follow(dan)
    found = await suggested(alice)
    assert [*found] == ["eve", "dan"]
    assert "friends_of_friends" in found["eve"]
    assert [one["username"] for one in await alice.get("/api/v1/suggestions", limit=1)] == ["eve"]
    (first, *_) = await alice.get("/api/v2/suggestions")
    assert first["source"] == "past_interactions"


async def test_who_knows_nobody_is_suggested_the_most_followed(world: World) -> None:
    alice, bob, carol, dan = await world.people("alice", "bob", "carol", "dan")
    await dan.follow(carol)
    await bob.follow(carol)
    await bob.follow(dan)
    await world.settle(periodics=True)
    found = await suggested(alice)
    assert [*found] == ["carol", "dan", "bob"]
    assert set(map(tuple, found.values())) == {("most_followed",)}


async def test_whoever_must_or_would_not_be_found_is_not_suggested(world: World) -> None:
    alice, bob, *others = await world.people("alice", "bob", "carol", "dan", "eve", "fay", "gil", "hal", "ida")
    await alice.follow(bob)
    for other in others:
        await bob.follow(other)
    carol, dan, eve, fay, gil, hal, ida = others
    await alice.relate("block", carol)
    await dan.relate("block", alice)
    await alice.relate("mute", eve)
    await fay.do("PATCH", "/api/v1/accounts/update_credentials", discoverable=False)
    await gil.do("PATCH", "/api/v1/accounts/update_credentials", locked=True)
    await alice.follow(gil)
    await world.suspend(hal)
    assert [*await suggested(alice)] == ["ida"]
    await alice.do("DELETE", f"/api/v1/suggestions/{ida.id}")
    assert await suggested(alice) == {}
    await bob.follow(ida)
    assert await suggested(alice) == {}


async def test_who_hides_whom_they_follow_tells_it_to_nobody(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    await alice.follow(bob)
    await bob.follow(carol)
    await bob.do("PATCH", "/api/v1/accounts/update_credentials", hide_collections=True)
    assert await suggested(alice) == {"carol": ["most_followed"]}


async def test_suggestions_take_as_many_statements_however_many_they_are(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await alice.follow(bob)
    for number in range(12):
        await bob.follow(await world.person(f"number{number}"))
    counted: list[int] = []
    for limit in (1, 12):
        async with world.counting_statements() as statements:
            assert len(await suggested(alice, limit=limit)) == limit
        counted.append(statements.number)
    assert counted[0] == counted[1]


async def test_nothing_of_a_deleted_account_is_left(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    for one, other in ((alice, bob), (bob, alice)):
        await one.follow(other)
        await one.relate("endorse", other)
        await one.do("DELETE", f"/api/v1/suggestions/{other.id}")
    await carol.do("DELETE", f"/api/v1/suggestions/{alice.id}")
    await accounts.delete(world.engines, bob.id)
    await world.settle()
    count = "select (select count(*) from endorsements), (select count(*) from suggestion_dismissals)"
    row = await world.engines.db.row(count)
    assert row is not None
    assert tuple(row) == (0, 1)


async def test_there_are_no_proofs_of_who_somebody_is_elsewhere(world: World) -> None:
    alice = await world.person("alice")
    assert (await world.get(f"/api/v1/accounts/{alice.id}/identity_proofs")).json() == []
    assert (await world.get("/api/proofs")).json() == []
