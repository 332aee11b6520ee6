"""Finding people and hashtags by how they begin, and things by their addresses; a hashtag by itself; the directory."""

from itertools import pairwise
from typing import Any

import pytest

from world import World


def found(answer: Any) -> dict[str, list[str]]:
    return {
        "accounts": [one["username"] for one in answer["accounts"]],
        "statuses": [one["id"] for one in answer["statuses"]],
        "hashtags": [one["name"] for one in answer["hashtags"]],
    }


async def test_people_and_hashtags_are_found_by_how_they_begin(world: World) -> None:
    alice, _ = await world.people("alice", "finchley")
    await alice.post("Look: #Finch #finches #Finland #fish")

    assert found(await alice.get("/api/v2/search", q="finch")) == {
        "accounts": ["finchley"],
        "statuses": [],
        "hashtags": ["finch", "finches"],
    }
    assert found(await alice.get("/api/v2/search", q="#FIN")) == {
        "accounts": [],
        "statuses": [],
        "hashtags": ["finch", "finches", "finland"],
    }
    assert found(await alice.get("/api/v2/search", q="@finchley@linnet.test"))["accounts"] == ["finchley"]
    assert found(await alice.get("/api/v2/search", q="#fin", limit=1, offset=1))["hashtags"] == ["finches"]
    assert found(await alice.get("/api/v2/search", q="finch", type="accounts"))["hashtags"] == []
    assert (await alice.get("/api/v1/search", q="#finc"))["hashtags"] == ["finch", "finches"]


async def test_hashtags_come_by_how_many_people_use_them_and_are_found_though_misspelt(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    for person in (alice, bob, carol):
        await person.post("#wrens")
    for person in (alice, bob):
        await person.post("#wrenhouse")
    for _ in range(5):
        await alice.post("#wrenalone")
    await alice.post("#wren")
    await alice.post("#wrensecret", visibility="private")
    await alice.do("POST", "/api/v1/tags/wrenfollowed/follow")

    async def tags(text: str, **more: Any) -> list[str]:
        return found(await bob.get("/api/v2/search", q=text, type="hashtags", **more))["hashtags"]

    assert sorted(await tags("wre")) == ["wren", "wrenalone", "wrenhouse", "wrens"], "before anybody has counted"
    await world.settle(periodics=True)
    assert await tags("wre") == ["wrens", "wrenhouse", "wren", "wrenalone"]
    assert await tags("wren") == ["wren", "wrens", "wrenhouse", "wrenalone"], "itself comes first"
    assert await tags("w") == await tags("wr") == await tags("wre")
    assert await tags("wren", limit=2, offset=1) == ["wrens", "wrenhouse"]
    assert (await tags("wrenhuose"))[0] == "wrenhouse"
    assert "wrensecret" not in await tags("wrensecret"), "it was said to a few"
    assert await tags("https://linnet.test/tags/wrenfollowed") == []

    world.clock.move(days=8)
    await carol.post("#wrenalone")
    await world.settle(periodics=True)
    assert await tags("wre") == ["wrenalone", "wren", "wrenhouse", "wrens"], "what nobody uses any more comes last"


async def test_what_has_an_address_here_is_found_by_it(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    post = await alice.post("Hello #world")
    secret = await alice.post("Psst", visibility="private")

    assert found(await bob.get("/api/v2/search", q=post["url"], resolve=True))["statuses"] == [post["id"]]
    assert found(await bob.get("/api/v2/search", q=post["id"]))["statuses"] == [post["id"]]
    assert found(await bob.get("/api/v2/search", q="https://linnet.test/@alice"))["accounts"] == ["alice"]
    assert found(await bob.get("/api/v2/search", q="https://linnet.test/tags/World"))["hashtags"] == ["world"]
    assert found(await bob.get("/api/v2/search", q=secret["url"])) == {"accounts": [], "statuses": [], "hashtags": []}
    assert found(await bob.get("/api/v2/search", q=post["url"], type="accounts"))["statuses"] == []


@pytest.mark.parametrize("text", ["", " ", "#", "@", "https://linnet.test/", "https://linnet.test/about/x/y", "%", "_"])
async def test_what_means_nothing_finds_nothing(world: World, text: str) -> None:
    alice = await world.person("alice")
    await alice.post("#finch")
    assert found(await alice.get("/api/v2/search", q=text)) == {"accounts": [], "statuses": [], "hashtags": []}


async def test_a_hashtag_tells_its_last_week(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await alice.post("#Finch one")
    await alice.post("#finch two")
    await bob.post("#FINCH three")
    await bob.post("#finch in private", visibility="private")
    world.clock.move(days=1)
    await bob.post("#finch again")
    tag = (await world.get("/api/v1/tags/FINCH")).json()

    assert (tag["name"], tag["url"]) == ("finch", "https://linnet.test/tags/finch")
    assert "following" not in tag
    assert [(day["uses"], day["accounts"]) for day in tag["history"]] == [("1", "1"), ("3", "2"), *[("0", "0")] * 5]
    days = [int(day["day"]) for day in tag["history"]]
    assert all(day % 86_400 == 0 for day in days)
    assert [newer - older for newer, older in pairwise(days)] == [86_400] * 6
    assert (await alice.get("/api/v1/tags/finch"))["following"] is False


async def test_an_unused_hashtag_is_shown_unused_and_an_impossible_one_is_not_there(world: World) -> None:
    alice = await world.person("alice")
    tag = await alice.get("/api/v1/tags/rarebird")
    assert (tag["name"], {day["uses"] for day in tag["history"]}) == ("rarebird", {"0"})
    assert (await alice.ask("GET", "/api/v1/tags/%21%21")).status_code == 404


async def test_the_directory_lists_people_who_agreed(world: World) -> None:
    alice, bob, shy, troll = await world.people("alice", "bob", "shy", "troll")
    await shy.do("PATCH", "/api/v1/accounts/update_credentials", discoverable=False)
    await alice.relate("block", troll)
    await alice.post("Good day")
    await world.settle(periodics=True)

    async def names(**order: Any) -> list[str]:
        return [one["username"] for one in await bob.get("/api/v1/directory", **order)]

    assert await names(order="new") == ["troll", "bob", "alice"]
    assert (await names(order="active"))[0] == "alice"
    assert await names(order="new", limit=1, offset=1) == ["bob"]
    assert "troll" not in [one["username"] for one in await alice.get("/api/v1/directory")]
