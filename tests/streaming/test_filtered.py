"""What people filter, as it is streamed: to each their own, and at once."""

from typing import Any

from streams import Streams, ids_of
from world import Person, World


async def make(who: Person, keyword: str, action: str, context: list[str], **more: Any) -> Any:
    body = {"title": f"by {who.username}", "context": context, "filter_action": action, **more}
    return await who.do("POST", "/api/v2/filters", keywords_attributes=[{"keyword": keyword}], **body)


async def test_each_hears_what_their_own_filters_say(world: World, streams: Streams) -> None:
    alice, warned, spared, plain = await world.people("alice", "warned", "spared", "plain")
    for reader in (warned, spared, plain):
        await reader.follow(alice)
    await make(warned, "finch", "warn", ["home"])
    await make(spared, "finch", "hide", ["home"])
    await world.settle()
    async with (
        streams.socket(warned, stream="user") as of_warned,
        streams.socket(spared, stream="user") as of_spared,
        streams.socket(spared, stream="public") as of_spared_in_public,
        streams.socket(plain, stream="user") as of_plain,
    ):
        finch, owl = await alice.post("a finch"), await alice.post("an owl")
        await world.settle()
        for reader, socket, matching in ((warned, of_warned, 1), (plain, of_plain, 0)):
            heard = await socket.hear_all()
            assert [one.payload for one in heard] == (await reader.home())[::-1]
            assert [len(one.payload["filtered"]) for one in heard] == [matching, 0]
            assert "by spared" not in str([one.payload for one in heard])
        assert ids_of(await of_spared.hear_all()) == [owl["id"]]
        assert ids_of(await of_spared_in_public.hear_all()) == [finch["id"], owl["id"]], "only at home it is hidden"


async def test_a_notification_that_is_filtered_away_is_not_streamed(world: World, streams: Streams) -> None:
    alice, bob = await world.people("alice", "bob")
    await make(bob, "finch", "hide", ["notifications"])
    async with streams.socket(bob, stream="user:notification") as socket:
        await alice.post("@bob a finch")
        owl = await alice.post("@bob an owl")
        await world.settle()
        assert [one.payload["status"]["id"] for one in await socket.hear_all()] == [owl["id"]]


async def test_a_change_of_filters_is_told_and_counts_for_what_comes_next(world: World, streams: Streams) -> None:
    alice, bob = await world.people("alice", "bob")
    await bob.follow(alice)
    await world.settle()
    async with streams.socket(bob, stream="user") as socket:
        await alice.post("a finch")
        await world.settle()
        assert [one.event for one in await socket.hear_all()] == ["update"]
        made = await make(bob, "finch", "hide", ["home"], expires_in=3_600)
        await alice.post("another finch")
        await world.settle()
        assert [one.event for one in await socket.hear_all()] == ["filters_changed"]
        world.clock.move(hours=2)
        await alice.post("a finch when it has run out")
        await world.settle()
        assert [one.event for one in await socket.hear_all()] == ["update"]
        await bob.do("PUT", f"/api/v2/filters/{made['id']}", expires_in=None)
        await alice.post("one more finch")
        await bob.do("DELETE", f"/api/v2/filters/{made['id']}")
        await world.settle()
        await alice.post("the last finch")
        await world.settle()
        assert [one.event for one in await socket.hear_all()].count("filters_changed") == 2


async def test_what_authors_decide_is_told_as_it_happens(world: World, streams: Streams) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    for reader in (bob, carol):
        await reader.follow(alice)
    await carol.follow(bob)
    await carol.relate("mute", alice)
    post = await alice.post("a finch")
    await world.settle()
    async with streams.socket(carol, stream="user") as socket:
        quote = await bob.post("look", quoted_status_id=post["id"])
        await world.settle()
        [heard] = await socket.hear_all()
        assert heard.payload == (await carol.home())[0]
        assert heard.payload["quote"]["state"] == "muted_account"
        await alice.do("POST", f"/api/v1/statuses/{post['id']}/quotes/{quote['id']}/revoke")
        [heard] = await socket.hear_all()
        assert (heard.event, heard.payload["quote"]) == ("status.update", {"state": "revoked", "quoted_status": None})
        await bob.do("PUT", f"/api/v1/statuses/{quote['id']}/interaction_policy", reply_policy="nobody")
        [heard] = await socket.hear_all()
        assert heard.payload["reply_approval"] == {"policy": "nobody", "current_user": "denied"}
