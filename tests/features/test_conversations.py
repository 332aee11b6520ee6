"""Direct messages as Mastodon's clients have them: direct statuses, and conversations made of them."""

from datetime import timedelta
from typing import Any

import pytest

from linnet.features.conversations.events import MessageSent
from linnet.features.notifications import messages as jobs
from world import Person, World

CONVERSATIONS = "/api/v1/conversations"


async def send(author: Person, text: str, **more: Any) -> Any:
    return await author.post(text, visibility="direct", **more)


async def conversations(person: Person) -> list[tuple[set[str], str | None, bool]]:
    """A person's conversations: with whom, the last status's id, whether it is unread."""
    return [
        ({one["username"] for one in c["accounts"]}, c["last_status"] and c["last_status"]["id"], c["unread"])
        for c in await person.get(CONVERSATIONS)
    ]


async def test_a_direct_status_is_a_conversation_of_those_it_names(world: World) -> None:
    ann, ben, eve = await world.people("ann", "ben", "eve")
    hello = await send(ann, "@ben hello", language="en", spoiler_text="a greeting")
    assert (hello["visibility"], hello["language"], hello["spoiler_text"]) == ("direct", "en", "a greeting")
    assert [one["username"] for one in hello["mentions"]] == ["ben"]
    assert await conversations(ann) == [({"ben"}, hello["id"], False)]
    assert await conversations(ben) == [({"ann"}, hello["id"], True)]
    assert await conversations(eve) == []
    answer = await send(ben, "@ann hello yourself", in_reply_to_id=hello["id"])
    assert (answer["in_reply_to_id"], answer["in_reply_to_account_id"]) == (hello["id"], str(ann.id))
    assert await conversations(ann) == [({"ben"}, answer["id"], True)]
    (one,) = await ann.get(CONVERSATIONS)
    read = await ann.do("POST", f"{CONVERSATIONS}/{one['id']}/read")
    assert (read["id"], read["unread"]) == (one["id"], False)


async def test_a_direct_status_is_no_status_of_anybody(world: World) -> None:
    ann, ben = await world.people("ann", "ben")
    await ben.follow(ann)
    hello = await send(ann, "@ben #secret hello")
    await world.settle(periodics=True)
    assert await ben.home() == await ann.home() == []
    for person in (ann, ben):
        assert await person.get(f"/api/v1/accounts/{ann.id}/statuses") == []
        assert await person.get("/api/v1/timelines/tag/secret") == []
        assert (await person.get("/api/v2/search", q=hello["url"]))["statuses"] == []
    assert (await ann.get("/api/v1/accounts/verify_credentials"))["statuses_count"] == 0
    assert await world.engines.db.value("select count(*) from statuses") == 0
    assert await world.engines.db.value("select count(*) from mentions") == 0
    assert await world.engines.db.value("select count(*) from tags") == 0


