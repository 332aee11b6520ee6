"""Private messages as our own clients have them: threads, requests, groups, receipts, deletion."""

from typing import Any

import pytest

from linnet.features.accounts import actions as accounts
from linnet.features.conversations import reads
from linnet.features.conversations.models import MEMBERS_MAX, REQUESTS_A_DAY_MAX, UNANSWERED_MAX
from linnet.platform.paging import Window
from world import Person, World

THREADS = "/api/v1/messages/threads"


async def write(author: Person, text: str, *others: Person, **more: Any) -> Any:
    """Begin a thread, or go on with the one there is with somebody."""
    return await author.do("POST", THREADS, text=text, account_ids=[str(one.id) for one in others], **more)


async def say(author: Person, thread: Any, text: str, **more: Any) -> Any:
    return await author.do("POST", f"{THREADS}/{thread['id']}/messages", text=text, **more)


async def act(person: Person, thread: Any, verb: str, **more: Any) -> Any:
    return await person.do("POST", f"{THREADS}/{thread['id']}/{verb}", **more)


async def said(person: Person, thread: Any, **params: Any) -> list[str]:
    """What a person finds in a thread, newest first."""
    return [one["text"] for one in await person.get(f"{THREADS}/{thread['id']}/messages", **params)]


async def threads(person: Person, path: str = THREADS) -> list[str]:
    return [one["id"] for one in await person.get(path)]


async def status_of(person: Person, method: str, path: str, **body: Any) -> int:
    return (await person.ask(method, path, json=body)).status_code


async def friends(world: World, *names: str) -> list[Person]:
    """People who follow one another."""
    people = await world.people(*names)
    for one in people:
        for other in people:
            if one is not other:
                await one.follow(other)
    return people


async def test_two_people_have_one_thread_and_nobody_else_sees_it(world: World) -> None:
    ann, ben, eve = await friends(world, "ann", "ben", "eve")
    thread = await write(ann, "hello <b>", ben)
    again = await write(ben, "hello yourself", ann)
    assert again["id"] == thread["id"]
    assert await said(ann, thread) == await said(ben, thread) == ["hello yourself", "hello <b>"]
    assert [one["account"]["username"] for one in thread["members"]] == ["ann", "ben"]
    assert again["last_message"]["content"] == "<p>hello yourself</p>"
    assert await threads(ann) == await threads(ben) == [thread["id"]]
    assert await threads(eve) == []
    message_id = again["last_message"]["id"]
    for method, path in (
        ("GET", f"{THREADS}/{thread['id']}"),
        ("GET", f"{THREADS}/{thread['id']}/messages"),
        ("POST", f"{THREADS}/{thread['id']}/accept"),
        ("POST", f"{THREADS}/{thread['id']}/decline"),
        ("POST", f"{THREADS}/{thread['id']}/read"),
        ("POST", f"{THREADS}/{thread['id']}/mute"),
        ("POST", f"{THREADS}/{thread['id']}/leave"),
        ("POST", f"{THREADS}/{thread['id']}/members"),
        ("DELETE", f"{THREADS}/{thread['id']}"),
        ("GET", f"/api/v1/messages/{message_id}"),
        ("DELETE", f"/api/v1/messages/{message_id}"),
    ):
        assert await status_of(eve, method, path, account_ids=[str(eve.id)]) == 404, path
    assert await status_of(eve, "POST", f"{THREADS}/{thread['id']}/messages", text="let me in") == 404
    assert await status_of(eve, "PUT", f"/api/v1/messages/{message_id}", text="changed") == 404
    assert await status_of(ben, "DELETE", f"/api/v1/messages/{thread['last_message']['id']}", scope="all") == 404


async def test_unread_is_what_others_said_since_one_read(world: World) -> None:
    ann, ben = await friends(world, "ann", "ben")
    thread = await write(ann, "one", ben)
    assert not thread["unread"]
    assert (await ben.get(THREADS))[0]["unread"]
    first_id = thread["last_message"]["id"]
    await say(ann, thread, "two")
    assert (await act(ben, thread, "read", message_id=first_id))["unread"]
    assert not (await act(ben, thread, "read"))["unread"]
    await say(ben, thread, "three")
    assert not (await ben.get(THREADS))[0]["unread"]
    assert (await ann.get(THREADS))[0]["unread"]


