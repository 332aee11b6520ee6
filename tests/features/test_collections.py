"""Stories about collections: accounts that somebody recommends together, in public, and which may leave them."""

from typing import Any

import pytest

from linnet.features.accounts import actions as accounts
from linnet.features.relationships.collections import actions
from world import Person, World


async def make(owner: Person, *members: Person, **more: Any) -> Any:
    """A collection with these people in it."""
    ids = [str(one.id) for one in members]
    made = await owner.do("POST", "/api/v1/collections", name="Birders", account_ids=ids, **more)
    return made["collection"]


async def within(viewer: Person, collection: Any) -> list[str]:
    """Who is in it, as somebody sees it."""
    found = await viewer.get(f"/api/v1/collections/{collection['id']}")
    accounts = {one["id"]: one["username"] for one in found["accounts"]}
    assert found["collection"]["item_count"] == len(found["collection"]["items"])
    return [accounts[item["account_id"]] for item in found["collection"]["items"]]


async def test_a_collection_is_made_changed_shown_and_dropped(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    made = await make(alice, bob, description="Worth following", language="en", tag_name="#Birds")
    assert (made["name"], made["language"], made["tag"]["name"], made["local"]) == ("Birders", "en", "birds", True)
    path = f"/api/v1/collections/{made['id']}"
    item = (await alice.do("POST", f"{path}/items", account_id=str(carol.id)))["collection_item"]
    assert (item["account_id"], item["state"]) == (str(carol.id), "accepted")
    assert await within(bob, made) == ["bob", "carol"]
    changed = (await alice.do("PATCH", path, name="Twitchers", tag_name="", sensitive=True))["collection"]
    assert (changed["name"], changed["description"], changed["tag"]) == ("Twitchers", "Worth following", None)
    await alice.do("DELETE", f"{path}/items/{item['id']}")
    assert await within(bob, made) == ["bob"]
    shown = (await world.get(path)).json()
    assert [one["username"] for one in shown["accounts"]] == ["alice", "bob"]
    await alice.do("DELETE", path)
    assert (await bob.ask("GET", path)).status_code == 404


async def test_one_on_no_profile_is_found_by_its_address_alone(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    hidden, shown = await make(alice, bob, discoverable=False), await make(alice)
    path = f"/api/v1/accounts/{alice.id}/collections"
    assert [one["id"] for one in (await bob.get(path))["collections"]] == [shown["id"]]
    assert [one["id"] for one in (await alice.get(path))["collections"]] == [shown["id"], hidden["id"]]
    assert [one["id"] for one in (await alice.get(path, limit=1, offset=1))["collections"]] == [hidden["id"]]
    assert await within(bob, hidden) == ["bob"]
    mine = await bob.get(f"/api/v1/accounts/{bob.id}/in_collections")
    assert [one["id"] for one in mine["collections"]] == [hidden["id"]]
    assert (await bob.ask("GET", f"/api/v1/accounts/{alice.id}/in_collections")).status_code == 403


async def test_whoever_is_in_one_may_leave_it_for_good(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    made = await make(alice, bob, carol)
    first, second = made["items"]
    path = f"/api/v1/collections/{made['id']}/items"
    assert (await bob.ask("POST", f"{path}/{second['id']}/revoke")).status_code == 403
    await bob.do("POST", f"{path}/{first['id']}/revoke")
    assert await within(alice, made) == ["carol"]
    assert (await bob.ask("POST", f"{path}/{first['id']}/revoke")).status_code == 404
    assert (await alice.ask("DELETE", f"{path}/{first['id']}")).status_code == 404
    assert (await alice.ask("POST", path, json={"account_id": str(bob.id)})).status_code == 403
    assert (await bob.get(f"/api/v1/accounts/{bob.id}/in_collections"))["collections"] == []


async def test_only_whoever_agreed_to_be_found_can_be_put_there(world: World) -> None:
    alice, bob, carol, dan = await world.people("alice", "bob", "carol", "dan")
    made = await make(alice)
    await bob.do("PATCH", "/api/v1/accounts/update_credentials", discoverable=False)
    await carol.relate("block", alice)
    await alice.relate("block", dan)
    for person in (bob, carol, dan):
        answer = await alice.ask("POST", f"/api/v1/collections/{made['id']}/items", json={"account_id": str(person.id)})
        assert answer.status_code == 403, person.username


@pytest.mark.parametrize("blocker", ["owner", "member"])
async def test_a_block_parts_them_at_once_and_for_good(world: World, blocker: str) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    made = await make(alice, bob, carol)
    await (alice.relate("block", bob) if blocker == "owner" else bob.relate("block", alice))
    for viewer in (alice, carol):
        assert await within(viewer, made) == ["carol"]
    await world.settle()
    await (alice.relate("unblock", bob) if blocker == "owner" else bob.relate("unblock", alice))
    assert await within(carol, made) == ["carol"]


async def test_nobody_sees_whom_a_block_keeps_from_them(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    made = await make(alice, bob, carol)
    await bob.relate("block", carol)
    assert await within(carol, made) == ["carol"]
    await alice.relate("block", carol)
    assert (await carol.ask("GET", f"/api/v1/collections/{made['id']}")).status_code == 404
    await world.suspend(alice)
    assert (await bob.ask("GET", f"/api/v1/collections/{made['id']}")).status_code == 404


async def test_only_its_owner_changes_a_collection(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    made = await make(alice, bob)
    path = f"/api/v1/collections/{made['id']}"
    for method, below in (
        ("PATCH", ""),
        ("DELETE", ""),
        ("POST", "/items"),
        ("DELETE", f"/items/{made['items'][0]['id']}"),
    ):
        answer = await bob.ask(method, path + below, json={"account_id": str(bob.id), "name": "mine"})
        assert answer.status_code == 403, (method, below)


async def test_limits_are_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    for name in ("ITEMS_MAX", "COLLECTIONS_MAX"):
        monkeypatch.setattr(actions, name, 1)
    made = await make(alice, bob)
    answers = [
        await alice.ask("POST", "/api/v1/collections", json={"name": "More"}),
        await alice.ask("POST", f"/api/v1/collections/{made['id']}/items", json={"account_id": str(carol.id)}),
        await alice.ask("PATCH", f"/api/v1/collections/{made['id']}", json={"name": "x" * 41}),
        await alice.ask("PATCH", f"/api/v1/collections/{made['id']}", json={"name": " ", "description": "x" * 101}),
        await alice.ask("PATCH", f"/api/v1/collections/{made['id']}", json={"language": "klingon"}),
    ]
    assert [answer.status_code for answer in answers] == [422] * 5
    assert {*answers[3].json()["details"]} == {"name", "description"}
    assert await within(bob, made) == ["bob"]


async def test_pages_take_as_many_statements_however_long_they_are(world: World) -> None:
    alice = await world.person("alice")
    people = [await world.person(f"number{number}") for number in range(8)]
    small, large = await make(alice, *people[:1]), await make(alice, *people)
    counted: list[int] = []
    for collection in (small, large):
        async with world.counting_statements() as statements:
            await within(alice, collection)
        counted.append(statements.number)
    for limit in (1, 2):
        async with world.counting_statements() as statements:
            await alice.get(f"/api/v1/accounts/{alice.id}/collections", limit=limit)
        counted.append(statements.number)
    assert counted[0] == counted[1]
    assert counted[2] == counted[3]


async def test_nothing_of_a_deleted_account_is_left(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await make(alice, bob)
    await make(bob, alice, bob)
    await accounts.delete(world.engines, bob.id)
    await world.settle()
    row = await world.engines.db.row(
        "select (select count(*) from collections), (select count(*) from collection_items)"
    )
    assert row is not None
    assert tuple(row) == (1, 0)
