"""Stories over real sockets: who hears of what, as it happens."""

import asyncio

import pytest

from linnet.streaming import hub
from streams import Streams, ids_of, serving
from world import World


async def test_a_post_reaches_followers_and_its_author_and_nobody_else(world: World, streams: Streams) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    await bob.follow(alice)
    await world.settle()
    async with (
        streams.socket(alice, stream="user") as of_alice,
        streams.socket(bob, stream="user") as of_bob,
        streams.socket(carol, stream="user") as of_carol,
    ):
        status = await alice.post("Hello")
        await world.settle()
        heard = await of_bob.hear()
        assert (heard.stream, heard.event) == (("user",), "update")
        assert heard.payload == (await bob.home())[0]
        assert ids_of(await of_alice.hear_all()) == [status["id"]]
        assert await of_carol.hear_all() == []


async def test_an_edit_and_a_deletion_follow_a_post(world: World, streams: Streams) -> None:
    alice, bob = await world.people("alice", "bob")
    await bob.follow(alice)
    await world.settle()
    async with streams.socket(bob, stream="user") as socket:
        status = await alice.post("Hello")
        await world.settle()
        await alice.do("PUT", f"/api/v1/statuses/{status['id']}", status="Hello, all")
        await world.settle()
        await alice.do("DELETE", f"/api/v1/statuses/{status['id']}")
        heard = await socket.hear_all()
        assert [one.event for one in heard] == ["update", "status.update", "delete"]
        assert "Hello, all" in heard[1].payload["content"]
        assert heard[1].payload["edited_at"] is not None
        assert heard[2].payload == status["id"]


async def test_notifications_come_on_the_stream_of_their_reader(world: World, streams: Streams) -> None:
    alice, bob = await world.people("alice", "bob")
    async with (
        streams.socket(alice, stream="user") as all_of_it,
        streams.socket(alice, stream="user:notification") as notifications,
    ):
        await bob.follow(alice)
        await world.settle()
        heard = await all_of_it.hear()
        assert (heard.event, heard.payload) == ("notification", (await alice.get("/api/v1/notifications"))[0])
        assert (await notifications.hear()).stream == ("user:notification",)


async def test_public_streams_and_hashtags_carry_what_their_timelines_do(world: World, streams: Streams) -> None:
    alice, bob = await world.people("alice", "bob")
    async with streams.socket(bob) as socket:
        for stream in ("public", "public:local", "public:remote", "public:media"):
            await socket.subscribe(stream)
        await socket.subscribe("hashtag", tag="Linnets")
        await socket.subscribe("hashtag:local", tag="linnets")
        first = await alice.post("Seen: #linnets")
        await alice.post("quietly #linnets", visibility="unlisted")
        await alice.post("Nothing")
        reply = await bob.post("@alice and #linnets", in_reply_to_id=first["id"])
        await world.settle()
        heard = await socket.hear_all()
    by_stream = {one.stream: [h.payload["id"] for h in heard if h.stream == one.stream] for one in heard}
    timeline = [one["id"] for one in await bob.get("/api/v1/timelines/public")][::-1]
    tagged = [one["id"] for one in await bob.get("/api/v1/timelines/tag/linnets")][::-1]
    assert by_stream == {
        ("public",): timeline,
        ("public:local",): timeline,
        ("hashtag", "Linnets"): tagged,
        ("hashtag:local", "linnets"): tagged,
    }
    assert reply["id"] in tagged
    assert reply["id"] not in timeline


async def test_server_sent_events_say_the_same(world: World, streams: Streams) -> None:
    alice, bob = await world.people("alice", "bob")
    await bob.follow(alice)
    await world.settle()
    async with streams.events(bob, "/user") as events, streams.events(bob, "/public", only_media="true") as media:
        assert await events.comment() == "thump"
        status = await alice.post("Hello")
        await world.settle()
        heard = await events.hear()
        assert (heard.event, heard.id, heard.payload) == ("update", status["id"], (await bob.home())[0])
        assert await media.comment() == "thump"
    assert (await streams.get("/api/v1/streaming/health")).text == "OK"


async def test_what_waited_of_a_stranger_is_told_as_merged_when_they_are_let_in(world: World, streams: Streams) -> None:
    alice, bob = await world.people("alice", "bob")
    await alice.do("PATCH", "/api/v2/notifications/policy", for_not_following="filter")
    async with streams.socket(alice, stream="user") as socket, streams.events(alice, "/user/notification") as events:
        await bob.post("@alice hello")
        await world.settle()
        assert await socket.hear_all() == []
        (request,) = await alice.get("/api/v1/notifications/requests")
        await alice.do("POST", f"/api/v1/notifications/requests/{request['id']}/accept")
        await world.settle()
        heard = await socket.hear()
        assert (heard.event, heard.payload) == ("notifications_merged", None)
        assert (await events.hear()).event == "notifications_merged"


async def test_changed_filters_are_told_to_whose_they_are(world: World, streams: Streams) -> None:
    alice, bob = await world.people("alice", "bob")
    async with streams.socket(alice, stream="user") as of_alice, streams.socket(bob, stream="user") as of_bob:
        await alice.do("POST", "/api/v2/filters", title="Birds", context=["home"])
        assert (await of_alice.raw()) == {"stream": ["user"], "event": "filters_changed"}
        assert await of_bob.hear_all() == []


