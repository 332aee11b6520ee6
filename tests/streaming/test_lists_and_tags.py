"""Stories over real sockets: lists, and hashtags that people follow."""

from typing import Any

import pytest

from linnet.features.relationships import circles
from linnet.streaming import replay
from streams import Streams, ids_of
from world import Person, World


async def make(owner: Person, *members: Person, **more: Any) -> str:
    """A list with people on it, whom its owner follows from now on; its id."""
    list_id = (await owner.do("POST", "/api/v1/lists", title="Birds", **more))["id"]
    for member in members:
        await owner.follow(member)
    ids = [str(one.id) for one in members]
    await owner.do("POST", f"/api/v1/lists/{list_id}/accounts", account_ids=ids)
    return list_id


async def test_a_list_carries_what_its_timeline_shows(world: World, streams: Streams) -> None:
    alice, bob, carol, dan = await world.people("alice", "bob", "carol", "dan")
    birds = await make(alice, bob, replies_policy="none")
    await alice.follow(carol)
    await alice.do("POST", f"/api/v1/lists/{birds}/tags", tags=["wren"])
    await world.settle()
    async with streams.socket(alice) as socket:
        await socket.subscribe("list", list=birds)
        by_bob = await bob.post("on the list")
        await carol.post("not on it")
        under = await dan.post("a #wren")
        await bob.post("an answer", in_reply_to_id=under["id"])
        kept = await bob.post("for followers", visibility="private")
        await bob.post("@alice for one", visibility="direct")
        await world.settle()
        heard = await socket.hear_all()
        assert {one.stream for one in heard} == {("list", birds)}
        assert [one.event for one in heard] == ["update"] * 3
        shown = await alice.get(f"/api/v1/timelines/list/{birds}")
        assert [one.payload for one in heard] == shown[::-1]
        assert ids_of(heard) == [by_bob["id"], under["id"], kept["id"]]
        await bob.do("DELETE", f"/api/v1/statuses/{by_bob['id']}")
        assert [(one.event, one.payload) for one in await socket.hear_all()] == [("delete", by_bob["id"])]


async def test_a_list_is_streamed_to_its_owner_alone_and_by_a_path_of_its_own(world: World, streams: Streams) -> None:
    alice, bob = await world.people("alice", "bob")
    birds = await make(alice, bob)
    await world.settle()
    async with streams.socket(bob) as socket:
        await socket.subscribe("list", list=birds)
        assert (await socket.raw())["error"] == "Not authorized to stream this list"
    assert (await streams.get("/api/v1/streaming/list", bob.headers, list=birds)).status_code == 403
    async with streams.events(alice, "/list", list=birds) as events:
        posted = await bob.post("hello")
        await world.settle()
        assert (await events.hear()).id == posted["id"]


async def test_whom_one_takes_off_or_leaves_is_heard_no_more(world: World, streams: Streams) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    birds = await make(alice, bob, carol)
    await world.settle()
    async with streams.socket(alice) as socket:
        await socket.subscribe("list", list=birds)
        await alice.do("DELETE", f"/api/v1/lists/{birds}/accounts", account_ids=[str(bob.id)])
        await alice.relate("unfollow", carol)
        for person in (bob, carol):
            await person.post("hello")
        await world.settle()
        assert await socket.hear_all() == []


async def test_whom_an_exclusive_list_keeps_is_heard_there_and_not_at_home(world: World, streams: Streams) -> None:
    alice, bob = await world.people("alice", "bob")
    birds = await make(alice, bob, exclusive=True)
    await world.settle()
    async with streams.socket(alice, stream="user") as socket:
        await socket.subscribe("list", list=birds)
        posted = await bob.post("hello")
        await world.settle()
        heard = await socket.hear_all()
        assert [(one.stream, one.payload["id"]) for one in heard] == [(("list", birds), posted["id"])]


async def test_who_comes_back_to_a_list_hears_what_they_missed(
    world: World, streams: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay, "_OVERLAP", 0)
    alice, bob = await world.people("alice", "bob")
    birds = await make(alice, bob)
    first, missed = [await bob.post(text) for text in ("first", "missed")]
    await world.settle()
    async with streams.socket(alice, stream="list", list=birds, last_event_id=first["id"]) as socket:
        assert ids_of(await socket.hear_all()) == [missed["id"]]


async def test_posts_under_followed_tags_come_on_the_home_stream(world: World, streams: Streams) -> None:
    alice, bob = await world.people("alice", "bob")
    async with streams.socket(alice, stream="user") as socket:
        await bob.post("a #wren too early")
        await world.settle()
        await alice.do("POST", "/api/v1/tags/wren/follow")
        posted = await bob.post("a #wren")
        await bob.post("a #wren for few", visibility="unlisted")
        await bob.post("a finch")
        await world.settle()
        heard = await socket.hear_all()
        assert ids_of(heard) == [posted["id"]]
        assert heard[0].payload == (await alice.home())[0]
        await bob.do("DELETE", f"/api/v1/statuses/{posted['id']}")
        assert [one.event for one in await socket.hear_all()] in ([], ["delete"])
        await alice.do("POST", "/api/v1/tags/wren/unfollow")
        await bob.post("a #wren too late")
        await world.settle()
        assert await socket.hear_all() == []


