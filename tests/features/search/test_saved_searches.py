"""Searches that people keep: made, changed, dropped, read as a timeline, and gone with their owner."""

from linnet.features.accounts import staff
from linnet.features.accounts.permissions import OPERATOR
from linnet.features.search.models import LISTED_MAX, SAVED_MAX
from world import Person, World


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


async def listed(owner: Person, *queries: str, **more: object) -> str:
    """A list with searches on it; its id."""
    birds = await owner.do("POST", "/api/v1/lists", title="Birds", **more)
    ids = [(await owner.do("POST", "/api/v1/searches", query=query))["id"] for query in queries]
    await owner.do("POST", f"/api/v1/lists/{birds['id']}/searches", search_ids=ids)
    return birds["id"]


async def test_what_a_search_finds_is_on_the_list_it_was_put_on_beside_its_people(world: World) -> None:
    alice, bob, carol, dan = await world.people("alice", "bob", "carol", "dan")
    for person in (carol, dan):
        await person.do("PATCH", "/api/v1/accounts/update_credentials", indexable=True)
    birds = await listed(alice, "wren -cat", "owl from:dan")
    await alice.follow(bob)
    await alice.do("POST", f"/api/v1/lists/{birds}/accounts", account_ids=[str(bob.id)])
    by_bob = await bob.post("a wren here, by a member")
    found = await carol.post("a wren")
    await carol.post("a wren and a cat")
    await carol.post("owl")
    owl = await dan.post("owl")
    await carol.post("a wren for my followers", visibility="private")
    await world.settle(periodics=True)
    path = f"/api/v1/timelines/list/{birds}"
    assert [one["id"] for one in await alice.get(path)] == [owl["id"], found["id"], by_bob["id"]]
    up = await alice.get(path, min_id=by_bob["id"], limit=1)
    assert [one["id"] for one in up] == [found["id"]]
    down = [(await alice.get(path, limit=1, max_id=one))[0]["id"] for one in (owl["id"], found["id"])]
    assert down == [found["id"], by_bob["id"]]
    await alice.relate("mute", dan)
    assert [one["id"] for one in await alice.get(path)] == [found["id"], by_bob["id"]]
    await alice.do("POST", "/api/v1/filters", phrase="a wren", context=["home"], irreversible=True)
    assert await alice.get(path) == []


async def test_a_list_that_shows_no_answers_shows_none_that_a_search_finds(world: World) -> None:
    alice, carol = await world.people("alice", "carol")
    await carol.do("PATCH", "/api/v1/accounts/update_credentials", indexable=True)
    other = await world.person("other")
    asked = await other.post("what is it?")
    answer = await carol.post("a wren", in_reply_to_id=asked["id"])
    to_herself = await carol.post("a wren, really", in_reply_to_id=answer["id"])
    await world.settle(periodics=True)
    for policy, expected in (("none", [to_herself["id"]]), ("list", [to_herself["id"], answer["id"]])):
        birds = await listed(alice, "wren", replies_policy=policy)
        assert [one["id"] for one in await alice.get(f"/api/v1/timelines/list/{birds}")] == expected


async def test_only_own_searches_and_only_some_are_on_a_list_and_they_go_with_both(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    birds = await listed(alice, "wren", "owl")
    path = f"/api/v1/lists/{birds}/searches"
    shown = await alice.get(path)
    assert [one["query"] for one in shown] == ["owl", "wren"]
    foreign = await bob.do("POST", "/api/v1/searches", query="wren")
    refused = await alice.ask("POST", path, json={"search_ids": [foreign["id"]]})
    assert refused.status_code == 404
    more = [(await alice.do("POST", "/api/v1/searches", query=f"bird {n}"))["id"] for n in range(LISTED_MAX)]
    assert (await alice.ask("POST", path, json={"search_ids": more})).status_code == 422
    assert await alice.get(path) == shown, "all or none"
    assert [one["query"] for one in await alice.do("DELETE", path, search_ids=[shown[0]["id"]])] == ["wren"]
    await alice.do("DELETE", f"/api/v1/searches/{shown[1]['id']}")
    assert await alice.get(path) == []
    await alice.do("POST", path, search_ids=more[:1])
    await alice.do("DELETE", f"/api/v1/lists/{birds}")
    await listed(alice, "finch")
    kept = await world.engines.db.value("select count(*) from list_searches")
    assert kept == 1, "what was on the list that is gone is forgotten when the next one is made"
