"""Searches that people keep: made, changed, dropped, read as a timeline, and gone with their owner."""

from linnet.features.accounts import staff
from linnet.features.accounts.permissions import OPERATOR
from linnet.features.search.models import SAVED_MAX
from world import World


async def test_a_search_is_kept_changed_and_dropped(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    birds = await alice.do("POST", "/api/v1/searches", query=" #birds   -cat ")
    rain = await alice.do("POST", "/api/v1/searches", query="rain", title="Weather")
    assert (birds["title"], birds["query"]) == ("#birds -cat", "#birds   -cat")
    assert [one["title"] for one in await alice.get("/api/v1/searches")] == ["Weather", "#birds -cat"]
    assert await bob.get("/api/v1/searches") == []

    changed = await alice.do("PUT", f"/api/v1/searches/{rain['id']}", query="rain OR sun")
    assert changed == {**rain, "query": "rain OR sun"}
    assert await alice.get(f"/api/v1/searches/{rain['id']}") == changed
    await alice.do("DELETE", f"/api/v1/searches/{birds['id']}")
    assert [one["id"] for one in await alice.get("/api/v1/searches")] == [rain["id"]]
    assert (await alice.ask("DELETE", f"/api/v1/searches/{birds['id']}")).status_code == 404


async def test_a_kept_search_is_a_timeline_of_what_it_finds_now(world: World) -> None:
    alice = await world.person("alice")
    rain = await alice.do("POST", "/api/v1/searches", query="rain")
    first = await alice.post("rain")
    await world.settle(periodics=True)
    path = f"/api/v1/timelines/search/{rain['id']}"
    assert [one["id"] for one in await alice.get(path)] == [first["id"]]
    second = await alice.post("more rain")
    await alice.post("sun")
    await world.settle(periodics=True)
    assert [one["id"] for one in await alice.get(path)] == [second["id"], first["id"]]


async def test_what_cannot_be_read_or_says_nothing_is_not_kept(world: World) -> None:
    alice = await world.person("alice")
    for query in ("(", "has:feathers", "", " ", "!"):
        assert (await alice.ask("POST", "/api/v1/searches", json={"query": query})).status_code == 422, query
    rain = await alice.do("POST", "/api/v1/searches", query="rain")
    refused = await alice.ask("PUT", f"/api/v1/searches/{rain['id']}", json={"query": "rain ("})
    assert (refused.status_code, refused.json()["details"]["q"][0]["offset"]) == (422, 5)
    assert (await alice.ask("POST", "/api/v1/searches", json={"query": "a", "title": "x" * 101})).status_code == 422
    long = await alice.do("POST", "/api/v1/searches", query='"' + "rain " * 40 + '"')
    assert len(long["title"]) == 100


async def test_only_so_many_are_kept(world: World) -> None:
    alice = await world.person("alice")
    for number in range(SAVED_MAX):
        await alice.do("POST", "/api/v1/searches", query=f"rain {number}")
    assert (await alice.ask("POST", "/api/v1/searches", json={"query": "one more"})).status_code == 422


async def test_they_go_with_their_owner(world: World) -> None:
    alice = await world.person("alice")
    await alice.do("POST", "/api/v1/searches", query="rain")
    await world.suspend(alice)
    await staff.delete(world.engines, OPERATOR, alice.id)
    await world.settle()
    assert await world.engines.db.value("select count(*) from saved_searches") == 0
