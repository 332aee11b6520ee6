"""Folders: where people keep what they want to find again."""

from typing import Any

import pytest

from linnet.features.accounts import actions as accounts
from linnet.features.statuses import folders
from linnet.features.statuses.models import FOLDERS_MAX
from world import Person, World

PATH = "/api/v1/bookmarks/folders"


async def kept(who: Person, folder: Any = None) -> list[str]:
    """The words of one's bookmarks, or of those in a folder."""
    found = await who.get("/api/v1/bookmarks", **({"folder_id": folder["id"]} if folder else {}))
    return [one["content"].removeprefix("<p>").removesuffix("</p>") for one in found]


async def test_a_bookmark_is_in_one_folder_or_in_none(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    nests, eggs = [await bob.do("POST", PATH, title=title) for title in (" Nests ", "Eggs")]
    assert await bob.get(PATH) == [nests, eggs]
    assert nests["title"] == "Nests"
    one, two = [await alice.post(text) for text in ("one", "two")]
    assert (await bob.mark("bookmark", one, folder_id=nests["id"]))["bookmarked"] is True
    await bob.mark("bookmark", two)
    assert (await kept(bob), await kept(bob, nests), await kept(bob, eggs)) == (["two", "one"], ["one"], [])
    await bob.mark("bookmark", one)
    assert await kept(bob, nests) == ["one"], "an app that knows no folders moves nothing"
    await bob.mark("bookmark", one, folder_id=eggs["id"])
    await bob.mark("bookmark", two, folder_id=nests["id"])
    assert (await kept(bob), await kept(bob, nests), await kept(bob, eggs)) == (["two", "one"], ["two"], ["one"])
    await bob.mark("bookmark", one, folder_id="")
    assert (await kept(bob), await kept(bob, eggs)) == (["two", "one"], [])
    await bob.mark("unbookmark", two)
    assert (await kept(bob), await kept(bob, nests)) == (["one"], [])


async def test_what_was_in_a_folder_stays_when_it_goes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "SLICE", 2)
    alice, bob = await world.people("alice", "bob")
    nests = await bob.do("POST", PATH, title="Nests")
    for number in range(5):
        await bob.mark("bookmark", await alice.post(str(number)), folder_id=nests["id"])
    assert (await bob.do("PUT", f"{PATH}/{nests['id']}", title="Old nests"))["title"] == "Old nests"
    assert (await bob.get(f"{PATH}/{nests['id']}"))["title"] == "Old nests"
    assert await bob.do("DELETE", f"{PATH}/{nests['id']}") == {}
    assert await kept(bob) == ["4", "3", "2", "1", "0"]
    gone = await bob.ask("GET", "/api/v1/bookmarks", params={"folder_id": nests["id"]})
    assert gone.status_code == 404
    assert await world.engines.db.value("select count(*) from bookmarks where folder_id is not null") == 0


async def test_folders_are_their_owner_s_alone(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    nests = await bob.do("POST", PATH, title="Nests")
    status = await alice.post("one")
    path = f"{PATH}/{nests['id']}"
    for method, where, body in (
        ("GET", path, {}),
        ("PUT", path, {"title": "mine"}),
        ("DELETE", path, {}),
        ("GET", f"/api/v1/bookmarks?folder_id={nests['id']}", {}),
        ("GET", "/api/v1/bookmarks?folder_id=nest", {}),
        ("POST", f"/api/v1/statuses/{status['id']}/bookmark", {"folder_id": nests["id"]}),
    ):
        assert (await alice.ask(method, where, json=body)).status_code == 404, (method, where)
    assert await kept(alice) == []
    assert await bob.get(PATH) == [nests]


async def test_titles_and_numbers_have_bounds(world: World) -> None:
    bob = await world.person("bob")
    for title in ("", "   ", "x" * 101):
        assert (await bob.ask("POST", PATH, json={"title": title})).status_code == 422
    for number in range(FOLDERS_MAX):
        await bob.do("POST", PATH, title=str(number))
    refused = await bob.ask("POST", PATH, json={"title": "one more"})
    assert (refused.status_code, "at most" in refused.json()["error"]) == (422, True)


async def test_folders_go_with_their_account(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    for who in (alice, bob):
        await who.do("POST", PATH, title="Nests")
    await accounts.delete(world.engines, alice.id)
    await world.settle()
    left = await world.engines.db.rows("select account_id from bookmark_folders")
    assert [row["account_id"] for row in left] == [bob.id]