async def test_threads_with_something_unread_are_counted_and_requests_apart(world: World) -> None:
    ann, ben, cleo, stranger = await world.people("ann", "ben", "cleo", "stranger")
    for one in (ben, cleo):
        await ann.follow(one)
    thread = await write(ben, "one", ann)
    await write(ben, "two", ann)
    await write(cleo, "three", ann)
    await write(stranger, "four", ann)
    path = "/api/v1/messages/unread_count"
    assert await ann.get(path) == {"count": 2, "requests_count": 1}
    await act(ann, thread, "read")
    assert await ann.get(path) == {"count": 1, "requests_count": 1}
    await cleo.relate("block", ann)
    assert await ann.get(path) == {"count": 0, "requests_count": 1}


async def test_everybody_in_a_group_may_give_it_a_name(world: World) -> None:
    ann, ben, cleo, eve = await friends(world, "ann", "ben", "cleo", "eve")
    group = await write(ann, "hello", ben, cleo)
    path = f"{THREADS}/{group['id']}"
    assert (await ben.do("PATCH", path, title=" A walk "))["title"] == "A walk"
    assert (await cleo.get(path))["title"] == "A walk"
    assert await status_of(eve, "PATCH", path, title="mine") == 404
    assert await status_of(ann, "PATCH", path, title="x" * 101) == 422
    pair = await write(ann, "hello", ben)
    assert await status_of(ann, "PATCH", f"{THREADS}/{pair['id']}", title="us") == 422


async def test_others_know_how_far_one_has_read_unless_one_keeps_it(world: World) -> None:
    ann, ben = await friends(world, "ann", "ben")
    thread = await write(ann, "are you there?", ben)
    path = f"{THREADS}/{thread['id']}"

    async def known() -> str | None:
        members = (await ann.get(path))["members"]
        return next(one["read_id"] for one in members if one["account"]["username"] == "ben")

    assert await known() is None
    await act(ben, thread, "read")
    assert await known() == thread["last_message"]["id"]
    settings = await ben.do("PATCH", "/api/v1/messages/settings", read_receipts=False)
    assert settings == {"read_receipts": False, "typing_indicators": True} == await ben.get("/api/v1/messages/settings")
    assert await known() is None


async def test_strangers_ask_first_and_an_answer_lets_them_in(world: World) -> None:
    ann, stranger = await world.people("ann", "stranger")
    thread = await write(stranger, "do you know me?", ann)
    assert await threads(ann) == []
    requests = await ann.get("/api/v1/messages/requests")
    assert [(one["id"], one["standing"], one["unread"]) for one in requests] == [(thread["id"], "requested", True)]
    await act(ann, thread, "read")
    seen = (await stranger.get(f"{THREADS}/{thread['id']}"))["members"]
    assert [one["read_id"] for one in seen if one["account"]["username"] == "ann"] == [None]  # they learn nothing yet
    await say(ann, thread, "I do not")
    assert await threads(ann) == [thread["id"]]
    assert await threads(ann, "/api/v1/messages/requests") == []


async def test_who_declines_hears_no_more_and_nobody_is_told(world: World) -> None:
    ann, stranger = await world.people("ann", "stranger")
    thread = await write(stranger, "buy this", ann)
    assert (await act(ann, thread, "decline"))["standing"] == "declined"
    await say(stranger, thread, "buy that")
    assert await threads(ann) == await threads(ann, "/api/v1/messages/requests") == []
    assert await ann.get("/api/v1/conversations") == []
    assert await said(stranger, thread) == ["buy that", "buy this"]
    assert (await act(ann, thread, "accept"))["standing"] == "accepted"
    assert await threads(ann) == [thread["id"]]


async def test_to_follow_who_has_written_is_an_answer(world: World) -> None:
    ann, stranger = await world.people("ann", "stranger")
    thread = await write(stranger, "follow me!", ann)
    await ann.follow(stranger)
    await world.settle()
    assert await threads(ann) == [thread["id"]]


async def test_strangers_may_say_little_until_they_are_answered(world: World) -> None:
    ann, stranger = await world.people("ann", "stranger")
    thread = await write(stranger, "1", ann)
    for number in range(2, UNANSWERED_MAX + 1):
        await say(stranger, thread, str(number))
    path = f"{THREADS}/{thread['id']}/messages"
    refused = await stranger.ask("POST", path, json={"text": "one more"})
    assert (refused.status_code, refused.json()["error"]) == (403, "Wait for an answer before you write more.")
    await say(ann, thread, "go on")
    for number in range(UNANSWERED_MAX + 1):
        await say(stranger, thread, str(number))