async def test_every_route_of_a_status_knows_messages_and_tells_nobody_else(world: World) -> None:
    ann, ben, eve = await world.people("ann", "ben", "eve")
    hello = await send(ann, "@ben one")
    path = f"/api/v1/statuses/{hello['id']}"
    await ann.do("PUT", path, status="@ben two")
    shown = await ben.get(path)
    assert (shown["content"].count("two"), shown["edited_at"] is not None) == (1, True)
    assert [("one" in v["content"], "two" in v["content"]) for v in await ben.get(f"{path}/history")] == [
        (True, False),
        (False, True),
    ]
    assert (await ann.get(f"{path}/source"))["text"] == "@ben two"
    assert await ben.get(f"{path}/card") == {}
    assert await ben.get(f"{path}/reblogged_by") == await ben.get(f"{path}/quotes") == []
    assert [one["id"] for one in await ben.get("/api/v1/statuses", **{"id[]": [hello["id"]]})] == [hello["id"]]
    liked = await ben.mark("favourite", hello)
    assert (liked["favourited"], liked["favourites_count"]) == (True, 1)
    assert [one["username"] for one in await ann.get(f"{path}/favourited_by")] == ["ben"]
    assert (await ben.mark("bookmark", hello))["bookmarked"]
    assert (await ben.mark("mute", hello))["muted"]
    assert not (await ben.mark("unmute", hello))["muted"]
    for method, below in [
        *(("GET", below) for below in ("", "/context", "/history", "/source", "/card", "/favourited_by", "/quotes")),
        *(("POST", f"/{verb}") for verb in ("favourite", "bookmark", "reblog", "mute", "pin", "unfavourite")),
        ("DELETE", ""),
    ]:
        assert (await eve.ask(method, path + below)).status_code == 404, below
        assert (await world.client.request(method, path + below)).status_code in {401, 404}, below
    for verb, status in (("reblog", 404), ("pin", 422)):
        assert (await ann.ask("POST", f"{path}/{verb}")).status_code == status
    assert (await ben.ask("PUT", path, json={"status": "mine"})).status_code == 404
    assert (await ben.ask("DELETE", path)).status_code == 404
    assert (await ann.do("DELETE", path))["text"] == "@ben two"
    assert await conversations(ben) == [({"ann"}, None, False)]
    assert (await ben.ask("GET", path)).status_code == 404


async def test_favourites_and_bookmarks_of_both_kinds_are_one_list(world: World) -> None:
    ann, ben = await world.people("ann", "ben")
    said = [await send(ann, "@ben 0"), await ann.post("1"), await send(ann, "@ben 2"), await ann.post("3")]
    for verb in ("favourite", "bookmark"):
        for one in said:
            await ben.mark(verb, one)
        seen: list[str] = []
        url = f"https://linnet.test/api/v1/{verb}s?limit=3"
        while url:
            answer = await ben.ask("GET", url)
            seen += [one["id"] for one in answer.json()]
            url = answer.links.get("next", {}).get("url", "")
        assert seen == [one["id"] for one in reversed(said)]
        oldest = await ben.get(f"/api/v1/{verb}s", limit=3, min_id="0")
        assert [one["id"] for one in oldest] == [one["id"] for one in said[2::-1]]


async def test_a_conversation_is_found_by_exactly_those_in_it(world: World) -> None:
    ann, ben, cleo = await world.people("ann", "ben", "cleo")
    pair, group = await send(ann, "@ben you"), await send(ann, "@ben @cleo all of us")
    await send(cleo, "@ann @ben me too")
    await send(ben, "@ann you again", in_reply_to_id=group["id"])  # cleo is named no more, so she does not hear it
    assert [who for who, _, _ in await conversations(ann)] == [{"ben"}, {"ben", "cleo"}]
    assert [who for who, _, _ in await conversations(cleo)] == [{"ann", "ben"}]
    context = await ann.get(f"/api/v1/statuses/{pair['id']}/context")
    assert [len(context["ancestors"]), len(context["descendants"])] == [0, 1]
    assert context["descendants"][0]["in_reply_to_id"] is None


async def test_an_answer_that_names_nobody_goes_to_all_it_answers(world: World) -> None:
    ann, ben, cleo = await world.people("ann", "ben", "cleo")
    first = await send(ann, "@ben @cleo shall we?")
    second = await send(ben, "yes", in_reply_to_id=first["id"])
    assert {one["username"] for one in second["mentions"]} == {"ann", "cleo"}
    context = await cleo.get(f"/api/v1/statuses/{second['id']}/context")
    assert [one["id"] for one in context["ancestors"]] == [first["id"]]


async def test_a_note_to_oneself_is_a_conversation_with_oneself(world: World) -> None:
    ann = await world.person("ann")
    note = await send(ann, "buy seeds")
    assert note["mentions"] == []
    assert await conversations(ann) == [({"ann"}, note["id"], False)]


