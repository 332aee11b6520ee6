"""Filters: what people do not want to read is warned of or left out, wherever they read."""

from typing import Any

import pytest

from linnet.features.accounts import actions as accounts
from linnet.features.filters import actions
from linnet.features.filters.models import FILTERS_MAX
from linnet.platform.embedded import EmbeddedEngines
from world import Person, World, open_world

EVERYWHERE = ["home", "notifications", "public", "thread", "account"]


async def make(who: Person, *keywords: str, action: str = "warn", context: list[str] | None = None, **more: Any) -> Any:
    """A filter of these keywords, in every context unless told otherwise."""
    attributes = [{"keyword": one, "whole_word": True} for one in keywords]
    body = {"title": "birds", "context": context or EVERYWHERE, "filter_action": action, **more}
    return await who.do("POST", "/api/v2/filters", keywords_attributes=attributes, **body)


async def timelines(who: Person, author: Person) -> dict[str, list[Any]]:
    """The statuses of everywhere that one reads, by context."""
    found = {
        "home": await who.home(),
        "public": await who.get("/api/v1/timelines/public"),
        "account": await who.get(f"/api/v1/accounts/{author.id}/statuses"),
    }
    for status in found["account"]:
        if status["in_reply_to_id"] is not None:
            path = f"/api/v1/statuses/{status['in_reply_to_id']}/context"
            found["thread"] = (await who.get(path))["descendants"]
    return found


