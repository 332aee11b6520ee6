"""Announcements over real sockets: told to everybody, with what is said to them, and taken back."""

from linnet.features.accounts.permissions import OPERATOR
from linnet.features.announcements import actions
from streams import Streams
from world import World


async def test_everybody_hears_of_an_announcement_its_reactions_and_its_end(world: World, streams: Streams) -> None:
    alice, bob = await world.people("alice", "bob")
    async with streams.socket(alice, stream="user") as of_alice, streams.events(bob, "/user") as of_bob:
        announcement_id = await actions.publish(world.engines, OPERATOR, "Hello #birds")
        for heard in (await of_alice.hear(), await of_bob.hear()):
            assert heard.event == "announcement"
            assert heard.payload["id"] == str(announcement_id)
            assert heard.payload["content"].startswith("<p>Hello <a")
            assert "read" not in heard.payload
        path = f"/api/v1/announcements/{announcement_id}"
        await bob.do("PUT", f"{path}/reactions/🐦")
        heard = await of_alice.hear()
        assert heard.event == "announcement.reaction"
        assert heard.payload == {"name": "🐦", "count": 1, "announcement_id": str(announcement_id)}
        await bob.do("DELETE", f"{path}/reactions/🐦")
        assert (await of_alice.hear()).payload["count"] == 0
        await actions.unpublish(world.engines, OPERATOR, announcement_id)
        raw = await of_alice.raw()
        assert (raw["event"], raw["payload"]) == ("announcement.delete", str(announcement_id))