async def test_what_one_has_done_with_a_post_is_in_what_one_hears_of_it(world: World, streams: Streams) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    for reader in (bob, carol):
        await reader.follow(alice)
    await world.settle()
    status = await alice.post("Hello")
    await bob.mark("favourite", status)
    await bob.mark("bookmark", status)
    await world.settle()
    async with streams.socket(bob, stream="user") as of_bob, streams.socket(carol, stream="user") as of_carol:
        await alice.do("PUT", f"/api/v1/statuses/{status['id']}", status="Hello, all")
        for person, socket, marked in ((bob, of_bob, True), (carol, of_carol, False)):
            heard = await socket.hear()
            assert heard.payload == await person.get(f"/api/v1/statuses/{status['id']}")
            assert heard.payload["favourited"] is heard.payload["bookmarked"] is marked


async def test_one_message_is_made_for_all_who_see_the_same(world: World, streams: Streams) -> None:
    alice, *readers = await world.people("alice", "bob", "carol", "dan")
    for reader in readers:
        await reader.follow(alice)
    await world.settle()
    async with (
        streams.socket(readers[0], stream="user"),
        streams.socket(readers[1], stream="user"),
        streams.socket(readers[2], stream="user"),
    ):
        listeners = list(streams.streaming.hub.registry.listeners)
        told: list[int] = []
        for listener in listeners:
            listener.send = lambda message: told.append(id(message.frame))
        await alice.post("Hello")
        await world.settle()
        async with asyncio.timeout(5):
            while len(told) < len(readers):  # noqa: ASYNC110 -- nothing tells of it
                await asyncio.sleep(0.01)
        assert len(set(told)) == 1


async def test_a_list_carries_what_its_timeline_does_to_its_owner_alone(world: World, streams: Streams) -> None:
    alice, bob, carol, dan = await world.people("alice", "bob", "carol", "dan")
    for other in (bob, carol):
        await alice.follow(other)
    made = await alice.do("POST", "/api/v1/lists", title="Birds")
    await alice.do("POST", f"/api/v1/lists/{made['id']}/accounts", account_ids=[str(bob.id)])
    await world.settle()
    async with streams.socket(dan, stream="list", list=made["id"]) as stranger:
        assert await stranger.raw() == {"error": "Not authorized to stream this list", "status": 403}
    async with (
        streams.socket(alice, stream="list", list=made["id"]) as socket,
        streams.events(alice, "/list", list=made["id"]) as events,
    ):
        first = await bob.post("on the list", visibility="private")
        await carol.post("not on it")
        await bob.post("@dan an answer to nobody known")
        await bob.post("between us, @alice", visibility="direct")
        await world.settle()
        await bob.do("DELETE", f"/api/v1/statuses/{first['id']}")
        heard = await socket.hear_all()
        assert {one.stream for one in heard} == {("list", made["id"])}
        listed = [one["id"] for one in await alice.get(f"/api/v1/timelines/list/{made['id']}")][::-1]
        assert ids_of(heard) == [first["id"], *listed]
        assert [one.payload for one in heard if one.event == "delete"] == [first["id"]]
        assert (await events.hear()).payload["id"] == first["id"]
    await alice.do("DELETE", f"/api/v1/lists/{made['id']}/accounts", account_ids=[str(bob.id)])
    async with streams.socket(alice, stream="list", list=made["id"], last_event_id="1") as socket:
        await bob.post("on no list any more")
        await world.settle()
        assert await socket.hear_all() == []


async def test_posts_under_a_followed_hashtag_come_home(world: World, streams: Streams) -> None:
    alice, bob = await world.people("alice", "bob")
    async with streams.socket(alice, stream="user") as socket:
        await bob.post("before #finch")
        await alice.do("POST", "/api/v1/tags/finch/follow")
        status = await bob.post("after #finch")
        await world.settle()
        await bob.do("DELETE", f"/api/v1/statuses/{status['id']}")
        heard = await socket.hear_all()
        assert ids_of(heard)[-1] == status["id"]
        assert (heard[-1].event, heard[-1].payload) == ("delete", status["id"])
        await alice.do("POST", "/api/v1/tags/finch/unfollow")
        await bob.post("no more #finch")
        await world.settle()
        assert await socket.hear_all() == []


async def test_votes_and_previews_are_told_of_but_not_one_by_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "TOUCHED_EVERY_S", 0.5)
    alice, bob, carol, dan = await world.people("alice", "bob", "carol", "dan")
    await bob.follow(alice)
    poll = {"options": ["owl", "wren"], "expires_in": 3600}
    async with serving(world) as streams, streams.socket(bob, stream="user") as socket:
        asked = await alice.post("Which?", poll=poll)
        await world.settle()
        assert (await socket.hear()).payload["poll"]["votes_count"] == 0
        for person in (carol, dan):
            await person.do("POST", f"/api/v1/polls/{asked['poll']['id']}/votes", choices=[1])
        heard = [await socket.hear()]
        if heard[0].payload["poll"]["votes_count"] == 1:  # a moment of the clock was between the two
            heard.append(await socket.hear())
        assert (heard[-1].event, heard[-1].payload["edited_at"]) == ("status.update", None)
        assert [one["votes_count"] for one in heard[-1].payload["poll"]["options"]] == [0, 2]
        world.clock.move(hours=2)
        await world.settle(periodics=True)
        over = await socket.hear()
        while over.event != "status.update":
            over = await socket.hear()
        assert over.payload["poll"]["expired"] is True
