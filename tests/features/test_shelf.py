"""What a process keeps of statuses is what it would read: after every verb, in every process, cold or warm."""

from dataclasses import replace

import pytest

from linnet.features.relationships.circles import Circles
from linnet.features.sessions.recent import RecentAccess
from linnet.features.statuses import marked, reads, shelf
from linnet.features.statuses.marked import Viewers
from linnet.features.statuses.models import Hydrated
from linnet.features.statuses.shelf import Shelf
from linnet.features.timelines.merged import Merged
from linnet.features.timelines.reach import Reaches
from linnet.features.timelines.warm import Told
from linnet.platform.changes import Changes
from linnet.platform.engines import Engines
from picture_files import encoded, quarters
from world import Person, World


def another_process(engines: Engines) -> Engines:
    """The same server as another process sees it, with memories of its own."""
    changes = Changes(engines.valkey)
    memories: dict[type, object] = {
        RecentAccess: RecentAccess(changes),
        Circles: Circles(changes),
        Shelf: Shelf(changes),
        Viewers: Viewers(changes),
        Merged: Merged(changes),
        Reaches: Reaches(),
        Told: Told(),
    }
    return replace(engines, changes=changes, configs={**engines.configs, **memories})


async def kept(engines: Engines, viewer: Person, ids: list[int]) -> Hydrated:
    found = await shelf.hydrate(engines, viewer.viewer, ids)
    assert found is not None
    return found


async def agree(engines: Engines, viewer: Person, ids: list[int]) -> Hydrated:
    """What is kept for the viewer, after comparing it with what PostgreSQL says."""
    found, read = await kept(engines, viewer, ids), await reads.read(engines, viewer.viewer, ids)
    assert (found.ids, found.row_ids, found.marks) == (read.ids, read.row_ids, read.marks)
    assert found.statuses == read.statuses
    assert {i: one.version for i, one in found.authors.items()} == {i: one.version for i, one in read.authors.items()}
    return found


async def test_a_status_is_kept_as_it_would_be_read_from_the_moment_it_is_posted(world: World) -> None:
    ann, bob = await world.people("ann", "bob")
    first = await ann.post("first", spoiler_text="careful", language="de")
    await bob.home()
    answer = await bob.post("@ann #Answer https://example.org", in_reply_to_id=first["id"], visibility="private")
    quote = await bob.post("look", quoted_status_id=first["id"])
    ids = [int(one["id"]) for one in (first, answer, quote)]
    for engines in (world.engines, another_process(world.engines)):
        for viewer in (ann, bob):
            assert len((await agree(engines, viewer, ids)).ids) == 3
    carol = await world.person("carol")
    assert len((await agree(world.engines, carol, ids)).ids) == 2


async def test_every_verb_reaches_what_every_process_keeps(world: World) -> None:
    ann, bob, carol = await world.people("ann", "bob", "carol")
    engines = another_process(world.engines)
    await bob.follow(ann)
    root = await ann.post("root")
    private = await ann.post("for followers", visibility="private")
    named = await ann.post("@carol for you", visibility="private")
    reblog = await carol.mark("reblog", root)
    ids = [int(one["id"]) for one in (root, private, named, reblog)]
    avatar = {"avatar": ("a.png", encoded(quarters(50, 40), "PNG"), "image/png")}
    steps = [
        lambda: bob.mark("favourite", root),
        lambda: bob.mark("bookmark", root),
        lambda: bob.mark("reblog", root),
        lambda: bob.mark("mute", root),
        lambda: bob.mark("unfavourite", root),
        lambda: bob.mark("unreblog", root),
        lambda: bob.mark("unmute", root),
        lambda: bob.mark("unbookmark", root),
        lambda: carol.post("an answer", in_reply_to_id=root["id"]),
        lambda: ann.mark("pin", root),
        lambda: ann.mark("unpin", root),
        lambda: ann.do("PUT", f"/api/v1/statuses/{private['id']}", status="for followers and @carol"),
        lambda: ann.do("PATCH", "/api/v1/accounts/update_credentials", display_name="Ann"),
        lambda: ann.ask("PATCH", "/api/v1/accounts/update_credentials", files=avatar),
        lambda: ann.do("DELETE", "/api/v1/profile/avatar"),
        lambda: bob.relate("unfollow", ann),
        lambda: bob.follow(ann),
        lambda: ann.relate("block", carol),
        lambda: ann.relate("unblock", carol),
        lambda: bob.relate("mute", carol),
        lambda: world.suspend(carol),
        lambda: ann.do("DELETE", f"/api/v1/statuses/{root['id']}"),
    ]
    for step in steps:
        for viewer in (ann, bob, carol):
            await agree(engines, viewer, ids)
            await agree(world.engines, viewer, ids)
        await step()
        for viewer in (ann, bob, carol):
            await agree(engines, viewer, ids)
            await agree(world.engines, viewer, ids)


