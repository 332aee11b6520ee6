"""Stories about who follows, blocks and mutes whom, told through the API."""

import re
from typing import Any

import pytest

from world import PUBLIC_URL, Person, World

NOTHING = {
    "following": False,
    "showing_reblogs": False,
    "notifying": False,
    "languages": None,
    "followed_by": False,
    "blocking": False,
    "blocked_by": False,
    "muting": False,
    "muting_notifications": False,
    "muting_expires_at": None,
    "requested": False,
    "requested_by": False,
    "note": "",
    "endorsed": False,
    "domain_blocking": False,
}


def names(accounts: list[dict[str, Any]]) -> list[str]:
    return [account["username"] for account in accounts]


async def relationship(one: Person, other: Person) -> dict[str, Any]:
    (found,) = await one.get("/api/v1/accounts/relationships", **{"id[]": str(other.id)})
    return found


async def test_every_verb_answers_with_the_relationship(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    nothing = {"id": str(alice.id), **NOTHING}
    assert await relationship(bob, alice) == nothing
    followed = await bob.follow(alice, reblogs=False, notify="1", languages=["de"])
    assert followed == {**nothing, "following": True, "notifying": True, "languages": ["de"]}
    assert await bob.relate("note", alice, comment="met at sea") == {**followed, "note": "met at sea"}
    assert (await relationship(alice, bob))["followed_by"]
    assert await bob.relate("unfollow", alice) == {**nothing, "note": "met at sea"}
    assert await bob.relate("note", alice) == nothing
    assert await bob.relate("block", alice) == {**nothing, "blocking": True}
    assert (await relationship(alice, bob))["blocked_by"]
    assert await bob.relate("unblock", alice) == nothing
    assert await bob.relate("mute", alice) == {**nothing, "muting": True, "muting_notifications": True}
    muted = await bob.relate("mute", alice, notifications=False, duration=3600)
    assert (muted["muting"], muted["muting_notifications"]) == (True, False)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", muted["muting_expires_at"])
    assert await bob.relate("unmute", alice) == nothing
    await alice.follow(bob)
    assert (await bob.relate("remove_from_followers", alice))["followed_by"] is False


async def test_relationships_come_in_the_order_asked_for_without_those_who_are_not_there(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    await world.suspend(carol)
    asked = {"id[]": [str(carol.id), str(bob.id), "nonsense", "77", str(bob.id), str(alice.id)]}
    found = await alice.get("/api/v1/accounts/relationships", **asked)
    assert [one["id"] for one in found] == [str(bob.id), str(alice.id)]
    found = await alice.get("/api/v1/accounts/relationships", with_suspended="true", **asked)
    assert [one["id"] for one in found] == [str(carol.id), str(bob.id), str(alice.id)]


@pytest.mark.parametrize(
    ("verb", "status"), [("follow", 422), ("block", 422), ("mute", 422), ("unfollow", 200), ("unblock", 200)]
)
async def test_nobody_does_it_to_themselves(world: World, verb: str, status: int) -> None:
    alice = await world.person("alice")
    answer = await alice.ask("POST", f"/api/v1/accounts/{alice.id}/{verb}")
    assert answer.status_code == status
    assert (await relationship(alice, alice)) == {"id": str(alice.id), **NOTHING}


async def test_following_who_blocked_one_is_forbidden_and_nobody_is_not_found(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await alice.relate("block", bob)
    refused = await bob.ask("POST", f"/api/v1/accounts/{alice.id}/follow")
    assert (refused.status_code, refused.json()["error"]) == (403, "This account cannot be followed by you")
    for account_id in ("77", "nonsense"):
        assert (await bob.ask("POST", f"/api/v1/accounts/{account_id}/follow")).status_code == 404


async def test_follow_requests_are_listed_and_answered(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    await alice.do("PATCH", "/api/v1/accounts/update_credentials", locked=True)
    assert (await bob.follow(alice))["requested"]
    assert (await carol.follow(alice))["requested"]
    assert (await alice.get("/api/v1/accounts/verify_credentials"))["source"]["follow_requests_count"] == 2
    assert names(await alice.get("/api/v1/follow_requests")) == ["carol", "bob"]
    accepted = await alice.do("POST", f"/api/v1/follow_requests/{bob.id}/authorize")
    assert (accepted["followed_by"], accepted["requested_by"]) == (True, False)
    rejected = await alice.do("POST", f"/api/v1/follow_requests/{carol.id}/reject")
    assert (rejected["followed_by"], rejected["requested_by"]) == (False, False)
    assert await alice.get("/api/v1/follow_requests") == []
    assert (await alice.ask("POST", f"/api/v1/follow_requests/{carol.id}/authorize")).status_code == 404
    assert names(await alice.get(f"/api/v1/accounts/{alice.id}/followers")) == ["bob"]


async def test_followers_and_following_are_paged_by_links(world: World) -> None:
    alice = await world.person("alice")
    fans = [await world.person(f"fan{n}") for n in range(5)]
    for fan in fans:
        await fan.follow(alice)
        await alice.follow(fan)
    for list_ in ("followers", "following"):
        seen: list[str] = []
        url = f"{PUBLIC_URL}/api/v1/accounts/{alice.id}/{list_}?limit=2"
        pages = 0
        while url:
            answer = await world.client.get(url)
            seen += names(answer.json())
            url = answer.links.get("next", {}).get("url", "")
            pages += 1
        assert seen == ["fan4", "fan3", "fan2", "fan1", "fan0"]
        assert pages == 3
    first = await world.client.get(f"{PUBLIC_URL}/api/v1/accounts/{alice.id}/followers?limit=2")
    newer = await world.client.get(first.links["prev"]["url"])
    assert newer.json() == []


async def test_blocks_and_mutes_are_listed_for_their_owner(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    for other in (bob, carol):
        await alice.relate("block", other)
    await alice.relate("mute", bob, duration=60)
    await alice.relate("mute", carol)
    assert names(await alice.get("/api/v1/blocks")) == ["carol", "bob"]
    page = await alice.ask("GET", "/api/v1/blocks?limit=1")
    assert names(page.json()) == ["carol"]
    assert names((await alice.ask("GET", page.links["next"]["url"])).json()) == ["bob"]
    muted = await alice.get("/api/v1/mutes")
    assert names(muted) == ["carol", "bob"]
    assert muted[0]["mute_expires_at"] is None
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", muted[1]["mute_expires_at"])
    assert await bob.get("/api/v1/blocks") == []


async def test_familiar_followers_through_the_api(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    await alice.follow(bob)
    await bob.follow(carol)
    found = await alice.get("/api/v1/accounts/familiar_followers", **{"id[]": [str(carol.id), str(bob.id)]})
    assert [(one["id"], names(one["accounts"])) for one in found] == [(str(carol.id), ["bob"]), (str(bob.id), [])]


async def test_the_deprecated_follow_scope_still_opens_follows_blocks_and_mutes(world: World) -> None:
    bob = await world.person("bob")
    alice = await world.person("alice", scopes=("follow",))
    assert (await alice.follow(bob))["following"]
    assert (await alice.relate("mute", bob))["muting"]
    assert (await alice.relate("block", bob))["blocking"]
    assert names(await alice.get("/api/v1/blocks")) == ["bob"]
    assert (await alice.ask("POST", f"/api/v1/accounts/{bob.id}/note", json={"comment": "x"})).status_code == 403
    reader = await world.person("carol", scopes=("read",))
    assert (await reader.ask("POST", f"/api/v1/accounts/{bob.id}/follow")).status_code == 403


@pytest.mark.parametrize("path", ["followers", "following"])
async def test_a_list_takes_as_many_statements_as_one_account(world: World, path: str) -> None:
    alice = await world.person("alice")
    for _ in range(4):
        other = await world.person()
        await other.follow(alice)
        await alice.follow(other)
    sent: list[int] = []
    for limit in (1, 4):
        async with world.counting_statements() as counted:
            found = await world.get(f"/api/v1/accounts/{alice.id}/{path}", limit=limit)
        assert len(found.json()) == limit
        sent.append(counted.number)
    assert sent[0] == sent[1] <= 3


@pytest.mark.parametrize("path", ["follow_requests", "blocks", "mutes", "accounts/relationships"])
async def test_ones_own_lists_take_as_many_statements_as_one_account(world: World, path: str) -> None:
    alice = await world.person("alice")
    await alice.do("PATCH", "/api/v1/accounts/update_credentials", locked=True)
    others = [await world.person() for _ in range(4)]
    for other in others:
        await other.follow(alice)
        await alice.relate("mute", other)
        await world.engines.db.execute("insert into blocks (account_id, target_id) values ($1, $2)", alice.id, other.id)
    await alice.get(f"/api/v1/{path}")
    sent: list[int] = []
    for limit in (1, 4):
        asked = {"limit": limit, "id[]": [str(other.id) for other in others[:limit]]}
        async with world.counting_statements() as counted:
            found = await alice.get(f"/api/v1/{path}", **asked)
        assert len(found) == limit
        sent.append(counted.number)
    assert sent[0] == sent[1]