async def test_a_reader_of_too_large_a_circle_is_asked_about_in_sql(
    world: World, streams: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(circles, "EDGES_MAX", 0)
    alice, bob, carol = await world.people("alice", "bob", "carol")
    birds = await make(alice, bob)
    await alice.do("POST", "/api/v1/tags/wren/follow")
    await world.settle()
    async with streams.socket(alice, stream="user") as socket:
        await socket.subscribe("list", list=birds)
        by_bob = await bob.post("hello")
        under = await carol.post("a #wren")
        await world.settle()
        heard = await socket.hear_all()
        assert sorted((one.stream[0], one.payload["id"]) for one in heard) == [
            ("list", by_bob["id"]),
            ("user", by_bob["id"]),
            ("user", under["id"]),
        ]


async def test_a_kept_search_streams_what_it_finds_as_it_comes(world: World, streams: Streams) -> None:
    alice, bob = await world.people("alice", "bob")
    await bob.do("PATCH", "/api/v1/accounts/update_credentials", indexable=True)
    wren = (await alice.do("POST", "/api/v1/searches", query='wren -"no wren"'))["id"]
    async with streams.socket(alice) as socket:
        await socket.subscribe("search", search=wren)
        first = await bob.post("The wrens are back")
        await bob.post("There is no wren")
        await bob.post("A wren for my followers", visibility="private")
        await world.settle()
        heard = await socket.hear()
        assert (heard.stream, heard.event, heard.payload["id"]) == (("search", wren), "update", first["id"])
        await alice.do("PUT", f"/api/v1/searches/{wren}", query="owl")
        owl = await bob.post("An owl")
        await bob.post("A wren")
        await world.settle()
        assert (await socket.hear()).payload["id"] == owl["id"], "the search is another one now"
        await bob.do("PUT", f"/api/v1/statuses/{owl['id']}", status="An owl, no doubt")
        edited = await socket.hear()
        assert (edited.event, edited.payload["id"]) == ("status.update", owl["id"])
        await bob.do("DELETE", f"/api/v1/statuses/{owl['id']}")
        gone = await socket.hear()
        assert (gone.event, gone.payload) == ("delete", owl["id"])
        await alice.do("DELETE", f"/api/v1/searches/{wren}")
        await bob.post("An owl again")
        await world.settle()
        assert await socket.hear_all() == []


async def test_a_search_is_streamed_to_who_keeps_it_alone_and_by_a_path_of_its_own(
    world: World, streams: Streams
) -> None:
    alice, bob = await world.people("alice", "bob")
    await bob.do("PATCH", "/api/v1/accounts/update_credentials", indexable=True)
    wren = (await alice.do("POST", "/api/v1/searches", query="wren"))["id"]
    async with streams.socket(bob) as socket:
        await socket.subscribe("search", search=wren)
        assert (await socket.raw())["error"] == "Not authorized to stream this search"
        await socket.subscribe("search")
        assert (await socket.raw())["error"] == "Missing search parameter"
    before = await bob.post("A wren")
    world.clock.move(minutes=1)
    missed = await bob.post("Another wren")
    await world.settle(periodics=True)
    async with streams.events(alice, "/search", {"Last-Event-ID": before["id"]}, search=wren) as events:
        assert (await events.hear()).id == missed["id"]
        posted = await bob.post("A third wren")
        await world.settle()
        assert (await events.hear()).id == posted["id"]


@pytest.mark.parametrize("known", [True, False])
async def test_a_list_streams_what_its_searches_find_each_post_once(
    world: World, streams: Streams, monkeypatch: pytest.MonkeyPatch, *, known: bool
) -> None:
    if not known:
        monkeypatch.setattr(circles, "EDGES_MAX", 0)
    alice, bob, carol = await world.people("alice", "bob", "carol")
    await carol.do("PATCH", "/api/v1/accounts/update_credentials", indexable=True)
    birds = await make(alice, bob, replies_policy="none")
    for query in ("wren", "wren OR owl"):
        kept = await alice.do("POST", "/api/v1/searches", query=query)
        await alice.do("POST", f"/api/v1/lists/{birds}/searches", search_ids=[kept["id"]])
    await world.settle()
    async with streams.socket(alice) as socket:
        await socket.subscribe("list", list=birds)
        posts = [await bob.post("a wren by a member"), await carol.post("a wren"), await carol.post("owl")]
        await carol.post("a wren as an answer", in_reply_to_id=(await bob.post("what?"))["id"])
        await world.settle()
        heard = [await socket.hear() for _ in range(4)]
        assert ids_of(heard)[:3] == [one["id"] for one in posts]
        assert "answer" not in str([*heard, *await socket.hear_all()])
        await alice.relate("mute", carol)
        await carol.post("one more wren")
        await world.settle()
        assert await socket.hear_all() == []
