"""Everything of an account in one file: what is in it besides posts, messages and tables, and what is not."""

from datetime import UTC, datetime
from typing import Any

from attached import upload
from linnet.features.accounts.permissions import OPERATOR
from linnet.features.announcements import actions as announcements
from taken import Taken
from world import World

HERE = "https://linnet.test"


async def test_earlier_wordings_and_polls_go_along_with_posts(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    asked = {"options": ["owl", "wren"], "expires_in": 3600, "multiple": True}
    post = await alice.post("first words", poll=asked)
    await bob.do("POST", f"/api/v1/polls/{post['poll']['id']}/votes", choices=[1])
    await alice.do("PUT", f"/api/v1/statuses/{post['id']}", status="second words", spoiler_text="careful", poll=asked)
    await alice.do("PUT", f"/api/v1/statuses/{post['id']}", status="third words", poll=asked)
    plain = await alice.post("never changed")
    changed, unchanged = (one["object"] for one in (await Taken.of(world, alice)).json("outbox.json")["orderedItems"])
    assert (changed["type"], changed["source"]["content"], changed["votersCount"]) == ("Question", "third words", 1)
    assert [(one["name"], one["replies"]["totalItems"]) for one in changed["anyOf"]] == [("owl", 0), ("wren", 1)]
    former = changed["formerRepresentations"]
    assert former["totalItems"] == 2
    assert [(one["source"]["content"], one["summary"]) for one in former["orderedItems"]] == [
        ("first words", None),
        ("second words", "careful"),
    ]
    assert [option["name"] for option in former["orderedItems"][0]["oneOf"]] == ["owl", "wren"]
    assert unchanged["id"].endswith(plain["id"])
    assert unchanged["type"] == "Note"
    assert not {"formerRepresentations", "oneOf", "anyOf"} & unchanged.keys()


async def test_what_posts_and_messages_show_is_named_with_its_address_and_description(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    shown, said = await upload(alice, description="A wren"), await upload(alice)
    post = await alice.post("look", media_ids=[shown])
    await alice.post("@bob look", visibility="direct", media_ids=[said])
    taken = await Taken.of(world, alice)
    (note,) = (one["object"] for one in taken.json("outbox.json")["orderedItems"])
    (attached,) = note["attachment"]
    assert (attached["type"], attached["name"], attached["url"]) == (
        "Document",
        "A wren",
        post["media_attachments"][0]["url"],
    )
    (message,) = taken.json("messages.json")
    (in_private,) = message["attachment"]
    assert f"/media/{said}/" in in_private["url"]
    assert said not in (await Taken.of(world, bob)).texts["outbox.json"]


async def test_nobody_learns_from_their_archive_what_a_poll_hides_until_it_is_over(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    asked = {"options": ["owl", "wren"], "expires_in": 3600, "hide_totals": True}
    post = await alice.post("Which?", poll=asked)
    await bob.do("POST", f"/api/v1/polls/{post['poll']['id']}/votes", choices=[0])
    (one,) = (await Taken.of(world, alice)).json("outbox.json")["orderedItems"]
    assert one["object"]["oneOf"] == [{"type": "Note", "name": "owl"}, {"type": "Note", "name": "wren"}]
    world.clock.move(days=1, hours=1)
    await world.settle(periodics=True)
    (one,) = (await Taken.of(world, alice)).json("outbox.json")["orderedItems"]
    assert [option["replies"]["totalItems"] for option in one["object"]["oneOf"]] == [1, 0]


async def test_what_is_not_posted_yet_goes_along(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    poll = {"options": ["owl", "wren"], "expires_in": 600}
    await alice.do("POST", "/api/v1/drafts", status="a thought", poll=poll, visibility="private")
    at = (world.clock.now().replace(microsecond=0)).timestamp() + 86_400
    later = await alice.do("POST", "/api/v1/statuses", status="good morning", scheduled_at=_iso(at))
    taken = await Taken.of(world, alice)
    (draft,) = taken.json("drafts.json")
    assert (draft["text"], draft["visibility"], draft["poll"]["options"]) == ("a thought", "private", ["owl", "wren"])
    (scheduled,) = taken.json("scheduled.json")
    assert (scheduled["id"], scheduled["text"], scheduled["failure"]) == (later["id"], "good morning", None)
    assert not {"application", "idempotency_key", "scheduled_id"} & (draft.keys() | scheduled.keys())
    assert (await Taken.of(world, bob)).json("drafts.json") == []


async def test_own_votes_go_along_in_words_only_where_one_may_see_the_poll(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    open_, closed = [
        await bob.post(text, poll={"options": [f"{text} owl", f"{text} wren"], "expires_in": 600})
        for text in ("open", "closed")
    ]
    for post in (open_, closed):
        await alice.do("POST", f"/api/v1/polls/{post['poll']['id']}/votes", choices=[1])
    await bob.ask("DELETE", f"/api/v1/statuses/{closed['id']}")
    taken = await Taken.of(world, alice)
    expected: list[dict[str, Any]] = [
        {"status": f"{HERE}/@bob/{open_['id']}", "poll_id": open_["poll"]["id"], "chosen": ["open wren"], "places": [1]}
    ]
    assert [one for one in taken.json("votes.json") if one["chosen"]] == expected
    assert "closed" not in taken.texts["votes.json"]


async def test_what_one_was_told_goes_along_as_far_as_one_may_see_it_now(world: World) -> None:
    alice, bob, eve = await world.people("alice", "bob", "eve")
    mine = await alice.post("hello")
    await alice.follow(bob)
    await bob.mark("favourite", mine)
    await eve.mark("favourite", mine)
    gone = await bob.post("@alice a mistake")
    said = await bob.post("@alice in private", visibility="direct")
    await bob.follow(alice)
    await world.settle()
    await alice.relate("block", eve)
    await bob.ask("DELETE", f"/api/v1/statuses/{gone['id']}")
    told = (await Taken.of(world, alice)).json("notifications.json")
    assert sorted((one["type"], one["from"], one["status"], one["message_id"]) for one in told) == [
        ("favourite", "bob@linnet.test", f"{HERE}/@alice/{mine['id']}", None),
        ("follow", "bob@linnet.test", None, None),
        ("mention", "bob@linnet.test", None, said["id"]),
    ]
    assert told == sorted(told, key=lambda one: -int(one["id"]))


async def test_hashtags_searches_lists_and_what_became_of_announcements_go_along(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await alice.do("POST", "/api/v1/tags/Wren/follow")
    await alice.do("POST", "/api/v1/featured_tags", name="Owl")
    nests = await alice.do("POST", "/api/v1/searches", query="nest has:link", title="Nests")
    await alice.follow(bob)
    made = await alice.do("POST", "/api/v1/lists", title="Birds", replies_policy="none", exclusive=True)
    await alice.do("POST", f"/api/v1/lists/{made['id']}/accounts", account_ids=[str(bob.id)])
    await alice.do("POST", f"/api/v1/lists/{made['id']}/tags", tags=["finch"])
    await alice.do("POST", f"/api/v1/lists/{made['id']}/searches", search_ids=[nests["id"]])
    for account, name in ((alice, "put away"), (bob, "not mine")):
        await announcements.publish(world.engines, OPERATOR, name)
        (*_, shown) = await account.get("/api/v1/announcements")
        await account.do("POST", f"/api/v1/announcements/{shown['id']}/dismiss")
        await account.do("PUT", f"/api/v1/announcements/{shown['id']}/reactions/🐦")
    taken = await Taken.of(world, alice)
    assert taken.json("hashtags.json") == {"followed": ["wren"], "featured": ["Owl"]}
    (search,) = taken.json("searches.json")
    assert (search["title"], search["query"]) == ("Nests", "nest has:link")
    (list_,) = taken.json("lists.json")
    assert (list_["title"], list_["replies_policy"], list_["exclusive"]) == ("Birds", "none", True)
    assert (list_["accounts"], list_["hashtags"]) == (["bob@linnet.test"], ["finch"])
    assert list_["searches"] == ["nest has:link"]
    (announcement,) = taken.json("announcements.json")
    assert (announcement["dismissed"], announcement["reactions"]) == (True, ["🐦"])


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()