async def test_nobody_writes_to_very_many_strangers_a_day(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linnet.features.conversations.sending.REQUESTS_A_DAY_MAX", 3)
    assert REQUESTS_A_DAY_MAX > 3
    spammer, friend, *crowd = await world.people("spammer", "friend", "a", "b", "c", "d")
    await friend.follow(spammer)
    for one in crowd[:3]:
        await write(spammer, "hello", one)
    path = {"method": "POST", "path": THREADS}
    assert await status_of(spammer, **path, text="hello", account_ids=[str(crowd[3].id)]) == 429
    await write(spammer, "you know me", friend)
    assert await threads(crowd[3], "/api/v1/messages/requests") == []
    world.clock.move(days=2)
    await write(spammer, "hello again", crowd[3])


async def test_a_block_closes_a_thread_of_two_for_both(world: World) -> None:
    ann, ben = await friends(world, "ann", "ben")
    thread = await write(ann, "hello", ben)
    await ben.relate("block", ann)
    for person in (ann, ben):
        assert await threads(person) == []
        assert await person.get("/api/v1/conversations") == []
        assert await status_of(person, "GET", f"{THREADS}/{thread['id']}") == 404
        other = ben if person is ann else ann
        assert await status_of(person, "POST", THREADS, text="hm", account_ids=[str(other.id)]) == 403
        assert await status_of(person, "POST", f"{THREADS}/{thread['id']}/messages", text="hm") == 403
    await ben.relate("unblock", ann)
    assert await said(ann, thread) == await said(ben, thread) == ["hello"]


async def test_in_a_group_those_with_a_block_between_them_do_not_hear_each_other(world: World) -> None:
    ann, ben, cleo = await friends(world, "ann", "ben", "cleo")
    group = await write(ann, "all of us", ben, cleo, title="us")
    assert (group["group"], group["title"]) == (True, "us")
    await ben.relate("block", cleo)
    await say(cleo, group, "by cleo")
    await say(ben, group, "by ben")
    assert await said(ann, group) == ["by ben", "by cleo", "all of us"]
    assert await said(ben, group) == ["by ben", "all of us"]
    assert await said(cleo, group) == ["by cleo", "all of us"]
    for one in (await ben.get(THREADS))[0], (await cleo.get(THREADS))[0]:
        assert not one["unread"]
    assert (await write(ann, "another one", ben, cleo))["id"] != group["id"]  # a group is begun as often as one likes
    assert await status_of(ben, "POST", THREADS, text="no", account_ids=[str(ann.id), str(cleo.id)]) == 403


async def test_who_joins_sees_what_is_said_from_then_on_and_who_leaves_nothing(world: World) -> None:
    ann, ben, cleo, dan = await friends(world, "ann", "ben", "cleo", "dan")
    group = await write(ann, "before dan", ben, cleo)
    await act(ben, group, "members", account_ids=[str(dan.id)])
    assert await said(dan, group) == []
    assert not (await dan.get(THREADS))[0]["unread"]
    await say(ann, group, "hello dan")
    assert await said(dan, group) == ["hello dan"]
    await act(cleo, group, "leave")
    await say(ann, group, "cleo has gone")
    assert await status_of(cleo, "GET", f"{THREADS}/{group['id']}/messages") == 404
    assert await threads(cleo) == []
    assert await said(ben, group) == ["cleo has gone", "hello dan", "before dan"]
    await act(ann, group, "members", account_ids=[str(cleo.id), str(dan.id)])
    assert await said(cleo, group) == []
    names = [one["account"]["username"] for one in (await cleo.get(f"{THREADS}/{group['id']}"))["members"]]
    assert names == ["ann", "ben", "cleo", "dan"]


async def test_a_stranger_who_takes_one_into_a_group_asks_first(world: World) -> None:
    ann, ben, cleo, dan = await world.people("ann", "ben", "cleo", "dan")
    await ben.follow(ann)
    group = await write(ann, "hello", ben, cleo)
    assert await threads(ben) == [group["id"]]
    assert await threads(cleo, "/api/v1/messages/requests") == [group["id"]]
    await act(ben, group, "members", account_ids=[str(dan.id)])
    assert await threads(dan) == []


async def test_a_group_has_an_end_and_two_people_are_none(world: World) -> None:
    ann, *others = await world.people(*(f"p{n}" for n in range(MEMBERS_MAX + 1)))
    for one in others:
        await one.follow(ann)
    ids = [str(one.id) for one in others]
    assert await status_of(ann, "POST", THREADS, text="all", account_ids=ids) == 422
    group = await write(ann, "nearly all", *others[1:])
    assert await status_of(ann, "POST", f"{THREADS}/{group['id']}/members", account_ids=ids[:1]) == 422
    pair = await write(ann, "just you", others[0])
    for verb in ("leave", "members"):
        assert await status_of(ann, "POST", f"{THREADS}/{pair['id']}/{verb}", account_ids=ids[1:2]) == 422
    for account_ids, status in (([], 422), (["nonsense"], 404), (["1"], 404)):
        assert await status_of(ann, "POST", THREADS, text="hi", account_ids=account_ids) == status


async def test_what_was_said_is_reworded_or_taken_back(world: World) -> None:
    ann, ben = await friends(world, "ann", "ben")
    thread = await write(ann, "one", ben)
    second = await say(ann, thread, "two", in_reply_to_id=thread["last_message"]["id"])
    assert second["in_reply_to_id"] == thread["last_message"]["id"]
    edited = await ann.do("PUT", f"/api/v1/messages/{second['id']}", text="zwei", language="de")
    assert (edited["text"], edited["language"], edited["edited_at"] is not None) == ("zwei", "de", True)
    assert await status_of(ben, "PUT", f"/api/v1/messages/{second['id']}", text="mine") == 404
    await ann.do("DELETE", f"/api/v1/messages/{second['id']}", scope="all")
    assert await said(ann, thread) == await said(ben, thread) == ["one"]
    assert await world.engines.db.value("select count(*) from messages") == 1
    assert await world.engines.db.value("select count(*) from message_edits") == 0


async def test_what_one_deletes_for_oneself_others_keep(world: World) -> None:
    ann, ben = await friends(world, "ann", "ben")
    thread = await write(ann, "one", ben)
    two = await say(ann, thread, "two")
    await ben.do("DELETE", f"/api/v1/messages/{two['id']}")
    assert await said(ben, thread) == ["one"]
    assert (await ben.get(THREADS))[0]["last_message"]["text"] == "one"
    await ben.do("DELETE", f"{THREADS}/{thread['id']}")
    assert await threads(ben) == []
    await say(ann, thread, "three")
    assert await threads(ben) == [thread["id"]]
    assert await said(ben, thread) == ["three"]
    assert await said(ann, thread) == ["three", "two", "one"]
    assert await status_of(ben, "GET", f"/api/v1/messages/{two['id']}") == 404


async def test_a_repeated_key_says_it_once(world: World) -> None:
    ann, ben = await friends(world, "ann", "ben")
    key = {"headers": {"Idempotency-Key": "once"}}
    body = {"text": "once", "account_ids": [str(ben.id)]}
    first, second = [(await ann.ask("POST", THREADS, json=body, **key)).json() for _ in range(2)]
    assert first["last_message"]["id"] == second["last_message"]["id"]
    assert await said(ben, first) == ["once"]
    world.clock.move(hours=2)
    await world.settle(periodics=True)
    assert (await ann.ask("POST", THREADS, json=body, **key)).json()["last_message"]["id"] != first["last_message"][
        "id"
    ]


async def test_words_keep_the_rules_of_statuses(world: World) -> None:
    ann, ben = await friends(world, "ann", "ben")
    for text in ("", "  \n", "x" * 501):
        assert await status_of(ann, "POST", THREADS, text=text, account_ids=[str(ben.id)]) == 422
    assert await threads(ben) == []
    assert await status_of(ann, "POST", THREADS, text="hi", title="x" * 101, account_ids=[str(ben.id)]) == 422


async def test_nothing_of_a_deleted_account_stays(world: World) -> None:
    ann, ben, cleo = await friends(world, "ann", "ben", "cleo")
    pair, group = await write(ann, "to ben", ben), await write(ann, "to both", ben, cleo)
    await say(ben, pair, "to ann")
    await say(ben, group, "to all")
    own = await reads.sent(world.engines, ben.viewer, Window(limit=40))
    assert [one.text for one in own] == ["to all", "to ann"]
    await accounts.delete(world.engines, ben.id)
    await world.settle()
    assert await said(ann, pair) == ["to ben"]
    assert await said(cleo, group) == ["to both"]
    assert await status_of(ann, "POST", f"{THREADS}/{pair['id']}/messages", text="are you there?") == 403
    for table in ("messages", "conversation_members"):
        query = f"select count(*) from {table} where account_id = $1"
        assert await world.engines.db.value(query, ben.id) == 0  # pyright: ignore[reportArgumentType]
    for person in (ann, cleo):
        await accounts.delete(world.engines, person.id)
    await world.settle()
    for table in ("messages", "conversation_members", "conversations"):
        query = f"select count(*) from {table}"
        assert await world.engines.db.value(query) == 0, table  # pyright: ignore[reportArgumentType]


async def test_what_the_last_one_leaves_behind_is_removed(world: World) -> None:
    ann, ben, cleo = await friends(world, "ann", "ben", "cleo")
    group = await write(ann, "hello", ben, cleo)
    for person in (ann, ben, cleo):
        await act(person, group, "leave")
    await world.settle()
    assert await world.engines.db.value("select count(*) from messages") == 0
    assert await world.engines.db.value("select count(*) from conversations") == 0
