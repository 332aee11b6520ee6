"""Statuses that wait for somebody to look, reach followers only, or stand behind a warning: what others see of them."""

from typing import Any

from linnet.features.moderation import decisions
from linnet.features.moderation.measures import About, Measure, Ruling
from linnet.features.moderation.models import Finding, Reason, Span, Surface
from linnet.features.statuses import withholding
from linnet.platform.paging import Window
from world import Person, World


async def moderate(world: World, verb: str, status: Any, *args: Any) -> bool:
    async with world.engines.transaction() as tx:
        return await getattr(withholding, verb)(tx, int(status["id"]), *args)


async def decided(world: World, author: Person, status: Any, measure: Measure, *findings: Finding) -> int:
    ruling = Ruling(author.id, About.STATUS, Surface.POST, measure, findings, findings, subject_id=int(status["id"]))
    return await decisions.record(world.engines.db, ruling, world.clock.now())


async def ids(person: Person, path: str, **params: Any) -> list[str]:
    return [one["id"] for one in await person.get(f"/api/v1/{path}", **params)]


async def test_a_withheld_post_is_its_authors_alone_until_it_is_released_as_if_posted_then(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await bob.follow(alice)
    post = await alice.post("Hello @bob, see https://example.org/ #birds")
    assert await moderate(world, "withhold", post)
    assert not await moderate(world, "withhold", post), "it is already"
    await world.settle()
    assert await ids(bob, "timelines/home") == []
    assert await ids(bob, "notifications") == []
    assert (await bob.ask("GET", f"/api/v1/statuses/{post['id']}")).status_code == 404
    assert await ids(alice, "timelines/home") == [post["id"]]
    assert (await alice.get(f"/api/v1/statuses/{post['id']}"))["moderation"]["withheld"] is True

    assert await moderate(world, "release", post)
    await world.settle()
    assert await ids(bob, "timelines/home") == [post["id"]]
    assert [one["type"] for one in await bob.get("/api/v1/notifications")] == ["mention"]
    assert await ids(bob, "timelines/tag/birds") == [post["id"]]
    assert "moderation" not in await alice.get(f"/api/v1/statuses/{post['id']}")


async def test_a_withheld_answer_counts_for_nobody(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    post = await alice.post("Anybody?")
    answer = await bob.post("@alice me", in_reply_to_id=post["id"])

    async def counted() -> int:
        await world.settle(periodics=True)
        return (await alice.get(f"/api/v1/statuses/{post['id']}"))["replies_count"]

    assert await counted() == 1
    await moderate(world, "withhold", answer)
    assert await counted() == 0
    await moderate(world, "release", answer)
    assert await counted() == 1
    await moderate(world, "withhold", answer)
    await bob.do("DELETE", f"/api/v1/statuses/{answer['id']}")
    assert await counted() == 0
    assert not await moderate(world, "release", answer), "it is gone"


async def test_a_post_of_limited_reach_is_at_followers_homes_and_on_its_authors_page_only(world: World) -> None:
    alice, bob, carl = await world.people("alice", "bob", "carl")
    await alice.do("PATCH", "/api/v1/accounts/update_credentials", indexable=True)
    await bob.follow(alice)
    await carl.follow(bob)
    post = await alice.post("Linnets are #birds")
    await moderate(world, "limit", post)
    await bob.mark("reblog", post)
    await world.settle(periodics=True)
    assert await ids(bob, "timelines/home", limit=1) != []
    assert await ids(carl, f"accounts/{alice.id}/statuses") == [post["id"]]
    assert await ids(carl, "timelines/public") == await ids(carl, "timelines/tag/birds") == []
    assert await ids(carl, "timelines/home") == [], "who passes it on brings it to nobody"
    assert (await carl.get("/api/v2/search", q="linnets", type="statuses"))["statuses"] == []
    await moderate(world, "unlimit", post)
    await world.settle(periodics=True)
    assert await ids(carl, "timelines/public") == await ids(carl, "timelines/tag/birds") == [post["id"]]
    assert len(await ids(carl, "timelines/home")) == 1
    assert len((await carl.get("/api/v2/search", q="linnets", type="statuses"))["statuses"]) == 1


async def test_a_label_is_a_warning_to_all_and_its_author_reads_why(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await bob.follow(alice)
    post = await alice.post("What a shitty day", spoiler_text="")
    decision_id = await decided(
        world, alice, post, Measure.LABEL, Finding(Span(7, 13), Reason.PROFANITY, 0.9, "words-1")
    )
    await moderate(world, "label", post, ["rude"])
    await world.settle()
    [seen] = await bob.home()
    assert (seen["sensitive"], seen["spoiler_text"]) == (True, "May contain strong language")
    assert "moderation" not in seen
    [own] = await alice.home()
    told = own["moderation"]
    assert (told["labels"], told["measure"], told["decision_id"]) == (["rude"], "label", str(decision_id))
    assert told["reasons"] == [
        {
            "code": "profanity",
            "text": "strong language",
            "field": "status",
            "start": 7,
            "end": 13,
            "excerpt": "shitty",
        }
    ]
    await moderate(world, "label", post, [])
    assert [one["spoiler_text"] for one in await bob.home()] == [""]


async def test_decisions_are_read_reviewed_once_and_gone_with_the_account(world: World) -> None:
    alice, mod = await world.people("alice", "mod")
    db, now = world.engines.db, world.clock.now()
    post = await alice.post("Hello")
    kept = await decided(world, alice, post, Measure.ALLOW, Finding(Span(0, 5), Reason.SPAM_TEXT, 0.61234567, "1"))
    held = await decided(world, alice, post, Measure.HOLD)
    page = await decisions.of_account(db, alice.id, Window())
    assert [one.id for one in page] == [held, kept]
    assert page[1].ruling.findings == (Finding(Span(0, 5), Reason.SPAM_TEXT, 0.6123, "1"),)
    assert [one.id for one in await decisions.waiting(db, Window())] == [held]
    assert (await decisions.of_subjects(db, About.STATUS, [int(post["id"]), 7]))[int(post["id"])].id == held
    reviewed = await decisions.review(db, held, mod.id, now, upheld=False)
    assert reviewed is not None
    assert (reviewed.reviewed_by, reviewed.upheld) == (mod.id, False)
    assert await decisions.review(db, held, mod.id, now, upheld=True) is None
    assert await decisions.waiting(db, Window()) == []
    world.clock.move(days=decisions.KEPT_DAYS + 1)
    await decided(world, alice, post, Measure.HOLD)
    await decisions.forget_old(world.engines)
    assert len(await decisions.of_account(db, alice.id, Window())) == 1
    await decisions.erase(db, alice.id)
    assert await decisions.of_account(db, alice.id, Window()) == []


async def test_a_post_of_limited_reach_notifies_no_stranger_also_of_an_edit(world: World) -> None:
    alice, bob, carl = await world.people("alice", "bob", "carl")
    await bob.follow(alice)
    post = await alice.post("Hello @bob and @carl")
    await moderate(world, "limit", post)
    await world.settle()
    assert [one["type"] for one in await bob.get("/api/v1/notifications")] == ["mention"]
    assert await ids(carl, "notifications") == []
    other = await alice.post("Hello")
    await moderate(world, "limit", other)
    await alice.do("PUT", f"/api/v1/statuses/{other['id']}", status="Hello @bob and @carl")
    await world.settle()
    assert len(await ids(bob, "notifications")) == 2
    assert await ids(carl, "notifications") == []
