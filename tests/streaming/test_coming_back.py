"""A reader who comes back hears first what they missed: by Last-Event-ID, or by last_event_id in either protocol."""

import asyncio
import os
import signal
import tempfile
from pathlib import Path
from typing import Any

import pytest

from linnet.features.notifications.models import Kind
from linnet.platform.embedded import EmbeddedEngines
from linnet.streaming import replay
from linnet.streaming.limits import REPLAY_MAX
from seed import plant, quick_place
from streams import Streams, ids_of, serving
from world import World, open_world


@pytest.fixture(autouse=True)
def no_overlap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stories take milliseconds: what came two seconds before would come again."""
    monkeypatch.setattr(replay, "_OVERLAP", 0)


async def test_who_comes_back_hears_what_they_missed_in_its_order_and_then_what_comes(
    world: World, streams: Streams
) -> None:
    alice, bob = await world.people("alice", "bob")
    await bob.follow(alice)
    await world.settle()
    async with streams.events(bob, "/user") as events:
        first = await alice.post("first")
        await world.settle()
        assert (await events.hear()).id == first["id"]
    missed = [await alice.post(f"missed {n}") for n in range(3)]
    gone = await alice.post("gone again")
    await alice.do("DELETE", f"/api/v1/statuses/{gone['id']}")
    await alice.mark("favourite", await bob.post("mine"))
    await world.settle()
    own = (await bob.home())[0]
    (notification,) = await bob.get("/api/v1/notifications")
    expected = [*(one["id"] for one in missed), own["id"], notification["id"]]
    async with streams.events(bob, "/user", {"Last-Event-ID": first["id"]}) as events:
        heard = [await events.hear() for _ in expected]
        assert [one.id for one in heard] == expected
        assert heard[0].payload == (await bob.home())[3]
        assert (heard[-1].event, heard[-1].payload) == ("notification", notification)
        last = await alice.post("and on")
        await world.settle()
        assert (await events.hear()).id == last["id"]
    async with streams.socket(bob, stream="user", last_event_id=first["id"]) as socket:
        told = await socket.hear_all()
        assert [one.payload["id"] for one in told] == [*expected, last["id"]]
    async with streams.socket(bob) as socket:
        await socket.subscribe("user", last_event_id=missed[-1]["id"])
        assert [one.payload["id"] for one in await socket.hear_all()] == [*expected[3:], last["id"]]


async def test_who_comes_back_hears_of_new_wordings_of_what_they_have(world: World, streams: Streams) -> None:
    alice, bob = await world.people("alice", "bob")
    await bob.follow(alice)
    old, edited, last = [await alice.post(f"{n} #finch") for n in range(3)]
    await alice.do("PUT", f"/api/v1/statuses/{old['id']}", status="reworded before #finch")
    world.clock.move(minutes=1)
    seen = await alice.post("seen #finch")
    world.clock.move(minutes=1)
    await alice.do("PUT", f"/api/v1/statuses/{edited['id']}", status="reworded #finch")
    new = await alice.post("new #finch")
    await alice.do("PUT", f"/api/v1/statuses/{new['id']}", status="new, and reworded #finch")
    await alice.mark("favourite", last)
    await world.settle()
    for path, more in (("/user", {}), ("/public", {}), ("/hashtag", {"tag": "finch"})):
        async with streams.events(bob, path, {"Last-Event-ID": seen["id"]}, **more) as events:
            heard = [await events.hear(), await events.hear()]
            assert [(one.event, one.payload["id"], one.id) for one in heard] == [
                ("status.update", edited["id"], ""),
                ("update", new["id"], new["id"]),
            ]
            assert "reworded" in heard[0].payload["content"]
            after = await alice.post("on it goes #finch")
            await world.settle()
            assert (await events.hear()).payload["id"] == after["id"]
            await alice.do("DELETE", f"/api/v1/statuses/{after['id']}")


async def test_it_holds_for_public_streams_and_hashtags(world: World, streams: Streams) -> None:
    alice, bob = await world.people("alice", "bob")
    first, second = [await alice.post(f"{n} #finch") for n in range(2)]
    third = await alice.post("no tag")
    await world.settle()
    async with streams.socket(bob, stream="hashtag", tag="Finch", last_event_id=first["id"]) as socket:
        heard = await socket.hear()
        assert (heard.stream, heard.payload["id"]) == (("hashtag", "Finch"), second["id"])
    async with streams.events(bob, "/public/local", last_event_id=first["id"]) as events:
        assert [(await events.hear()).id, (await events.hear()).id] == [second["id"], third["id"]]
    async with streams.events(bob, "/user/notification", last_event_id="1") as events:
        await bob.follow(alice)
        await alice.follow(bob)
        await world.settle()
        assert (await events.hear()).payload["type"] == Kind.FOLLOW


async def test_what_may_not_be_seen_any_more_was_not_missed(world: World, streams: Streams) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    for other in (alice, carol):
        await bob.follow(other)
    await world.settle()
    first = await bob.post("first")
    secret = await alice.post("for followers", visibility="private")
    await carol.post("of somebody muted")
    await world.settle()
    await bob.relate("unfollow", alice)
    await bob.relate("mute", carol)
    await world.settle()
    async with streams.socket(bob, stream="user", last_event_id=first["id"]) as socket:
        assert await socket.hear_all() == []
    assert secret["visibility"] == "private"


async def test_of_very_much_that_was_missed_the_newest_comes(world: World, streams: Streams) -> None:
    alice = await world.person("alice")
    first = await alice.post("first")
    ids = [(await alice.post(f"number {n}"))["id"] for n in range(REPLAY_MAX + 5)]
    await world.settle()
    async with streams.socket(alice, stream="user", last_event_id=first["id"]) as socket:
        assert ids_of(await socket.hear_all(1.0)) == ids[5:]


async def test_what_comes_while_it_is_told_what_was_missed_comes_once_and_after_it(
    world: World, streams: Streams
) -> None:
    alice = await world.person("alice")
    first = await alice.post("first")
    await world.settle()
    ids: list[str] = []

    async def post_on() -> None:
        for number in range(30):
            ids.append((await alice.post(f"number {number}"))["id"])
            await world.settle()

    posting = asyncio.create_task(post_on())
    async with streams.socket(alice) as socket:
        await asyncio.sleep(0.05)
        await socket.subscribe("user", last_event_id=first["id"])
        await posting
        assert ids_of(await socket.hear_all(0.5)) == ids


async def test_without_valkey_streams_stay_and_go_on_when_it_is_back(seed: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="linnet-", dir=quick_place()) as folder:
        Path(folder).chmod(0o711)  # noqa: ASYNC240 -- no disk worth speaking of
        plant(seed, Path(folder, "data"))
        async with (
            EmbeddedEngines(Path(folder, "data"), durable=False) as engines,
            open_world(engines.database_url, engines.valkey_url) as world,
            serving(world) as streams,
        ):
            alice, bob, carol = await world.people("alice", "bob", "carol")
            await bob.follow(alice)
            await world.settle()
            async with (
                streams.socket(bob, stream="user") as socket,
                streams.socket(carol, stream="user") as of_carol,
            ):
                pid = engines.pid("valkey")
                assert pid is not None
                os.kill(pid, signal.SIGSTOP)
                try:
                    missed = await alice.post("while it is away")
                    assert (await streams.get("/api/v1/streaming/health")).text == "OK"
                    await world.suspend(carol)
                    with pytest.raises(Exception, match="no longer valid"):
                        await of_carol.hear()  # by PostgreSQL alone
                finally:
                    os.kill(pid, signal.SIGKILL)
                async with asyncio.timeout(20):
                    heard: list[str] = []
                    status: Any = None
                    while not await world.engines.changes.catch_up():  # noqa: ASYNC110 -- nothing tells of it
                        await asyncio.sleep(0.05)
                    while not heard:
                        status = await alice.post("is it back?")
                        await world.settle()
                        heard = ids_of(await socket.hear_all(0.3))
                assert status["id"] in heard
            async with streams.socket(bob, stream="user", last_event_id=str(int(missed["id"]) - 1)) as socket:
                assert (await socket.hear()).payload["id"] == missed["id"]
