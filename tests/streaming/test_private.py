"""What is told of conversations as it happens: to those they are for, as Mastodon's clients and as ours hear it."""

from typing import Any

from streams import Streams
from world import Person, World

THREADS = "/api/v1/messages/threads"


async def test_a_conversation_is_told_on_the_direct_stream_of_each_who_is_in_it(world: World, streams: Streams) -> None:
    ann, ben, eve = await world.people("ann", "ben", "eve")
    async with (
        streams.socket(ann, stream="direct") as of_ann,
        streams.socket(ben, stream="direct") as of_ben,
        streams.socket(eve, stream="direct") as of_eve,
        streams.socket(ben, stream="user") as home_of_ben,
    ):
        said = await ann.post("@ben hello", visibility="direct")
        heard = await of_ben.hear()
        assert (heard.stream, heard.event) == (("direct",), "conversation")
        (conversation,) = await ben.get("/api/v1/conversations")
        assert heard.payload == conversation
        assert (conversation["unread"], conversation["last_status"]["id"]) == (True, said["id"])
        assert (await of_ann.hear()).payload["unread"] is False
        await ben.do("POST", f"/api/v1/conversations/{conversation['id']}/read")
        assert (await of_ben.hear()).payload["unread"] is False
        await ann.do("DELETE", f"/api/v1/statuses/{said['id']}")
        assert (await of_ben.hear()).payload["last_status"] is None
        assert await of_eve.hear_all() == []
        assert [one.event for one in await home_of_ben.hear_all()] == []


async def test_our_own_clients_hear_each_message_and_what_becomes_of_it(world: World, streams: Streams) -> None:
    ann, ben = await friends(world, "ann", "ben")
    async with streams.socket(ben, stream="messages") as socket:
        thread = await ann.do("POST", THREADS, text="one", account_ids=[str(ben.id)])
        message = thread["last_message"]
        path = f"{THREADS}/{thread['id']}"
        heard = await socket.hear()
        assert (heard.event, heard.payload) == ("message", await ben.get(f"/api/v1/messages/{message['id']}"))
        await ann.do("PUT", f"/api/v1/messages/{message['id']}", text="two")
        heard = await socket.hear()
        assert (heard.event, heard.payload["text"]) == ("message.update", "two")
        await ann.do("POST", f"{path}/typing")
        heard = await socket.hear()
        told = {"thread_id": thread["id"], "account_id": str(ann.id)}
        assert (heard.event, heard.payload) == ("message.typing", told)
        await ben.do("POST", f"{path}/messages", text="three")
        answer = (await socket.hear()).payload
        await ann.do("POST", f"{path}/read")
        heard = await socket.hear()
        assert (heard.event, heard.payload) == ("message.read", {**told, "message_id": answer["id"]})
        await ann.do("DELETE", f"/api/v1/messages/{message['id']}", scope="all")
        heard = await socket.hear()
        assert (heard.event, heard.payload) == ("message.delete", {"id": message["id"], "thread_id": thread["id"]})


async def test_who_keeps_reading_and_typing_to_themselves_is_not_told_of(world: World, streams: Streams) -> None:
    ann, ben = await friends(world, "ann", "ben")
    thread = await ann.do("POST", THREADS, text="one", account_ids=[str(ben.id)])
    path = f"{THREADS}/{thread['id']}"
    async with streams.socket(ann, stream="messages") as socket:
        await ben.do("PATCH", "/api/v1/messages/settings", read_receipts=False, typing_indicators=False)
        await ben.do("POST", f"{path}/typing")
        await ben.do("POST", f"{path}/read")
        assert await socket.hear_all() == []
        await ben.do("PATCH", "/api/v1/messages/settings", typing_indicators=True)
        await ben.do("POST", f"{path}/typing")
        assert (await socket.hear()).event == "message.typing"


async def test_a_stranger_is_not_told_who_reads_or_types_and_who_declined_hears_nothing(
    world: World, streams: Streams
) -> None:
    ann, stranger = await world.people("ann", "stranger")
    thread = await stranger.do("POST", THREADS, text="hello", account_ids=[str(ann.id)])
    path = f"{THREADS}/{thread['id']}"
    async with (
        streams.socket(stranger, stream="messages") as of_stranger,
        streams.socket(ann, stream="messages") as of_ann,
        streams.socket(ann, stream="direct") as conversations_of_ann,
    ):
        await ann.do("POST", f"{path}/typing")
        await ann.do("POST", f"{path}/read")
        await stranger.do("POST", f"{path}/typing")
        assert await of_stranger.hear_all() == []
        await conversations_of_ann.hear_all()
        await ann.do("POST", f"{path}/decline")
        await stranger.do("POST", f"{path}/messages", text="hello?")
        assert await of_ann.hear_all() == []
        assert await conversations_of_ann.hear_all() == []
        assert [one.event for one in await of_stranger.hear_all()] == ["message"]


async def test_with_a_block_between_them_two_in_a_group_hear_nothing_of_each_other(
    world: World, streams: Streams
) -> None:
    ann, ben, cleo = await friends(world, "ann", "ben", "cleo")
    ids = [str(ben.id), str(cleo.id)]
    group = await ann.do("POST", THREADS, text="all of us", account_ids=ids)
    path = f"{THREADS}/{group['id']}"
    await ben.relate("block", cleo)
    async with (
        streams.socket(ben, stream="messages") as of_ben,
        streams.socket(cleo, stream="messages") as of_cleo,
    ):
        for one in (ben, cleo):
            await one.do("POST", f"{path}/typing")
            await one.do("POST", f"{path}/messages", text=f"by {one.username}")
            await one.do("POST", f"{path}/read")
        assert texts(await of_ben.hear_all()) == ["by ben"]
        assert texts(await of_cleo.hear_all()) == ["by cleo"]


async def test_who_comes_back_hears_what_was_said_meanwhile(world: World, streams: Streams) -> None:
    ann, ben, eve = await friends(world, "ann", "ben", "eve")
    first = await ann.post("@ben one", visibility="direct")
    world.clock.move(minutes=1)
    second = await ann.post("@ben two", visibility="direct")
    await eve.post("@ann not for ben", visibility="direct")
    third = await eve.post("@ben three", visibility="direct")
    async with streams.socket(ben, stream="messages", last_event_id=first["id"]) as socket:
        heard = [await socket.hear() for _ in range(2)]
        assert [(one.event, one.payload["id"]) for one in heard] == [
            ("message", second["id"]),
            ("message", third["id"]),
        ]
        assert await socket.hear_all() == []
    async with streams.socket(ben, stream="direct", last_event_id=second["id"]) as socket:
        heard = [one for one in await socket.hear_all() if one.payload["last_status"]["id"] != second["id"]]
        assert [(one.event, one.payload["last_status"]["id"]) for one in heard] == [("conversation", third["id"])]


def texts(heard: Any) -> list[str]:
    """What was said; anything else by its name."""
    return [one.payload["text"] if one.event == "message" else one.event for one in heard]


async def friends(world: World, *names: str) -> list[Person]:
    """People who follow one another."""
    people = await world.people(*names)
    for one in people:
        for other in people:
            if one is not other:
                await one.follow(other)
    return people