async def test_a_warm_page_asks_nothing(world: World) -> None:
    ann, bob = await world.people("ann", "bob")
    await bob.follow(ann)
    for number in range(5):
        await ann.post(f"post {number}")
    await world.settle()
    await bob.home()
    async with world.counting_statements() as asked:
        assert len(await bob.home()) == 5
    assert asked.number == 0
    world.clock.move(seconds=10)
    await ann.post("one more, which this process wrote")
    await world.settle()
    async with world.counting_statements() as asked:
        assert len(await bob.home()) == 6
    assert asked.number == 0


async def test_folded_counters_of_an_author_arrive_without_being_read(world: World) -> None:
    ann, bob = await world.people("ann", "bob")
    await bob.follow(ann)
    await ann.post("hello")
    await world.settle(periodics=True)
    await bob.home()
    await ann.post("again")
    await world.settle(periodics=True)
    async with world.counting_statements() as asked:
        [newest, *_] = await bob.home()
    assert newest["account"]["statuses_count"] == 2
    assert asked.number <= 1


async def test_marks_stay_right_when_there_are_more_than_are_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marked, "MARKS_MAX", 2)
    monkeypatch.setattr(marked, "ASKED_MAX", 3)
    ann, bob = await world.people("ann", "bob")
    posts = [await ann.post(f"post {number}") for number in range(6)]
    ids = [int(one["id"]) for one in posts]
    await agree(world.engines, bob, ids)
    for one in posts:
        await bob.mark("favourite", one)
        for engines in (world.engines, another_process(world.engines)):
            assert sum(marks.favourited for marks in (await agree(engines, bob, ids)).marks.values())


async def test_who_has_muted_too_many_threads_is_asked_about_in_sql(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marked, "MUTED_THREADS_MAX", 1)
    ann, bob = await world.people("ann", "bob")
    posts = [await ann.post(f"post {number}") for number in range(2)]
    await bob.follow(ann)
    await world.settle()
    for one in posts:
        await bob.mark("mute", one)
    assert await shelf.hydrate(world.engines, bob.viewer, [int(posts[0]["id"])]) is None
    assert [one["muted"] for one in await bob.home()] == [True, True]


async def test_a_chain_of_quotes_on_one_page_is_as_deep_for_each_of_them(world: World) -> None:
    ann, bob = await world.people("ann", "bob")
    chain = [await ann.post("first")]
    for number in range(4):
        chain.append(await ann.post(f"quote {number}", quoted_status_id=chain[-1]["id"]))
    await bob.home()
    ids = [int(one["id"]) for one in reversed(chain)]
    await agree(world.engines, bob, ids)
    for engines in (world.engines, another_process(world.engines)):
        found = await agree(engines, bob, ids[:2])
        assert found.statuses.keys() == set(ids[:4])
        assert (await agree(engines, bob, ids)).statuses.keys() == set(ids)


async def test_a_reblog_that_a_job_took_back_is_no_trouble_when_its_author_is_forgotten(world: World) -> None:
    ann, bob, cleo = await world.people("ann", "bob", "cleo")
    post = await ann.post("soon gone")
    reblog = await bob.mark("reblog", post)
    ids = [int(post["id"]), int(reblog["id"])]
    assert len((await agree(world.engines, cleo, ids)).ids) == 2
    await ann.do("DELETE", f"/api/v1/statuses/{post['id']}")
    await world.settle()
    world.engines.config(Shelf).authors.drop(bob.id)
    assert (await agree(world.engines, cleo, ids)).ids == ()
