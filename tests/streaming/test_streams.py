"""Stories over real sockets: who hears of what, as it happens."""

from streams import Streams, ids_of
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
