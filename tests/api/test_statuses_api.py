"""Stories about statuses, told through the API."""

import asyncio

import pytest

from world import World


async def test_a_post_comes_back_with_safe_html_mentions_and_tags(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    posted = await alice.post("Hi @Bob <b>look</b> #LinnetBirds https://example.com/a\n\nsecond")
    assert posted["content"].startswith("<p>Hi <span")
    assert "<b>" not in posted["content"]
    assert "&lt;b&gt;" in posted["content"]
    assert posted["content"].endswith("<p>second</p>")
    assert [m["id"] for m in posted["mentions"]] == [str(bob.id)]
    assert posted["tags"] == [{"name": "linnetbirds", "url": "https://linnet.test/tags/linnetbirds"}]
    assert posted["url"] == f"https://linnet.test/@alice/{posted['id']}"
    assert posted["visibility"] == "public"
    assert (posted["favourited"], posted["reblogged"], posted["muted"]) == (False, False, False)


async def test_five_hundred_characters_are_counted_as_mastodon_does(world: World) -> None:
    alice = await world.person("alice")
    link = "https://example.com/" + "x" * 300
    assert (await alice.ask("POST", "/api/v1/statuses", json={"status": "y" * 476 + " " + link})).status_code == 200
    refused = await alice.ask("POST", "/api/v1/statuses", json={"status": "y" * 477 + " " + link})
    assert refused.status_code == 422
    assert "500" in refused.json()["error"]
    assert (await alice.ask("POST", "/api/v1/statuses", json={"status": "  \n "})).status_code == 422


async def test_posting_takes_few_statements_and_one_job_when_there_is_nobody_to_notify(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await alice.post("the first of the day")
    await world.settle(periodics=True)
    await world.settle()
    async with world.counting_statements() as posting:
        await alice.post("all quiet")
    assert posting.number <= 5, "who asks, a blank, the status with its job, and what is shown"
    assert await world.settle() == 1
    await bob.ask("POST", f"/api/v1/accounts/{alice.id}/follow", json={"notify": True})
    await world.settle()
    await alice.post("for those who asked")
    await bob.post("hello @alice")
    assert await world.settle() == 8, "posts to homes and whom they concern, notifications to apps and letters"
    assert [one["type"] for one in await bob.get("/api/v1/notifications")] == ["status"]


@pytest.mark.parametrize(
    ("visibility", "seen_by"),
    [
        ("public", {"author", "follower", "mentioned", "stranger", "public"}),
        ("unlisted", {"author", "follower", "mentioned", "stranger", "public"}),
        ("private", {"author", "follower", "mentioned"}),
        ("direct", {"author", "mentioned"}),
    ],
)
async def test_who_may_see_a_status(world: World, visibility: str, seen_by: set[str]) -> None:
    author, follower, mentioned, stranger, blocked = await world.people(
        "author", "follower", "mentioned", "stranger", "blocked"
    )
    await follower.follow(author)
    await author.relate("block", blocked)
    status = await author.post("for @mentioned", visibility=visibility)
    path = f"/api/v1/statuses/{status['id']}"
    seen = {p.username for p in (author, follower, mentioned, stranger) if (await p.ask("GET", path)).is_success}
    seen |= {"public"} if (await world.get(path)).is_success else set()
    assert seen == seen_by
    refused = await blocked.ask("GET", path)
    assert (refused.status_code, refused.json()) == (404, {"error": "Record not found"})
    for verb in ("favourite", "reblog", "bookmark"):
        answer = await stranger.ask("POST", f"{path}/{verb}")
        assert answer.is_success is ("stranger" in seen_by), (verb, answer.text)


async def test_replies_form_a_thread_in_which_everyone_is_counted(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    root = await alice.post("root")
    one = await bob.post("@alice one", in_reply_to_id=root["id"])
    two = await carol.post("@alice two", in_reply_to_id=root["id"])
    under_one = await alice.post("@bob under one", in_reply_to_id=one["id"])
    context = await alice.get(f"/api/v1/statuses/{one['id']}/context")
    assert [s["id"] for s in context["ancestors"]] == [root["id"]]
    assert [s["id"] for s in context["descendants"]] == [under_one["id"]]
    whole = await alice.get(f"/api/v1/statuses/{root['id']}/context")
    assert [s["id"] for s in whole["descendants"]] == [one["id"], under_one["id"], two["id"]]
    assert (await alice.get(f"/api/v1/statuses/{root['id']}"))["replies_count"] == 2
    assert one["in_reply_to_account_id"] == str(alice.id)
    await bob.ask("DELETE", f"/api/v1/statuses/{one['id']}")
    assert (await alice.get(f"/api/v1/statuses/{root['id']}"))["replies_count"] == 1
    missing = await alice.ask("POST", "/api/v1/statuses", json={"status": "x", "in_reply_to_id": one["id"]})
    assert missing.status_code == 404


async def test_counts_are_right_at_once_and_stay_right_when_the_worker_folds_them(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    status = await alice.post("count me")
    path = f"/api/v1/statuses/{status['id']}"
    await asyncio.gather(*(bob.mark("favourite", status) for _ in range(4)))
    assert (await carol.mark("favourite", status))["favourites_count"] == 2
    reblogged = await bob.mark("reblog", status)
    assert reblogged["reblog"]["id"] == status["id"]
    assert reblogged["reblog"]["reblogs_count"] == 1
    await asyncio.gather(*(bob.mark("reblog", status) for _ in range(3)))
    for _ in range(2):
        shown = await alice.get(path)
        assert (shown["favourites_count"], shown["reblogs_count"]) == (2, 1)
        assert [a["username"] for a in await alice.get(f"{path}/favourited_by")] == ["carol", "bob"]
        assert [a["username"] for a in await alice.get(f"{path}/reblogged_by")] == ["bob"]
        await world.settle(periodics=True)
    assert await world.engines.db.value("select count(*) from status_counter_changes") == 0
    assert (await bob.mark("unreblog", status))["reblogs_count"] == 0
    assert (await bob.mark("unfavourite", status))["favourites_count"] == 1
    assert (await alice.get(f"/api/v1/accounts/{bob.id}"))["statuses_count"] == 0


async def test_an_edit_keeps_its_history(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    status = await alice.post("first #one", spoiler_text="cw")
    path = f"/api/v1/statuses/{status['id']}"
    world.clock.move(minutes=5)
    edited = await alice.do("PUT", path, status="second @bob #two")
    assert edited["edited_at"] is not None
    assert [t["name"] for t in edited["tags"]] == ["two"]
    assert [m["username"] for m in edited["mentions"]] == ["bob"]
    assert (edited["spoiler_text"], edited["sensitive"]) == ("", False)
    again = await alice.do("PUT", path, status="second @bob #two")
    assert again["edited_at"] == edited["edited_at"]
    history = await bob.get(f"{path}/history")
    assert [("first" in h["content"], h["spoiler_text"]) for h in history] == [(True, "cw"), (False, "")]
    assert history[0]["created_at"] == status["created_at"]
    assert await alice.get(f"{path}/source") == {"id": status["id"], "text": "second @bob #two", "spoiler_text": ""}
    assert [s["id"] for s in await bob.get("/api/v1/timelines/tag/two")] == [status["id"]]
    assert await bob.get("/api/v1/timelines/tag/one") == []
    assert (await bob.ask("PUT", path, json={"status": "mine now"})).status_code == 404


async def test_a_deleted_status_is_gone_everywhere_and_gives_its_text_back(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    await carol.follow(bob)
    status = await alice.post("regret #sad")
    await bob.mark("reblog", status)
    await carol.mark("favourite", status)
    await carol.mark("bookmark", status)
    await world.settle()
    assert len(await carol.home()) == 1
    assert (await bob.ask("DELETE", f"/api/v1/statuses/{status['id']}")).status_code == 404
    gone = await alice.do("DELETE", f"/api/v1/statuses/{status['id']}")
    assert gone["text"] == "regret #sad"
    assert await carol.home() == []
    for path in ("/api/v1/favourites", "/api/v1/bookmarks", "/api/v1/timelines/public", "/api/v1/timelines/tag/sad"):
        assert await carol.get(path) == []
    assert (await carol.ask("GET", f"/api/v1/statuses/{status['id']}")).status_code == 404
    await world.settle(periodics=True)
    assert (await bob.get(f"/api/v1/accounts/{bob.id}"))["statuses_count"] == 0
    assert await world.engines.db.value("select text || html from statuses where id = $1", int(status["id"])) == ""
    assert await world.engines.db.value("select count(*) from favourites") == 0


async def test_quotes_follow_the_authors_policy(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    await bob.follow(alice)
    open_post = await alice.post("quote me")
    for_followers = await alice.post("followers may", quote_approval_policy="followers")
    closed = await alice.post("nobody may", quote_approval_policy="nobody")
    quote = await carol.post("so true", quoted_status_id=open_post["id"])
    assert quote["quote"]["state"] == "accepted"
    assert quote["quote"]["quoted_status"]["id"] == open_post["id"]
    assert (await bob.post("too", quoted_status_id=for_followers["id"]))["quote"]["state"] == "accepted"
    for who, what in ((carol, for_followers), (carol, closed), (bob, closed)):
        body = {"status": "no", "quoted_status_id": what["id"]}
        assert (await who.ask("POST", "/api/v1/statuses", json=body)).status_code == 422
    assert (await alice.post("my own", quoted_status_id=closed["id"]))["quote"]["state"] == "accepted"
    assert (await alice.get(f"/api/v1/statuses/{open_post['id']}"))["quotes_count"] == 1
    assert [s["id"] for s in await alice.get(f"/api/v1/statuses/{open_post['id']}/quotes")] == [quote["id"]]
    await alice.do("DELETE", f"/api/v1/statuses/{open_post['id']}")
    assert (await carol.get(f"/api/v1/statuses/{quote['id']}"))["quote"] == {"state": "deleted", "quoted_status": None}


async def test_at_most_five_of_ones_own_statuses_are_pinned(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    statuses = [await alice.post(f"pin {n}") for n in range(7)]
    answers = await asyncio.gather(
        *(alice.ask("POST", f"/api/v1/statuses/{s['id']}/pin") for s in statuses), return_exceptions=False
    )
    assert sorted(a.status_code for a in answers) == [200] * 5 + [422] * 2
    pinned = await bob.get(f"/api/v1/accounts/{alice.id}/statuses", pinned=True)
    assert len(pinned) == 5
    assert (await bob.ask("POST", f"/api/v1/statuses/{statuses[0]['id']}/pin")).status_code == 422
    assert (await alice.mark("unpin", pinned[0]))["pinned"] is False


async def test_a_private_status_is_reblogged_by_its_author_for_followers_only(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await bob.follow(alice)
    secret = await alice.post("ours", visibility="private")
    assert (await bob.ask("POST", f"/api/v1/statuses/{secret['id']}/reblog")).status_code == 404
    assert (await alice.mark("reblog", secret))["visibility"] == "private"


async def test_favourites_and_bookmarks_are_paged_by_when_they_were_made(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    statuses = [await alice.post(f"no {n}") for n in range(5)]
    for status in reversed(statuses):
        await bob.mark("favourite", status)
        await bob.mark("bookmark", status)
    for path in ("/api/v1/favourites", "/api/v1/bookmarks"):
        seen: list[str] = []
        url = f"https://linnet.test{path}?limit=2"
        while url:
            answer = await bob.ask("GET", url)
            seen += [s["id"] for s in answer.json()]
            url = answer.links.get("next", {}).get("url", "")
        assert seen == [s["id"] for s in statuses]


async def test_many_statuses_at_once_keep_their_order(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    one, two = await alice.post("one"), await alice.post("two")
    hidden = await alice.post("psst", visibility="direct")
    params = [("id[]", two["id"]), ("id[]", hidden["id"]), ("id[]", one["id"]), ("id[]", "nonsense")]
    answer = await bob.ask("GET", "/api/v1/statuses", params=params)
    assert [s["id"] for s in answer.json()] == [two["id"], one["id"]]


async def test_lists_of_statuses_cost_the_same_number_of_statements_for_any_page(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await bob.follow(alice)
    for n in range(12):
        status = await alice.post(f"@bob #many {n}")
        await bob.mark("favourite", status)
        await bob.mark("bookmark", status)
        await bob.post("answer", in_reply_to_id=status["id"])
    await world.settle()
    await bob.home()
    paths = (
        "/api/v1/timelines/home",
        "/api/v1/timelines/public",
        "/api/v1/timelines/tag/many",
        f"/api/v1/accounts/{alice.id}/statuses",
        "/api/v1/favourites",
        "/api/v1/bookmarks",
    )
    for path in paths:
        numbers: list[int] = []
        for limit in (1, 12):
            attempts: list[int] = []
            for _ in range(3):  # the token is asked for once a second
                async with world.counting_statements() as counted:
                    assert len(await bob.get(path, limit=limit)) == limit
                attempts.append(counted.number)
            numbers.append(min(attempts))
        assert numbers[0] == numbers[1], path
