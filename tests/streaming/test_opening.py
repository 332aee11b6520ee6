"""Opening a stream: where the token may be, what is refused and how, and what a socket may ask for."""

import json

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from linnet.features.sessions.apps import create_token
from linnet.streaming.limits import MESSAGE_BYTES_MAX, MESSAGES_PER_MINUTE
from streams import Heard, Streams, serving
from world import World


async def test_the_token_may_be_in_the_header_the_query_or_the_subprotocol_which_comes_back(
    world: World, streams: Streams
) -> None:
    alice = await world.person("alice")
    async with streams.socket(headers=alice.headers, stream="public") as socket:
        assert socket.connection.subprotocol is None
    async with streams.socket(alice, stream="public"):
        pass
    async with connect(
        f"ws://{streams.host}/api/v1/streaming/?stream=public",
        subprotocols=[alice.token, "another"],  # pyright: ignore[reportArgumentType] -- any text is one
    ) as connection:
        assert connection.subprotocol == alice.token


@pytest.mark.parametrize("token", [None, "wrong", "a.b.c"])
async def test_without_a_valid_token_it_is_refused_at_the_upgrade(streams: Streams, token: str | None) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with streams.socket(token=token, stream="public"):
            pass
    answer = refused.value.response
    assert answer.status_code == 401
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "error" in json.loads(answer.body)


async def test_an_app_for_itself_has_no_streams(world: World, streams: Streams) -> None:
    app = (
        await world.client.post("/api/v1/apps", json={"client_name": "A", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob"})
    ).json()
    body = {name: app[name] for name in ("client_id", "client_secret")}
    token = (await world.client.post("/oauth/token", json={**body, "grant_type": "client_credentials"})).json()
    answer = await streams.get("/api/v1/streaming/public", {"Authorization": f"Bearer {token['access_token']}"})
    assert answer.status_code == 401


async def test_an_unknown_stream_is_said_and_the_socket_stays(world: World, streams: Streams) -> None:
    alice = await world.person("alice")
    async with streams.socket(alice, stream="local") as socket:
        assert await socket.raw() == {"error": "Unknown stream type", "status": 400}
        await socket.subscribe("hashtag")
        assert (await socket.raw())["error"] == "Missing tag name parameter"
        await socket.subscribe("list", list="7")
        assert (await socket.raw())["error"] == "Not authorized to stream this list"
        for nonsense in ("nonsense", "[]", '{"type":"dance","stream":"user"}'):
            await socket.connection.send(nonsense)
            assert (await socket.raw())["status"] == 400
        await socket.subscribe("user")
        status = await alice.post("Still here")
        await world.settle()
        assert (await socket.hear()).payload["id"] == status["id"]


async def test_who_unsubscribes_hears_no_more(world: World, streams: Streams) -> None:
    alice = await world.person("alice")
    async with streams.socket(alice) as socket:
        await socket.subscribe("public")
        await socket.subscribe("public")
        await socket.subscribe("hashtag", tag="Finch")
        await alice.post("One #finch")
        await world.settle()
        assert {one.stream for one in await socket.hear_all()} == {("public",), ("hashtag", "Finch")}
        await socket.say(type="unsubscribe", stream="hashtag", tag="finch")
        await socket.say(type="unsubscribe", stream="public")
        await alice.post("Two #finch")
        await world.settle()
        assert await socket.hear_all() == []


async def test_a_token_hears_only_of_what_it_may_read(world: World, streams: Streams) -> None:
    alice, bob = await world.people("alice", "bob")
    statuses = (await create_token(world.engines, alice.id, ("read:statuses",))).token
    notifications = (await create_token(world.engines, alice.id, ("read:notifications",))).token
    async with (
        streams.socket(token=statuses, stream="user") as of_statuses,
        streams.socket(token=notifications, stream="user:notification") as of_notifications,
    ):
        await of_notifications.subscribe("user")
        assert await of_notifications.raw() == {"error": "This action is outside the authorized scopes", "status": 403}
        await of_statuses.subscribe("user:notification")
        assert (await of_statuses.raw())["status"] == 403
        await alice.post("Hello")
        await bob.follow(alice)
        await world.settle()
        assert [one.event for one in await of_statuses.hear_all()] == ["update"]
        assert [one.event for one in await of_notifications.hear_all()] == ["notification"]


async def test_what_is_no_stream_is_answered_as_the_api_does(world: World, streams: Streams) -> None:
    alice = await world.person("alice")
    assert (await streams.get("/api/v1/streaming/nothing", alice.headers)).json() == {"error": "Record not found"}
    answer = await streams.get("/api/v1/streaming/hashtag", alice.headers)
    assert (answer.status_code, answer.json()) == (400, {"error": "Missing tag name parameter"})
    assert (await streams.get("/api/v1/streaming", alice.headers)).status_code == 400
    assert (await streams.get("/health/ready")).json() == {"status": "OK"}
    with pytest.raises(InvalidStatus) as refused:
        await connect(f"ws://{streams.host}/elsewhere", additional_headers=alice.headers)
    assert refused.value.response.status_code == 404


async def test_one_account_and_one_address_have_so_many_streams(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    async with (
        serving(world, streams_per_account=2, streams_per_address=3) as streams,
        streams.socket(alice),
        streams.socket(alice),
    ):
        with pytest.raises(InvalidStatus) as refused:
            await streams.socket(alice).__aenter__()
        assert refused.value.response.status_code == 429
        assert int(refused.value.response.headers["retry-after"]) > 0
    async with serving(world, streams_per_address=3, trusted_proxies="127.0.0.0/8") as streams:
        for at in ("192.0.2.1", "2001:db8::1"):
            async with (
                streams.socket(alice, headers={"X-Forwarded-For": at}),
                streams.socket(bob, headers={"X-Forwarded-For": at}),
                streams.socket(carol, headers={"X-Forwarded-For": at}),
            ):
                neighbour = "2001:db8::2" if ":" in at else at
                answer = await streams.get("/api/v1/streaming/user", {**alice.headers, "X-Forwarded-For": neighbour})
                assert answer.status_code == 429


async def test_a_socket_has_so_many_subscriptions_and_says_so_much(world: World) -> None:
    alice = await world.person("alice")
    async with serving(world, stream_subscriptions=2) as streams, streams.socket(alice) as socket:
        for tag in ("one", "two", "three"):
            await socket.subscribe("hashtag", tag=tag)
        assert (await socket.raw())["status"] == 429
        for _ in range(MESSAGES_PER_MINUTE):
            await socket.subscribe("hashtag", tag="one")
        with pytest.raises(ConnectionClosed) as closed:
            await socket.hear()
        assert closed.value.rcvd is not None
        assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (1008, "Too many messages")
    async with serving(world) as streams:
        for said, code in (("x" * (MESSAGE_BYTES_MAX + 1), 1009), (b"binary", 1003)):
            async with streams.socket(alice) as socket:
                await socket.connection.send(said)
                with pytest.raises(ConnectionClosed) as closed:
                    await socket.hear()
                assert closed.value.rcvd is not None
                assert closed.value.rcvd.code == code


async def test_a_message_in_fragments_is_one(world: World, streams: Streams) -> None:
    alice = await world.person("alice")
    async with streams.socket(alice) as socket:
        await socket.connection.send(['{"type":"subscr', 'ibe","stream":', '"user"}'])
        status = await alice.post("Hello")
        await world.settle()
        heard: Heard = await socket.hear()
        assert heard.payload["id"] == status["id"]
