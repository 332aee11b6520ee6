"""What people are told of, what they are not told of, and what is taken back."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from linnet.features.accounts import actions as accounts
from linnet.features.accounts.events import SignedUp
from linnet.features.accounts.models import Role
from linnet.features.notifications import jobs
from linnet.features.notifications.events import Notified
from linnet.features.notifications.store import audiences, writing
from linnet.features.statuses.events import StatusPosted, StatusReblogged
from linnet.platform.engines import Engines
from linnet.platform.jobs import Job
from linnet.platform.jobs.inline import run_pending
from linnet.reactions import JOBS
from world import Person, World


async def told(person: Person, **choice: Any) -> list[tuple[str, str, str | None]]:
    """(kind, sender's name, status id) of a person's notifications, newest first."""
    page = await person.get("/api/v1/notifications", **choice)
    return [(one["type"], one["account"]["username"], one.get("status", {}).get("id")) for one in page]


async def test_everything_others_do_is_told_once_and_by_name(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    await bob.follow(alice)
    song = await alice.post("A song about finches")
    await bob.mark("favourite", song)
    await carol.mark("reblog", song)
    reply = await bob.post("@alice lovely!", in_reply_to_id=song["id"])
    quote = await carol.post("Listen to this", quoted_status_id=song["id"])
    await world.settle()

    assert sorted(await told(alice)) == sorted(
        [
            ("follow", "bob", None),
            ("favourite", "bob", song["id"]),
            ("reblog", "carol", song["id"]),
            ("mention", "bob", reply["id"]),
            ("quote", "carol", quote["id"]),
        ]
    )
    assert await told(bob) == []
    assert await told(carol) == []


async def test_a_job_that_runs_twice_tells_nobody_twice(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    hello = await alice.post("Hello")
    greeting = await bob.post("Hi @alice")
    reblog = await bob.mark("reblog", hello)
    await world.settle()
    before = await told(alice)

    await jobs.NOTIFY_POSTED.run(world.engines, [StatusPosted(int(greeting["id"]), bob.id)] * 2)
    await jobs.NOTIFY_REBLOGGED.run(world.engines, [StatusReblogged(int(reblog["id"]), int(hello["id"]), bob.id)] * 2)

    assert len(before) == 2
    assert await told(alice) == before


async def test_nobody_is_told_of_their_own_deeds(world: World) -> None:
    alice = await world.person("alice")
    mine = await alice.post("I, @alice, like this")
    await alice.mark("favourite", mine)
    await alice.mark("reblog", mine)
    await world.settle()

    assert await told(alice) == []


@pytest.mark.parametrize("verb", ["block", "mute"])
async def test_people_one_has_silenced_are_not_heard(world: World, verb: str) -> None:
    alice, troll = await world.people("alice", "troll")
    hello = await alice.post("Hello")
    await alice.relate(verb, troll)
    if verb == "mute":
        await troll.mark("favourite", hello)
    await troll.post("@alice hey")
    await world.settle()

    assert await told(alice) == []


async def test_a_mute_without_notifications_still_lets_them_through(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await alice.relate("mute", bob, notifications=False)
    hey = await bob.post("@alice hey")
    await world.settle()

    assert await told(alice) == [("mention", "bob", hey["id"])]


async def test_silencing_somebody_hides_what_they_did_before(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    await bob.post("@alice one")
    kept = await carol.post("@alice two")
    await world.settle()

    await alice.relate("mute", bob)
    assert await told(alice) == [("mention", "carol", kept["id"])]
    assert (await alice.get("/api/v1/notifications/unread_count"))["count"] == 1

    await alice.relate("unmute", bob)
    assert len(await told(alice)) == 2

    await alice.relate("block", bob)
    await world.settle()
    await alice.relate("unblock", bob)
    assert await told(alice) == [("mention", "carol", kept["id"])], "a block is a clean slate"


async def test_a_muted_thread_is_silent(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    start = await alice.post("What do you think?")
    first = await bob.post("@alice much", in_reply_to_id=start["id"])
    await world.settle()
    await alice.mark("mute", start)
    await bob.post("@alice very much", in_reply_to_id=first["id"])
    await bob.mark("favourite", start)
    await world.settle()

    assert await told(alice) == [("mention", "bob", first["id"])]


async def test_followers_who_asked_for_it_hear_of_every_post(world: World) -> None:
    author, keen, calm = await world.people("author", "keen", "calm")
    await keen.follow(author, notify=True)
    await calm.follow(author)
    friend = await author.post("Good morning", visibility="private")
    answer = await author.post("@calm indeed", in_reply_to_id=(await calm.post("Morning!"))["id"])
    await author.post("A secret for @calm", visibility="direct")
    thread = await author.post("And another thing", in_reply_to_id=friend["id"])
    await world.settle()

    assert await told(keen) == [("status", "author", thread["id"]), ("status", "author", friend["id"])]
    assert answer["id"] in {status_id for _, _, status_id in await told(calm, types=["mention"])}


async def test_slices_reach_every_follower_who_asked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "SLICE", 2)
    author = await world.person("author")
    keen = [await world.person() for _ in range(5)]
    for one in keen:
        await one.follow(author, notify=True)
    post = await author.post("Read all about it")
    await world.settle()

    for one in keen:
        assert await told(one) == [("status", "author", post["id"])]


async def test_an_edit_reaches_those_who_passed_it_on_and_the_newly_mentioned(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "SLICE", 1)
    author, fan, critic, guest, old = await world.people("author", "fan", "critic", "guest", "old")
    post = await author.post("Frist! @old")
    await fan.mark("reblog", post)
    await critic.post("Typo", quoted_status_id=post["id"])
    await world.settle()
    (mention,) = await old.get("/api/v1/notifications")
    await old.do("POST", f"/api/v1/notifications/{mention['id']}/dismiss")

    await author.do("PUT", f"/api/v1/statuses/{post['id']}", status="First! @old @guest")
    await world.settle()
    first_update = (await fan.get("/api/v1/notifications"))[0]

    assert await told(fan) == [("update", "author", post["id"])]
    assert await told(critic) == [("quoted_update", "author", post["id"])]
    assert await told(guest) == [("mention", "author", post["id"])]
    assert await told(old) == [], "who was mentioned before is not told again"

    await author.do("PUT", f"/api/v1/statuses/{post['id']}", status="First of all! @old @guest")
    await world.settle()
    (second_update,) = await fan.get("/api/v1/notifications")
    assert int(second_update["id"]) > int(first_update["id"]), "the next edit replaces the notice of the last one"
    assert len(await told(guest)) == 1


async def test_what_is_taken_back_is_told_no_more(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    song = await alice.post("A song")
    await bob.follow(alice)
    await bob.mark("favourite", song)
    await bob.mark("reblog", song)
    reply = await bob.post("@alice !", in_reply_to_id=song["id"])
    await world.settle()
    assert len(await told(alice)) == 4

    await bob.mark("unfavourite", song)
    await bob.mark("unreblog", song)
    await bob.relate("unfollow", alice)
    await bob.do("DELETE", f"/api/v1/statuses/{reply['id']}")
    assert ("mention", "bob", reply["id"]) not in await told(alice), "a deleted post is not shown, jobs or no jobs"
    await world.settle()

    assert await told(alice) == []
    assert await world.engines.db.value("select count(*) from notifications") == 0


async def test_a_favourite_taken_back_before_the_job_ran_is_never_told(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    song = await alice.post("A song")
    await bob.mark("favourite", song)
    await bob.mark("unfavourite", song)
    await bob.mark("reblog", song)
    await bob.mark("unreblog", song)
    await bob.mark("reblog", song)
    await world.settle()

    assert await told(alice) == [("reblog", "bob", song["id"])]


async def test_follow_requests_are_told_until_they_are_answered(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    await alice.do("PATCH", "/api/v1/accounts/update_credentials", locked=True)
    await bob.follow(alice)
    await carol.follow(alice)
    await world.settle()
    assert sorted(await told(alice)) == [("follow_request", "bob", None), ("follow_request", "carol", None)]

    await alice.do("POST", f"/api/v1/follow_requests/{bob.id}/authorize")
    await alice.do("POST", f"/api/v1/follow_requests/{carol.id}/reject")
    await world.settle()
    assert await told(alice) == [], "who lets somebody in knows it"


async def test_a_private_post_by_somebody_one_no_longer_follows_is_gone(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await bob.follow(alice, notify=True)
    post = await alice.post("For friends", visibility="private")
    await world.settle()
    assert await told(bob) == [("status", "alice", post["id"])]

    await bob.relate("unfollow", alice)
    assert await told(bob) == []
    assert (await bob.get("/api/v1/notifications/unread_count"))["count"] == 0


async def test_deleting_an_account_removes_what_it_got_and_what_it_sent(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "SLICE", 1)
    alice, bob = await world.people("alice", "bob")
    for _ in range(3):
        await alice.post("@bob hi")
        await bob.post("@alice hi")
    await world.settle()
    assert await world.engines.db.value("select count(*) from notifications") == 6

    await accounts.delete(world.engines, bob.id)
    assert await told(alice) == []
    await world.settle()
    assert await world.engines.db.value("select count(*) from notifications") == 0


async def test_telling_takes_the_same_statements_for_one_post_as_for_many(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await alice.follow(bob)
    posts = [StatusPosted(int((await bob.post(f"@alice {n}", visibility="private"))["id"]), bob.id) for n in range(9)]
    async with world.counting_statements() as for_one:
        await jobs.NOTIFY_POSTED.run(world.engines, posts[:1])
    async with world.counting_statements() as for_many:
        await jobs.NOTIFY_POSTED.run(world.engines, posts)

    assert for_many.number == for_one.number <= 5
    assert len(await told(alice)) == 9


async def test_a_suspended_sender_tells_nothing(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await bob.follow(alice)
    await world.suspend(bob)
    notices = await audiences.of_follows(world.engines.db, [(bob.id, alice.id)])

    assert len(notices) == 1
    assert await writing.insert(world.engines.db, notices, world.clock.now()) == []


async def test_what_was_newly_told_is_recorded_for_push_and_streams(world: World) -> None:
    heard: list[Notified] = []

    async def hear(_: Engines, works: Sequence[Notified]) -> None:
        heard.extend(works)

    job = Job("tests.hear_notified", Notified, hear)
    engines = replace(world.engines, reactions={**world.engines.reactions, Notified: (job,)})
    alice, bob, troll = await world.people("alice", "bob", "troll")
    await alice.relate("block", troll)
    hello = StatusPosted(int((await bob.post("@alice hello"))["id"]), bob.id)
    insult = StatusPosted(int((await troll.post("@alice boo"))["id"]), troll.id)
    for _ in range(2):
        await jobs.NOTIFY_POSTED.run(engines, [hello, insult])
    await run_pending(engines, [job, *JOBS])

    (told,) = await alice.get("/api/v1/notifications")
    assert heard == [Notified((int(told["id"]),), (alice.id,))]


async def test_those_who_may_act_on_it_hear_of_who_signs_up(world: World) -> None:
    admin = await world.person("root", role=Role.ADMIN)
    moderator = await world.person("guard", role=Role.MODERATOR)
    member = await world.person("member")
    newcomers = await world.people("ann", "ben")
    await jobs.NOTIFY_SIGNED_UP.run(world.engines, [SignedUp(one.id) for one in newcomers])

    assert sorted(await told(admin)) == [("admin.sign_up", "ann", None), ("admin.sign_up", "ben", None)]
    assert len(await told(moderator)) == 2
    assert await told(member) == []
    (group,) = (await admin.get("/api/v2/notifications"))["notification_groups"]
    assert (group["type"], group["notifications_count"]) == ("admin.sign_up", 2)
