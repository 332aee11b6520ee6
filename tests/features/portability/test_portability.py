"""People bring their things along and take them away, told through the API."""

import io
import json
import zipfile
from typing import Any

from archives import FOLLOWERS, mastodon_tar, note, tweet, x_zip

from linnet.features.accounts.events import AccountDeleted
from linnet.features.portability import jobs, models
from world import Person, World


async def bring(person: Person, kind: str, content: str | bytes, **more: str) -> Any:
    """Bring a file and have it read; what became of it."""
    raw = content.encode() if isinstance(content, str) else content
    answer = await person.ask(
        "POST", "/api/v1/imports", data={"type": kind, **more}, files={"data": ("file.csv", raw, "text/csv")}
    )
    assert answer.status_code == 202, answer.text
    await person.world.settle()
    return await person.get(f"/api/v1/imports/{answer.json()['id']}")


async def reasons(person: Person, brought: Any) -> list[str]:
    """Why rows failed."""
    return [one["reason"] for one in await person.get(f"/api/v1/imports/{brought['id']}/failures")]


async def csv(person: Person, name: str) -> str:
    """One of the files to take away."""
    answer = await person.ask("GET", f"/api/v1/exports/{name}")
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_whom_one_follows_comes_along_with_the_options_and_what_cannot_is_told(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    brought = await bring(
        alice,
        "following",
        "Account address,Show boosts,Notify on new posts,Languages\n"
        'Bob@linnet.test,false,true,"en, de"\n@carol,true,false,\nnobody@linnet.test,true,false,\n'
        "dora@elsewhere.example,true,false,\n",
    )
    assert (brought["state"], brought["total_items"]) == ("finished", 4)
    assert (brought["imported_items"], brought["failed_items"]) == (2, 2)
    assert [reason.split(",")[0] for reason in await reasons(alice, brought)] == [
        "There is nobody of this name here.",
        "This account is on another server",
    ]
    relation = (await alice.get("/api/v1/accounts/relationships", **{"id[]": [str(bob.id), str(carol.id)]}))[0]
    assert (relation["showing_reblogs"], relation["notifying"], relation["languages"]) == (False, True, ["en", "de"])
    assert await csv(alice, "following_accounts.csv") == (
        "Account address,Show boosts,Notify on new posts,Languages\n"
        'carol@linnet.test,true,false,\nbob@linnet.test,false,true,"en, de"\n'
    )
    assert await csv(bob, "followers.csv") == "Account address\nalice@linnet.test\n"


async def test_a_file_that_overwrites_ends_what_it_does_not_name(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    for verb, kind, name in (("block", "blocking", "blocked_accounts.csv"), ("mute", "muting", "muted_accounts.csv")):
        await alice.do("POST", f"/api/v1/accounts/{bob.id}/{verb}")
        before = await csv(alice, name)
        brought = await bring(alice, kind, "carol@linnet.test\n", mode="overwrite")
        assert (brought["imported_items"], brought["mode"]) == (2, "overwrite")
        assert "carol@" in await csv(alice, name)
        assert "bob@" not in await csv(alice, name)
        await bring(alice, kind, before)
        assert "bob@" in await csv(alice, name)
    await alice.do("POST", f"/api/v1/accounts/{carol.id}/unblock")


async def test_lists_are_made_anew_of_those_one_follows(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    await alice.follow(bob)
    brought = await bring(alice, "lists", "Birds,bob@linnet.test\nBirds,carol@linnet.test\nOthers,@bob\n")
    assert (brought["imported_items"], brought["failed_items"]) == (2, 1)
    assert await reasons(alice, brought) == ["Only people you follow can be on a list: bring those you follow first."]
    assert [one["title"] for one in await alice.get("/api/v1/lists")] == ["Birds", "Others"]
    assert await csv(alice, "lists.csv") == "Birds,bob@linnet.test\nOthers,bob@linnet.test\n"
    await bring(alice, "lists", await csv(alice, "lists.csv"))
    assert await csv(alice, "lists.csv") == "Birds,bob@linnet.test\nOthers,bob@linnet.test\n"
    assert await csv(carol, "lists.csv") == ""


async def test_bookmarks_go_away_and_come_back_and_nothing_unseen_is_bookmarked(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    kept = await bob.post("worth keeping")
    secret = await bob.post("for followers", visibility="private")
    await alice.mark("bookmark", kept)
    file = await csv(alice, "bookmarks.csv")
    assert file == f"https://linnet.test/@bob/{kept['id']}\n"
    await alice.mark("unbookmark", kept)
    await alice.mark("favourite", kept)
    assert await csv(alice, "favourites.csv") == file
    hidden = f"https://linnet.test/@bob/{secret['id']}\nhttps://elsewhere.example/@x/1\n"
    brought = await bring(alice, "bookmarks", file + hidden)
    assert (brought["imported_items"], brought["failed_items"]) == (1, 2)
    assert [one["id"] for one in await alice.get("/api/v1/bookmarks")] == [kept["id"]]


async def test_old_posts_stand_where_they_belong_and_nobody_is_told(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await bob.follow(alice)
    new = await alice.post("new here")
    await world.settle()
    first = note(1, "<p>hello @bob #Linnet</p>", "2019-01-01T10:00:00Z")
    answer = note(2, "<p>and more</p>", "2019-01-02T10:00:00Z", inReplyTo=first["object"]["id"])
    private = note(3, "<p>hush</p>", "2020-01-01T10:00:00Z", to=[FOLLOWERS], cc=[])
    late = note(4, "<p>soon</p>", "2099-01-01T10:00:00Z")
    archive = mastodon_tar(first, answer, private, late)
    brought = await bring(alice, "posts", archive)
    assert (brought["imported_items"], await reasons(alice, brought)) == (3, ["It is dated in the future."])
    await world.settle(periodics=True)

    mine = await alice.get(f"/api/v1/accounts/{alice.id}/statuses")
    assert mine[0]["id"] == new["id"]
    assert [one["created_at"][:10] for one in mine[1:]] == ["2020-01-01", "2019-01-02", "2019-01-01"]
    assert mine[2]["in_reply_to_id"] == mine[3]["id"]
    assert (mine[3]["mentions"], [tag["name"] for tag in mine[3]["tags"]]) == ([], ["linnet"])
    assert (await alice.get("/api/v1/accounts/verify_credentials"))["statuses_count"] == 4
    assert await bob.get("/api/v1/notifications", types=["mention"]) == []
    assert (await bob.home())[0]["id"] == new["id"], "old posts are below, where they belong"
    stranger = await world.person("carol")
    assert len(await stranger.get(f"/api/v1/accounts/{alice.id}/statuses")) == 3

    found = await alice.get("/api/v2/search", q="hello", type="statuses")
    assert [one["id"] for one in found["statuses"]] == [mine[3]["id"]]

    again = await bring(alice, "posts", archive)
    assert again["imported_items"] == 3
    await alice.ask("DELETE", f"/api/v1/statuses/{mine[1]['id']}")
    await bring(alice, "posts", archive)
    assert len(await alice.get(f"/api/v1/accounts/{alice.id}/statuses")) == 3, "nothing twice, and deleted is deleted"


async def test_an_archive_of_x_in_many_slices_may_be_worked_on_twice(world: World) -> None:
    alice = await world.person("alice")
    tweets = [tweet(n, f"post {n}", f"Wed Oct 10 20:19:{n % 60:02} +0000 {2010 + n % 9}") for n in range(1, 251)]
    brought = await bring(alice, "posts", x_zip(*tweets))
    assert (brought["imported_items"], brought["state"]) == (250, "finished")
    import_id = int(brought["id"])
    await world.engines.db.execute("update imports set state = 'running' where id = $1", import_id)
    async with world.engines.transaction() as tx:
        await tx.enqueue(jobs.BRING_SLICE, [jobs.ImportSlice(import_id=import_id, account_id=alice.id)])
    await world.settle(periodics=True)
    shown = await alice.get(f"/api/v1/imports/{brought['id']}")
    assert (shown["imported_items"], shown["state"]) == (250, "finished")
    assert (await alice.get("/api/v1/accounts/verify_credentials"))["statuses_count"] == 250


async def test_everything_goes_into_one_archive_which_can_be_brought_elsewhere_and_not_twice_here(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await alice.follow(bob)
    first = await alice.post("first @bob & <b> #tag", spoiler_text="careful")
    await alice.post("second", in_reply_to_id=first["id"], visibility="unlisted")
    boosted = await bob.post("by bob")
    await alice.mark("reblog", boosted)
    folder = await alice.do("POST", "/api/v1/bookmarks/folders", title="Nests")
    await alice.mark("bookmark", boosted, folder_id=folder["id"])
    await alice.do("POST", "/api/v1/filters", phrase="owl", context=["home"])
    whispers = [await alice.post(f"@bob {text}", visibility="direct") for text in ("one", "two")]
    await bob.post("@alice three", visibility="direct")
    asked = await alice.do("POST", "/api/v1/exports/archives")
    assert asked["url"] is None
    assert (await alice.ask("GET", f"/api/v1/exports/archives/{asked['id']}/file")).status_code == 404
    assert (await alice.ask("POST", "/api/v1/exports/archives")).status_code == 429
    await world.settle()
    shown = await alice.get(f"/api/v1/exports/archives/{asked['id']}")
    assert shown["state"] == "finished"
    file = await alice.ask("GET", shown["url"])
    assert (file.status_code, len(file.content)) == (200, shown["size"])
    assert (await bob.ask("GET", shown["url"])).status_code == 404
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        assert archive.testzip() is None
        outbox = json.loads(archive.read("outbox.json"))
        assert [one["type"] for one in outbox["orderedItems"]] == ["Create", "Create", "Announce"]
        assert outbox["orderedItems"][2]["object"] == f"https://linnet.test/@bob/{boosted['id']}"
        said = json.loads(archive.read("messages.json"))
        assert [(one["id"], one["content"], one["with"]) for one in said] == [
            (whispers[0]["id"], "@bob one", ["bob"]),
            (whispers[1]["id"], "@bob two", ["bob"]),
        ]
        assert not any("three" in archive.read(name).decode() for name in archive.namelist())
        assert archive.read("following_accounts.csv").decode().splitlines()[1].startswith("bob@linnet.test,")
        assert json.loads(archive.read("account.json"))["account"]["username"] == "alice"
        assert "password" not in archive.read("account.json").decode()
        assert json.loads(archive.read("folders.json")) == [{"title": "Nests", "status_ids": [boosted["id"]]}]
        [filter_] = json.loads(archive.read("filters.json"))
        assert (filter_["context"], filter_["keywords"]) == (["home"], [{"keyword": "owl", "whole_word": False}])

    here = await bring(alice, "posts", file.content)
    assert here["imported_items"] == 2
    assert (await alice.get("/api/v1/accounts/verify_credentials"))["statuses_count"] == 3
    carol = await world.person("carol")
    await bring(carol, "posts", file.content)
    second, one = await carol.get(f"/api/v1/accounts/{carol.id}/statuses")
    assert one["content"] == "<p>first @bob &amp; &lt;b&gt; " + one["content"].partition("&lt;b&gt; ")[2]
    assert (one["spoiler_text"], second["visibility"], second["in_reply_to_id"]) == ("careful", "unlisted", one["id"])
    assert one["created_at"] == first["created_at"]


async def test_bad_files_are_refused_with_a_sentence_and_leave_nothing(world: World) -> None:
    alice = await world.person("alice")
    for kind, content, said in (
        ("following", "\n\n", "nothing in this file"),
        ("following", "\xff\xfe".encode("latin-1"), "UTF-8"),
        ("lists", "only one column\n", "two columns"),
        ("bookmarks", "x" * 5_000, "too long"),
        ("posts", b"PK\x03\x04 cut off", "cannot be read"),
    ):
        brought = await bring(alice, kind, content)
        assert brought["state"] == "refused"
        assert said in brought["reason"], brought
    for data, files, said in (
        ({"type": "following"}, {}, "Data must be a file"),
        ({}, {"data": ("f", b"x")}, "Type must say"),
        ({"type": "following"}, {"data": ("f", b"")}, "nothing in this file"),
        ({"type": "nonsense"}, {"data": ("f", b"x")}, ""),
    ):
        answer = await alice.ask("POST", "/api/v1/imports", data=data, files=files or None)
        assert answer.status_code == 422, answer.text
        assert said in answer.json()["error"]
    large = {"data": ("f", b"a@b\n" * (models.LIST_BYTES_MAX // 4 + 1))}
    assert (await alice.ask("POST", "/api/v1/imports", data={"type": "muting"}, files=large)).status_code == 413
    assert await world.engines.db.value("select count(*) from import_pieces") == 0
    for path in ("/api/v1/imports/1", "/api/v1/imports/1/failures", "/api/v1/exports/archives/1", "/api/v1/exports/x"):
        assert (await alice.ask("GET", path)).status_code == 404


async def test_imports_are_ones_own_few_at_a_time_and_forgotten_after_a_week_and_with_the_account(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    file = {"data": ("f.csv", b"bob\n")}
    answers = [await alice.ask("POST", "/api/v1/imports", data={"type": "following"}, files=file) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [202, 202, 202, 422]
    assert (await bob.ask("GET", f"/api/v1/imports/{answers[0].json()['id']}")).status_code == 404
    refused = answers[-1]
    assert (refused.status_code, "have not ended" in refused.json()["error"]) == (422, True)
    await world.settle()
    assert len(await alice.get("/api/v1/imports")) == 3
    await bring(bob, "following", "alice\n")
    await bob.do("POST", "/api/v1/exports/archives")
    await world.settle()
    world.clock.move(days=8)
    await world.settle(periodics=True)
    counts = (
        "select (select count(*) from imports) + (select count(*) from import_rows) + (select count(*) from archives)"
    )
    assert await world.engines.db.value(counts + " + (select count(*) from archive_pieces)") == 0
    await bring(bob, "posts", x_zip(tweet(1, "a post", "Wed Oct 10 20:19:24 +0000 2018")))
    async with world.engines.transaction() as tx:
        await tx.record(AccountDeleted(account_id=bob.id))
    await world.settle()
    assert await world.engines.db.value("select count(*) from imports") == 0
