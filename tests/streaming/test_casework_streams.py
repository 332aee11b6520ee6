"""What staff do is told at once: a warning to its person, a report to the staff, and silence to strangers."""

from linnet.features.accounts.models import Role
from linnet.features.accounts.permissions import OPERATOR
from linnet.features.cases import actions
from linnet.features.cases.models import Act, Action
from streams import Streams
from world import World


async def test_a_warning_and_a_report_arrive_at_once(world: World, streams: Streams) -> None:
    ann, mallory = await world.people("ann", "mallory")
    maud = await world.person("maud", role=Role.MODERATOR)
    await world.settle()
    async with (
        streams.socket(mallory, stream="user:notification") as of_mallory,
        streams.socket(maud, stream="user:notification") as of_maud,
    ):
        await ann.do("POST", "/api/v1/reports", account_id=str(mallory.id), comment="Rude")
        await actions.act(world.engines, OPERATOR, Act(account_id=mallory.id, action=Action.WARN, text="Be kind"))
        await world.settle()
        (told,) = await of_mallory.hear_all()
        assert (told.payload["type"], told.payload["moderation_warning"]["text"]) == ("moderation_warning", "Be kind")
        (told,) = await of_maud.hear_all()
        assert (told.payload["type"], told.payload["report"]["comment"]) == ("admin.report", "Rude")


async def test_what_a_limited_account_posts_streams_to_who_follows_it_only(world: World, streams: Streams) -> None:
    mallory, friend, stranger = await world.people("mallory", "friend", "stranger")
    await friend.follow(mallory)
    await stranger.follow(friend)
    await stranger.do("POST", "/api/v1/tags/birds/follow")
    await world.settle()
    async with (
        streams.socket(friend, stream="user") as of_friend,
        streams.socket(stranger, stream="user") as of_stranger,
        streams.socket(stranger, stream="public") as of_public,
        streams.socket(stranger, stream="hashtag", tag="birds") as of_birds,
    ):
        before = await mallory.post("One #birds")
        await world.settle()
        for socket in (of_friend, of_stranger, of_public, of_birds):
            assert [one.payload["id"] for one in await socket.hear_all()] == [before["id"]]
        await actions.act(world.engines, OPERATOR, Act(account_id=mallory.id, action=Action.LIMIT))
        after = await mallory.post("Two #birds")
        await world.settle()
        await friend.mark("reblog", after)
        await world.settle()
        assert after["id"] in [one.payload["id"] for one in await of_friend.hear_all() if one.event == "update"]
        for socket in (of_stranger, of_public, of_birds):
            assert not [one for one in await socket.hear_all() if one.event == "update"]
