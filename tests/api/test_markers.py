"""How far people have read, kept for their next device."""

import asyncio

from world import World


async def test_what_was_marked_is_given_back(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    assert await alice.get("/api/v1/markers", **{"timeline[]": ["home", "notifications"]}) == {}

    moved = await alice.do("POST", "/api/v1/markers", home={"last_read_id": "103"})
    assert moved["home"]["last_read_id"] == "103"
    assert moved["home"]["version"] == 1
    assert moved["home"]["updated_at"].endswith("Z")

    form = {"home[last_read_id]": "107", "notifications[last_read_id]": "5"}
    moved = (await alice.ask("POST", "/api/v1/markers", data=form)).json()
    assert (moved["home"]["last_read_id"], moved["home"]["version"]) == ("107", 2)
    assert await alice.get("/api/v1/markers", **{"timeline[]": ["home", "notifications", "list"]}) == moved
    assert await alice.get("/api/v1/markers", **{"timeline[]": "notifications"}) == {
        "notifications": moved["notifications"]
    }
    assert await bob.get("/api/v1/markers", **{"timeline[]": "home"}) == {}


async def test_two_devices_at_once_lose_no_version(world: World) -> None:
    alice = await world.person("alice")
    await asyncio.gather(*(alice.do("POST", "/api/v1/markers", home={"last_read_id": str(n)}) for n in range(8)))
    assert (await alice.get("/api/v1/markers", timeline="home"))["home"]["version"] == 8


async def test_what_is_no_id_marks_nothing(world: World) -> None:
    alice = await world.person("alice")
    wrong = await alice.ask("POST", "/api/v1/markers", json={"home": {"last_read_id": "yesterday"}})
    assert wrong.status_code == 422
    assert await alice.get("/api/v1/markers", timeline="home") == {}