async def test_a_matching_post_carries_what_it_matches_wherever_it_is_read(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await bob.follow(alice)
    made = await make(bob, "finch", "owl", action="blur")
    root = await alice.post("about nothing")
    post = await alice.post("A FINCH!", in_reply_to_id=root["id"], spoiler_text="birds")
    await world.settle()
    seen = await timelines(bob, alice)
    head = {name: made[name] for name in ("id", "title", "context", "expires_at", "filter_action")}
    expected = [{"filter": head, "keyword_matches": ["finch"], "status_matches": None}]
    for context in ("home", "public", "account", "thread"):
        filtered = {one["id"]: one["filtered"] for one in seen[context]}
        assert filtered[post["id"]] == expected, context
        assert filtered.get(root["id"], []) == [], context
    for verb in ("favourite", "bookmark", "reblog"):
        marked = await bob.mark(verb, post)
        assert marked["filtered"] == expected, verb
    assert marked["reblog"]["filtered"] == expected
    for path in (f"/api/v1/statuses/{post['id']}", "/api/v1/favourites", "/api/v1/bookmarks"):
        answer = await bob.get(path)
        assert (answer if isinstance(answer, dict) else answer[0])["filtered"] == expected, path
    assert (await alice.get(f"/api/v1/statuses/{post['id']}"))["filtered"] == []
    assert "filtered" not in (await world.get(f"/api/v1/statuses/{post['id']}")).json()


@pytest.mark.parametrize("context", ["home", "public", "account", "thread"])
async def test_what_hides_leaves_out_only_where_it_applies(world: World, context: str) -> None:
    alice, bob = await world.people("alice", "bob")
    await bob.follow(alice)
    await make(bob, "finch", action="hide", context=[context])
    root = await alice.post("about nothing")
    post = await alice.post("a finch", in_reply_to_id=root["id"])
    await world.settle()
    seen = await timelines(bob, alice) | {
        "thread": (await bob.get(f"/api/v1/statuses/{root['id']}/context"))["descendants"]
    }
    assert {name for name, shown in seen.items() if post["id"] not in [one["id"] for one in shown]} == {context}
    assert (await bob.get(f"/api/v1/statuses/{post['id']}"))["id"] == post["id"]


async def test_hashtags_and_searches_are_public_places(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await alice.do("PATCH", "/api/v1/accounts/update_credentials", indexable=True)
    kept = await bob.do("POST", "/api/v1/searches", query="finch")
    finch, owl = await alice.post("a finch #birds"), await alice.post("an owl beside a finch #birds")
    await world.settle(periodics=True)
    both = [owl["id"], finch["id"]]

    async def found() -> list[list[str]]:
        pages = [await bob.get("/api/v1/timelines/tag/birds"), await bob.get(f"/api/v1/timelines/search/{kept['id']}")]
        pages.append((await bob.get("/api/v2/search", q="finch", type="statuses"))["statuses"])
        return [[one["id"] for one in page] for page in pages]

    assert await found() == [both] * 3
    made = await make(bob, "owl", action="hide", context=["home", "thread", "account"])
    assert await found() == [both] * 3
    await bob.do("PUT", f"/api/v2/filters/{made['id']}", context=["public"])
    assert await found() == [[finch["id"]]] * 3


async def test_a_private_message_tells_what_it_matches_and_is_never_left_out(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await bob.follow(alice)
    await make(bob, "owl", action="hide")
    said = await alice.post("@bob an owl", visibility="direct")
    await world.settle()
    [conversation] = await bob.get("/api/v1/conversations")
    [told] = await bob.get("/api/v1/notifications")
    alone = await bob.get(f"/api/v1/statuses/{said['id']}")
    for shown in (conversation["last_status"], told["status"], alone, await bob.mark("favourite", said)):
        assert (shown["id"], [one["keyword_matches"] for one in shown["filtered"]]) == (said["id"], [["owl"]])
    assert (await alice.get(f"/api/v1/statuses/{said['id']}"))["filtered"] == []


async def test_what_a_poll_asks_is_looked_through(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await bob.follow(alice)
    post = await alice.post("which?", poll={"options": ["a finch", "an owl"], "expires_in": 3_600})
    await make(bob, "owl")
    await world.settle()
    [shown] = await bob.home()
    assert (shown["id"], [one["keyword_matches"] for one in shown["filtered"]]) == (post["id"], [["owl"]])


async def test_notifications_of_what_is_hidden_are_left_out_of_lists_and_counts(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    mine = await bob.post("my own finch")
    await alice.mark("favourite", mine)
    for text in ("@bob an owl", "@bob a finch", "@bob another finch"):
        await alice.post(text)
    await world.settle()

    async def told() -> tuple[int, int, int, int]:
        path = "/api/{}/notifications"
        lists = [len(await bob.get(path.format("v1"))), len((await bob.get(path.format("v2")))["notification_groups"])]
        counts = [(await bob.get(f"{path.format(one)}/unread_count"))["count"] for one in ("v1", "v2")]
        return lists[0], lists[1], counts[0], counts[1]

    assert await told() == (4, 4, 4, 4)
    [newest, *_] = await bob.get("/api/v1/notifications")
    made = await make(bob, "finch", action="hide", context=["notifications"])
    assert await told() == (2, 2, 2, 2), "what others do with one's own posts is told all the same"
    assert (await bob.get(f"/api/v1/notifications/{newest['id']}"))["id"] == newest["id"]
    await bob.do("PUT", f"/api/v2/filters/{made['id']}", filter_action="warn")
    assert await told() == (4, 4, 4, 4)
    [newest, *_] = await bob.get("/api/v1/notifications")
    assert [one["keyword_matches"] for one in newest["status"]["filtered"]] == [["finch"]]


async def test_reblogs_and_quotes_are_filtered_for_what_they_show(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    await bob.follow(alice)
    await make(bob, "finch", action="hide", context=["home"])
    post = await carol.post("a finch")
    await alice.mark("reblog", post)
    await alice.post("look", quoted_status_id=post["id"])
    await bob.mark("reblog", post)
    plain = await alice.post("nothing")
    await world.settle()
    shown = await bob.home()
    assert [one["id"] for one in shown if one["account"]["username"] == "alice"] == [plain["id"]]
    assert [one["reblog"]["id"] for one in shown if one["reblog"]] == [post["id"]], "one's own reblog stays"


async def test_a_home_is_filled_with_what_is_not_hidden(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await bob.follow(alice)
    kept = [(await alice.post(f"kept {number}"))["id"] for number in range(3)]
    for number in range(30):
        await alice.post(f"finch {number}")
    await world.settle()
    assert len(await bob.home()) == 20
    await make(bob, "finch", action="hide")
    for _ in range(2):
        assert [one["id"] for one in await bob.home(limit=3)] == kept[::-1]


async def test_filters_count_at_once_in_every_process_and_end_when_they_end(
    world: World, servers: EmbeddedEngines
) -> None:
    alice, bob = await world.people("alice", "bob")
    await bob.follow(alice)
    await alice.post("a finch")
    await world.settle()
    async with open_world(servers.database_url, servers.valkey_url) as other:

        async def titles() -> list[list[str]]:
            pages = [await bob.home(), (await other.client.get("/api/v1/timelines/home", headers=bob.headers)).json()]
            return [[one["filter"]["title"] for status in page for one in status["filtered"]] for page in pages]

        assert await titles() == [[], []]
        assert await titles() == [[], []]
        made = await make(bob, "finch", expires_in=3_600)
        path = f"/api/v2/filters/{made['id']}"
        assert await titles() == [["birds"], ["birds"]]
        await bob.do("PUT", path, title="finches")
        assert await titles() == [["finches"], ["finches"]]
        await bob.do("PUT", path, keywords_attributes=[{"id": made["keywords"][0]["id"], "_destroy": True}])
        assert await titles() == [[], []]
        await bob.do("POST", f"{path}/keywords", keyword="FINCH")
        assert await titles() == [["finches"], ["finches"]]
        world.clock.move(hours=2)
        assert (await titles())[0] == [], "it has run out by this process's clock"
        await bob.do("PUT", path, expires_in=None)
        assert await titles() == [["finches"], ["finches"]]
        assert (await bob.get(path))["expires_at"] is None
        await bob.do("DELETE", path)
        assert await titles() == [[], []]


async def test_a_warm_home_asks_nothing_with_filters_and_without(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    for reader in (bob, carol):
        await reader.follow(alice)
    for text in ("a finch", "an owl", "more finches"):
        await alice.post(text)
    await world.settle()
    await make(bob, "finch")
    for reader, matching in ((bob, 1), (carol, 0)):
        await reader.home()
        await reader.home()
        async with world.counting_statements() as asked:
            page = await reader.home()
        assert sum(len(one["filtered"]) for one in page) == matching
        assert asked.number == 0


async def test_the_number_of_statements_is_that_of_a_page_without_filters(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    for reader in (bob, carol):
        await reader.follow(alice)
    for number in range(12):
        status = await alice.post(f"finch {number} #birds", reply_policy="followers")
        for reader in (bob, carol):
            await reader.mark("favourite", status)
    await make(bob, "finch", "birds")
    await world.settle(periodics=True)
    for path in ("home", "public", "tag/birds", f"/accounts/{alice.id}/statuses", "/favourites"):
        address = f"/api/v1{path}" if path.startswith("/") else f"/api/v1/timelines/{path}"
        numbers = set[int]()
        for reader in (bob, carol):
            await reader.get(address, limit=12)
            for limit in (1, 12):
                attempts: list[int] = []
                for _ in range(3):  # the token is asked for once a second
                    async with world.counting_statements() as counted:
                        assert len(await reader.get(address, limit=limit)) == limit
                    attempts.append(counted.number)
                numbers.add(min(attempts))
        assert len(numbers) == 1, path


async def test_single_posts_can_be_filtered(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    await bob.follow(alice)
    post = await alice.post("anything")
    secret = await carol.post("not for bob", visibility="private")
    reblog = await carol.mark("reblog", post)
    made = await make(bob)
    path = f"/api/v2/filters/{made['id']}/statuses"
    refused = await bob.ask("POST", path, json={"status_id": secret["id"]})
    assert refused.status_code == 404
    added = await bob.do("POST", path, status_id=reblog["id"])
    assert added["status_id"] == post["id"]
    assert await bob.do("POST", path, status_id=post["id"]) == added, "twice is once"
    await world.settle()
    [shown] = await bob.home()
    assert [(one["keyword_matches"], one["status_matches"]) for one in shown["filtered"]] == [(None, [post["id"]])]
    assert await bob.get(path) == [added]
    single = f"/api/v2/filters/statuses/{added['id']}"
    assert await bob.get(single) == added
    assert await bob.do("DELETE", single) == added
    assert await bob.get(path) == []
    await bob.do("POST", path, status_id=post["id"])
    await alice.do("DELETE", f"/api/v1/statuses/{post['id']}")
    await world.settle()
    assert await bob.get(path) == []


async def test_keywords_are_changed_one_by_one_and_with_their_filter(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    made = await make(alice, "one", "two")
    one, two = made["keywords"]
    path = f"/api/v2/filters/{made['id']}"
    changed = await alice.do(
        "PUT", path,
        context=["home", "home"], filter_action="hide", keywords_attributes=[
            {"id": one["id"], "keyword": "uno"}, {"id": two["id"], "_destroy": "1"},
            {"keyword": "tres", "whole_word": False},
        ],
    )  # fmt: skip
    assert changed["context"] == ["home"]
    assert [(k["keyword"], k["whole_word"]) for k in changed["keywords"]] == [("uno", True), ("tres", False)]
    keyword = f"/api/v2/filters/keywords/{one['id']}"
    assert await alice.do("PUT", keyword, keyword="eins", whole_word=False) == {
        **one,
        "keyword": "eins",
        "whole_word": False,
    }
    assert (await alice.get(keyword))["keyword"] == "eins"
    v1 = f"/api/v1/filters/{one['id']}"
    asked = {path: "GET PUT DELETE", keyword: "GET PUT DELETE", v1: "GET PUT DELETE", f"{path}/keywords": "GET POST"}
    for method, target in ((method, target) for target, methods in asked.items() for method in methods.split()):
        answer = await bob.ask(method, target, json={"keyword": "mine", "title": "mine"} if method != "GET" else None)
        assert answer.status_code == 404, f"{method} {target}"
    foreign = await make(bob, "his")
    stolen = [{"id": foreign["keywords"][0]["id"], "keyword": "mine"}]
    assert (await alice.ask("PUT", path, json={"keywords_attributes": stolen})).status_code == 404
    assert await alice.do("DELETE", keyword) == {}
    assert [k["keyword"] for k in await alice.get(f"{path}/keywords")] == ["tres"]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"context": ["home"]}, "Title can't be blank"),
        ({"title": "x"}, "Context can't be blank"),
        ({"title": "x", "context": []}, "Context can't be blank"),
        ({"title": "x", "context": ["nowhere"]}, "context"),
        ({"title": "x" * 257, "context": ["home"]}, "Title is too long"),
        ({"title": "x", "context": ["home"], "filter_action": "explode"}, "filter_action"),
        ({"title": "x", "context": ["home"], "keywords_attributes": [{"keyword": " "}]}, "Keyword can't be blank"),
        ({"title": "x", "context": ["home"], "keywords_attributes": [{"keyword": "x" * 513}]}, "Keyword is too long"),
    ],
)
async def test_a_filter_that_cannot_be_is_refused_with_a_sentence(world: World, body: Any, sentence: str) -> None:
    alice = await world.person("alice")
    answer = await alice.ask("POST", "/api/v2/filters", json=body)
    assert (answer.status_code, sentence in answer.json()["error"]) == (422, True), answer.text
    assert await alice.get("/api/v2/filters") == []


async def test_there_are_only_so_many_filters(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    alice = await world.person("alice")
    monkeypatch.setattr(actions, "KEYWORDS_MAX", 2)
    made = await make(alice, "one", "two")
    for more in ("PUT", f"/api/v2/filters/{made['id']}"), ("POST", f"/api/v2/filters/{made['id']}/keywords"):
        answer = await alice.ask(*more, json={"keyword": "three", "keywords_attributes": [{"keyword": "three"}]})
        assert (answer.status_code, "at most 2 keywords" in answer.json()["error"]) == (422, True)
    monkeypatch.undo()
    await alice.do("DELETE", f"/api/v2/filters/{made['id']}")
    for _ in range(FILTERS_MAX):
        await make(alice, "x")
    answer = await alice.ask("POST", "/api/v2/filters", json={"title": "x", "context": ["home"]})
    assert (answer.status_code, "at most" in answer.json()["error"]) == (422, True)
    assert len(await alice.get("/api/v2/filters")) == FILTERS_MAX


async def test_older_clients_see_each_keyword_as_a_filter(world: World) -> None:
    alice = await world.person("alice")
    path = "/api/v1/filters"
    first = await alice.do("POST", path, phrase="finch", context=["home"], irreversible=True)
    assert {name: first[name] for name in ("phrase", "context", "whole_word", "irreversible", "expires_at")} == {
        "phrase": "finch", "context": ["home"], "whole_word": False, "irreversible": True, "expires_at": None,
    }  # fmt: skip
    [made] = await alice.get("/api/v2/filters")
    assert (made["title"], made["filter_action"]) == ("finch", "hide")
    body = {"phrase": "owl", "context": ["public"], "irreversible": False, "whole_word": True, "expires_in": 60}
    changed = await alice.do("PUT", f"{path}/{first['id']}", **body)
    assert (changed["phrase"], changed["context"], changed["irreversible"]) == ("owl", ["public"], False)
    assert changed["expires_at"] is not None
    await alice.do("POST", f"/api/v2/filters/{made['id']}/keywords", keyword="wren")
    assert [one["phrase"] for one in await alice.get(path)] == ["owl", "wren"]
    refused = await alice.ask("PUT", f"{path}/{first['id']}", json={"phrase": "tit", "context": ["home"]})
    assert (refused.status_code, "several keywords" in refused.json()["error"]) == (422, True)
    assert (await alice.do("PUT", f"{path}/{first['id']}", phrase="tit", context=["public"]))["phrase"] == "tit"
    for one in await alice.get(path):
        assert await alice.do("DELETE", f"{path}/{one['id']}") == {}
    assert await alice.get("/api/v2/filters") == []
    assert (await alice.ask("POST", path, json={"phrase": "", "context": ["home"]})).status_code == 422


async def test_filters_go_with_their_account(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    post = await bob.post("hello")
    made = await make(alice, "one", "two")
    await alice.do("POST", f"/api/v2/filters/{made['id']}/statuses", status_id=post["id"])
    await make(bob, "kept")
    await accounts.delete(world.engines, alice.id)
    await world.settle()
    left = await world.engines.db.rows(
        """
        select account_id from filters union all select account_id from filter_keywords
        union all select account_id from filter_statuses
        """
    )
    assert {row["account_id"] for row in left} == {bob.id}