async def test_a_status_is_answered_in_private(world: World) -> None:
    ann, ben, eve = await world.people("ann", "ben", "eve")
    first = await ann.post("hello all")
    second = await eve.post("@ann hm", in_reply_to_id=first["id"])
    answer = await send(ben, "@eve between us", in_reply_to_id=second["id"])
    assert (answer["in_reply_to_id"], answer["in_reply_to_account_id"]) == (second["id"], str(eve.id))
    context = await eve.get(f"/api/v1/statuses/{answer['id']}/context")
    assert [one["id"] for one in context["ancestors"]] == [first["id"], second["id"]]
    assert (await eve.get(f"/api/v1/statuses/{second['id']}"))["replies_count"] == 0
    assert (await eve.get(f"/api/v1/statuses/{second['id']}/context"))["descendants"] == []
    refused = await eve.ask("POST", "/api/v1/statuses", json={"status": "for all", "in_reply_to_id": answer["id"]})
    assert refused.status_code == 404  # what was said in private is not answered in public


async def test_who_deletes_a_conversation_finds_it_again_when_somebody_speaks(world: World) -> None:
    ann, ben = await world.people("ann", "ben")
    hello = await send(ann, "@ben one")
    (one,) = await ben.get(CONVERSATIONS)
    assert await ben.do("DELETE", f"{CONVERSATIONS}/{one['id']}") == {}
    assert await conversations(ben) == []
    assert (await ben.ask("GET", f"/api/v1/statuses/{hello['id']}")).is_success
    again = await send(ann, "@ben two")
    assert await conversations(ben) == [({"ann"}, again["id"], True)]
    assert await conversations(ann) == [({"ben"}, again["id"], False)]


async def test_what_a_message_does_not_carry_is_refused_with_a_sentence(world: World) -> None:
    ann, _ = await world.people("ann", "ben")
    public = await ann.post("hello")
    for more in (
        {"poll": {"options": ["a", "b"], "expires_in": 600}},
        {"quoted_status_id": public["id"]},
        {"scheduled_at": (world.clock.now() + timedelta(days=1)).isoformat()},
    ):
        answer = await ann.ask("POST", "/api/v1/statuses", json={"status": "@ben", "visibility": "direct", **more})
        assert answer.status_code == 422, more
    assert (await ann.ask("POST", "/api/v1/statuses", json={"status": "", "visibility": "direct"})).status_code == 422


async def test_an_idempotency_key_holds_for_messages(world: World) -> None:
    ann, ben = await world.people("ann", "ben")
    body = {"status": "@ben once", "visibility": "direct"}
    ids = [
        (await ann.ask("POST", "/api/v1/statuses", json=body, headers={"Idempotency-Key": "k"})).json()["id"]
        for _ in range(2)
    ]
    assert ids[0] == ids[1]
    assert len(await ben.get(CONVERSATIONS)) == 1


async def test_nobody_prefers_to_post_to_nobody(world: World) -> None:
    ann = await world.person("ann")
    body = {"source": {"privacy": "direct"}}
    assert (await ann.ask("PATCH", "/api/v1/accounts/update_credentials", json=body)).status_code == 422


async def test_a_message_is_not_read_at_a_public_address(world: World) -> None:
    ann, _ = await world.people("ann", "ben")
    hello = await send(ann, "@ben hello")
    for path in (f"/@ann/{hello['id']}", f"/@ben/{hello['id']}"):
        assert (await world.client.get(path)).status_code == 404


@pytest.mark.parametrize("limit", [1, 12])
async def test_conversations_cost_the_same_number_of_statements_for_any_page(world: World, limit: int) -> None:
    ann = await world.person("ann")
    for number in range(12):
        await send(await world.person(f"p{number}"), "@ann hello")
    for path in (CONVERSATIONS, "/api/v1/messages/requests"):
        await ann.get(path)
        async with world.counting_statements() as counted:
            assert len(await ann.get(path, limit=limit)) == limit
        assert counted.number <= 8, path


async def told(person: Person, **params: Any) -> list[tuple[str, str, str]]:
    """A person's notifications: of what kind, by whom, about what."""
    found = await person.get("/api/v1/notifications", **params)
    return [(one["type"], one["account"]["username"], one["status"]["id"]) for one in found if "status" in one]


