"""Stories from the edges: blocks in the middle of a talk, people who are gone, keys whose status is gone."""

from typing import Any

import pytest

from linnet.features.accounts import actions as accounts
from world import Person, World


async def refused(person: Person, **body: Any) -> int:
    answer = await person.ask("POST", "/api/v1/statuses", json=body)
    assert not answer.is_success
    return answer.status_code


async def ids(person: Person, path: str, **params: Any) -> list[str]:
    return [one["id"] for one in await person.get(f"/api/v1/{path}", **params)]


async def test_nobody_answers_quotes_or_marks_who_blocks_them_or_what_is_deleted(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    status, brief = await alice.post("open to all"), await alice.post("brief")
    await alice.do("DELETE", f"/api/v1/statuses/{brief['id']}")
    await alice.relate("block", bob)
    for gone in (status, brief):
        assert await refused(bob, status="but", in_reply_to_id=gone["id"]) == 404
        assert await refused(bob, status="but", quoted_status_id=gone["id"]) == 404
        for verb in ("favourite", "reblog", "bookmark", "mute"):
            assert (await bob.ask("POST", f"/api/v1/statuses/{gone['id']}/{verb}")).status_code == 404


async def test_what_one_may_not_see_any_more_can_still_be_taken_back(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    status, other = await alice.post("one"), await alice.post("two")
    for verb in ("favourite", "bookmark", "reblog"):
        await bob.mark(verb, status)
    reblog = await bob.mark("reblog", other)
    await alice.relate("block", bob)
    for verb in ("unfavourite", "unbookmark", "unreblog"):
        assert (await bob.ask("POST", f"/api/v1/statuses/{status['id']}/{verb}")).status_code == 404
    assert (await bob.ask("DELETE", f"/api/v1/statuses/{reblog['id']}")).status_code == 404
    await world.settle(periodics=True)
    for one in (status, other):
        left = await alice.get(f"/api/v1/statuses/{one['id']}")
        assert (left["favourites_count"], left["reblogs_count"]) == (0, 0)
    assert (await alice.get(f"/api/v1/accounts/{bob.id}"))["statuses_count"] == 0


async def test_what_is_no_language_is_not_kept(world: World) -> None:
    alice = await world.person("alice")
    assert (await alice.post("hi", language="de-CH"))["language"] == "de-CH"
    for odd in ("x" * 40, "<b>", "e n", "de-"):
        assert (await alice.post("hi", language=odd))["language"] is None


async def test_a_mention_of_who_blocks_me_or_whom_i_block_tells_nobody(world: World) -> None:
    alice, blocker, blocked = await world.people("alice", "blocker", "blocked")
    await blocker.relate("block", alice)
    await alice.relate("block", blocked)
    private = await alice.post("psst @blocker @blocked", visibility="private")
    await world.settle()
    for person in (blocker, blocked):
        assert await person.get("/api/v1/notifications") == []
        assert await person.home() == []
    path = f"/api/v1/statuses/{private['id']}"
    assert (await blocker.ask("GET", path)).status_code == 200  # it is addressed to them; they need not look
    assert (await blocked.ask("GET", path)).status_code == 404


async def test_an_edit_adds_readers_to_a_private_post_and_takes_none_away(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    note = await alice.post("for @bob", visibility="private")
    path = f"/api/v1/statuses/{note['id']}"
    assert (await carol.ask("GET", path)).status_code == 404
    await alice.do("PUT", path, status="for @carol")
    await world.settle()
    assert [m["username"] for m in (await carol.get(path))["mentions"]] == ["carol"]
    assert (await bob.ask("GET", path)).status_code == 200  # has read it before; whatever was said cannot be unsaid
    assert [one["type"] for one in await carol.get("/api/v1/notifications")] == ["mention"]


async def test_words_are_cleaned_in_an_edit_as_they_are_in_a_post(world: World) -> None:
    alice = await world.person("alice")
    typed = "one\r\ntwo\u202e\x07"
    status = await alice.post(typed)
    path = f"/api/v1/statuses/{status['id']}"
    assert (await alice.get(f"{path}/source"))["text"] == "one\ntwo"
    assert (await alice.do("PUT", path, status=typed))["edited_at"] is None
    await alice.do("PUT", path, status=typed + "!", spoiler_text="a\x07b")
    assert await alice.get(f"{path}/source") == {"id": status["id"], "text": "one\ntwo!", "spoiler_text": "ab"}


async def test_a_reblog_of_ones_own_private_post_reaches_followers_and_nobody_else(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    await bob.follow(alice)
    secret = await alice.post("ours", visibility="private")
    reblog = await alice.mark("reblog", secret, visibility="public")
    await world.settle()
    path = f"/api/v1/statuses/{reblog['id']}"
    assert (await bob.get(path))["reblog"]["id"] == secret["id"]
    assert (await carol.ask("GET", path)).status_code == 404
    assert (await world.get(path)).status_code == 404
    assert await ids(carol, f"accounts/{alice.id}/statuses") == []
    assert await ids(bob, f"accounts/{alice.id}/statuses") == [reblog["id"], secret["id"]]


async def test_only_public_posts_are_in_public_timelines(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await bob.follow(alice)
    public = await alice.post("#all of you")
    for visibility in ("unlisted", "private", "direct"):
        await alice.post(f"#all {visibility} @bob", visibility=visibility)
    answer = await alice.post("#all an answer", in_reply_to_id=(await bob.post("hm"))["id"])
    assert public["id"] in await ids(bob, "timelines/public")
    assert answer["id"] not in await ids(bob, "timelines/public")
    assert await ids(bob, "timelines/tag/all") == [answer["id"], public["id"]]


@pytest.mark.parametrize("verb", ["block", "mute"])
async def test_a_silenced_answer_is_left_out_of_a_thread_but_what_hangs_below_stays(world: World, verb: str) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    root = await alice.post("root")
    rude = await bob.post("rude", in_reply_to_id=root["id"])
    calm = await carol.post("calm", in_reply_to_id=rude["id"])
    await alice.relate(verb, bob)
    context = await alice.get(f"/api/v1/statuses/{root['id']}/context")
    assert [one["id"] for one in context["descendants"]] == [calm["id"]]
    context = await alice.get(f"/api/v1/statuses/{calm['id']}/context")
    assert [one["id"] for one in context["ancestors"]] == [root["id"]]


@pytest.mark.parametrize("how", ["suspended", "deleted"])
async def test_who_is_gone_is_gone_everywhere_at_once(world: World, how: str) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    await carol.follow(alice)
    await carol.follow(bob)
    mine = await bob.post("mine #tag")
    theirs = await alice.post("theirs #tag @carol")
    answer = await alice.post("answer @carol", in_reply_to_id=mine["id"])
    reblog = await bob.mark("reblog", theirs)
    quote = await bob.post("look", quoted_status_id=theirs["id"])
    await alice.mark("favourite", mine)
    await alice.mark("reblog", mine)
    await carol.mark("favourite", theirs)
    await carol.mark("bookmark", theirs)
    await world.settle()
    await carol.home()
    if how == "suspended":
        await world.suspend(alice)
    else:
        await accounts.delete(world.engines, alice.id)
    for _ in range(2):
        assert await ids(carol, "timelines/home") == [quote["id"], mine["id"]]
        assert await ids(carol, "timelines/public") == [quote["id"], mine["id"]]
        assert await ids(carol, "timelines/tag/tag") == [mine["id"]]
        assert await ids(carol, "favourites") == await ids(carol, "bookmarks") == []
        assert await ids(carol, "notifications") == []
        assert {one["account"]["username"] for one in await bob.get("/api/v1/notifications")} == {"carol"}
        for gone in (theirs, answer, reblog):
            assert (await carol.ask("GET", f"/api/v1/statuses/{gone['id']}")).status_code == 404
        assert (await carol.get(f"/api/v1/statuses/{mine['id']}/context"))["descendants"] == []
        for part in ("favourited_by", "reblogged_by"):
            assert await ids(carol, f"statuses/{mine['id']}/{part}") == []
        assert (await carol.get(f"/api/v1/statuses/{quote['id']}"))["quote"]["quoted_status"] is None
        await world.settle(periodics=True)


async def test_a_key_whose_first_attempt_was_refused_is_free_and_one_whose_status_is_deleted_is_not(
    world: World,
) -> None:
    alice = await world.person("alice")
    key = {"Idempotency-Key": "k"}
    for body in ({"status": " "}, {"status": "x", "in_reply_to_id": "1"}):
        assert not (await alice.ask("POST", "/api/v1/statuses", json=body, headers=key)).is_success
    first = await alice.ask("POST", "/api/v1/statuses", json={"status": "good"}, headers=key)
    assert first.status_code == 200
    await alice.do("DELETE", f"/api/v1/statuses/{first.json()['id']}")
    again = await alice.ask("POST", "/api/v1/statuses", json={"status": "good"}, headers=key)
    assert again.status_code == 404
    assert await ids(alice, f"accounts/{alice.id}/statuses") == []


async def test_a_quote_inside_a_quote_is_named_when_it_may_be_seen(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    inner = await alice.post("inner")
    middle = await alice.post("middle", quoted_status_id=inner["id"])
    outer = await bob.post("outer", quoted_status_id=middle["id"])
    reblog = await alice.mark("reblog", outer)
    for path in (outer["id"], reblog["id"]):
        shown = await bob.get(f"/api/v1/statuses/{path}")
        nested = (shown["reblog"] or shown)["quote"]["quoted_status"]["quote"]
        assert (nested["state"], nested["quoted_status_id"]) == ("accepted", inner["id"])
    await alice.do("DELETE", f"/api/v1/statuses/{inner['id']}")
    nested = (await bob.get(f"/api/v1/statuses/{outer['id']}"))["quote"]["quoted_status"]["quote"]
    assert (nested["state"], nested["quoted_status_id"]) == ("deleted", None)