async def test_a_message_mentions_everybody_it_is_for(world: World) -> None:
    ann, ben, cleo = await world.people("ann", "ben", "cleo")
    await ben.follow(ann)
    await cleo.follow(ann)
    group = await send(ann, "@ben @cleo all of us")
    await world.settle()
    await ben.mark("mute", group)
    again = await send(ann, "and again", in_reply_to_id=group["id"])
    await world.settle()
    assert await told(ben) == [("mention", "ann", group["id"])]
    assert await told(cleo) == [("mention", "ann", again["id"]), ("mention", "ann", group["id"])]
    (first, *_) = await cleo.get("/api/v1/notifications")
    assert first["status"]["visibility"] == "direct"
    assert (await cleo.get(f"/api/v1/notifications/{first['id']}"))["status"]["id"] == again["id"]
    assert (await cleo.get("/api/v1/notifications/unread_count"))["count"] == 2
    grouped = await cleo.get("/api/v2/notifications")
    assert {one["id"] for one in grouped["statuses"]} == {group["id"], again["id"]}
    await ann.do("DELETE", f"/api/v1/statuses/{again['id']}")
    assert await told(cleo) == [("mention", "ann", group["id"])]
    await world.settle()
    assert (await cleo.get("/api/v1/notifications/unread_count"))["count"] == 1


async def test_who_wrote_a_message_hears_who_favoured_it(world: World) -> None:
    ann, ben = await world.people("ann", "ben")
    said = await send(ann, "@ben hello")
    await ben.mark("favourite", said)
    await world.settle()
    assert await told(ann) == [("favourite", "ben", said["id"])]
    await ben.mark("unfavourite", said)
    await world.settle()
    assert await told(ann) == []


async def test_strangers_messages_wait_for_leave_until_one_has_answered(world: World) -> None:
    ann, stranger = await world.people("ann", "stranger")
    said = await send(stranger, "@ann do you know me?")
    await world.settle()
    assert await told(ann) == []
    (request,) = await ann.get("/api/v1/notifications/requests")
    assert (request["account"]["username"], request["last_status"]["id"]) == ("stranger", said["id"])
    assert [with_whom for with_whom, _, _ in await conversations(ann)] == [{"stranger"}]
    await send(ann, "@stranger no", in_reply_to_id=said["id"])
    again = await send(stranger, "@ann now you do")
    await world.settle()
    assert await told(ann) == [("mention", "stranger", again["id"])]


async def test_nobody_hears_of_what_they_declined_or_of_whom_they_silenced(world: World) -> None:
    ann, ben, cleo = await world.people("ann", "ben", "cleo")
    for one in (ben, cleo):
        await one.follow(ann)
    first = await send(ann, "@ben @cleo hello")
    await world.settle()
    (thread,) = await ben.get("/api/v1/messages/threads")
    await ben.do("POST", f"/api/v1/messages/threads/{thread['id']}/decline")
    await cleo.relate("mute", ann)
    await send(ann, "anybody?", in_reply_to_id=first["id"])
    await world.settle()
    assert await told(ben) == [("mention", "ann", first["id"])]
    assert await told(cleo) == []


async def test_telling_of_messages_takes_the_same_statements_for_one_as_for_many(world: World) -> None:
    ann, ben = await world.people("ann", "ben")
    await ben.follow(ann)
    events: list[MessageSent] = []
    for number in range(9):
        said = await send(ann, f"@ben {number}")
        thread_id = int((await ann.get(f"/api/v1/messages/{said['id']}"))["thread_id"])
        events.append(MessageSent(message_id=int(said["id"]), conversation_id=thread_id, account_id=ann.id))
    async with world.counting_statements() as for_one:
        await jobs.NOTIFY_SENT.run(world.engines, events[:1])
    async with world.counting_statements() as for_many:
        await jobs.NOTIFY_SENT.run(world.engines, events)
    assert for_many.number == for_one.number <= 4
    assert len(await told(ben)) == 9
