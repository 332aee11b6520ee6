"""Whose notifications one takes: policies by cause, and the requests of those who are held back."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from linnet.features.notifications import actions, jobs, reads
from linnet.features.notifications.events import NotificationsMerged
from linnet.platform.engines import Engines
from linnet.platform.jobs import Job
from linnet.platform.jobs.inline import run_pending
from linnet.reactions import JOBS
from world import Person, World

POLICY = "/api/v2/notifications/policy"
REQUESTS = "/api/v1/notifications/requests"
CAUSES = ("not_following", "not_followers", "new_accounts", "private_mentions", "bots")
OPEN = {f"for_{cause}": "accept" for cause in CAUSES}


async def told(person: Person, **choice: Any) -> list[tuple[str, str]]:
    """(kind, sender's name) of a person's notifications, newest first."""
    return [(one["type"], one["account"]["username"]) for one in await person.get("/api/v1/notifications", **choice)]


async def asking(person: Person) -> list[str]:
    """The names of those who wait for a person's leave, newest first."""
    return [one["account"]["username"] for one in await person.get(REQUESTS)]


async def old_friends(world: World, alice: Person, name: str) -> Person:
    """Somebody whom and who alice follows, for as long as it takes to be trusted by any policy."""
    friend = await world.person(name)
    await friend.follow(alice)
    await alice.follow(friend)
    return friend


async def not_followed(alice: Person, sender: Person) -> str:
    await alice.relate("unfollow", sender)
    return "public"


async def not_a_follower(alice: Person, sender: Person) -> str:
    await sender.relate("unfollow", alice)
    return "public"


async def a_follower_of_today(alice: Person, sender: Person) -> str:
    await sender.relate("unfollow", alice)
    await sender.follow(alice)
    await sender.world.engines.db.execute(
        "update follows set created_at = $2 where account_id = $1", sender.id, sender.world.clock.now()
    )
    return "public"


async def a_new_account(_: Person, sender: Person) -> str:
    await sender.world.engines.db.execute(
        "update accounts set created_at = $2 where id = $1", sender.id, sender.world.clock.now()
    )
    return "public"


async def a_private_mention(alice: Person, sender: Person) -> str:
    await alice.relate("unfollow", sender)
    return "direct"


async def a_bot(alice: Person, sender: Person) -> str:
    await alice.relate("unfollow", sender)
    await sender.do("PATCH", "/api/v1/accounts/update_credentials", bot=True)
    return "public"


CASES: list[tuple[str, Callable[[Person, Person], Awaitable[str]]]] = [
    ("not_following", not_followed),
    ("not_followers", not_a_follower),
    ("not_followers", a_follower_of_today),
    ("new_accounts", a_new_account),
    ("private_mentions", a_private_mention),
    ("bots", a_bot),
]


@pytest.mark.parametrize("verdict", ["accept", "filter", "drop"])
@pytest.mark.parametrize(("cause", "make"), CASES)
async def test_a_policy_holds_back_what_has_its_cause_and_nothing_else(
    world: World, cause: str, make: Callable[[Person, Person], Awaitable[str]], verdict: str
) -> None:
    alice = await world.person("alice")
    sender, friend = await old_friends(world, alice, "sender"), await old_friends(world, alice, "friend")
    await world.settle()
    await alice.do("POST", "/api/v1/notifications/clear")
    world.clock.move(days=40)
    visibility = await make(alice, sender)
    await world.settle()
    await alice.do("POST", "/api/v1/notifications/clear")
    await alice.do("PATCH", POLICY, **OPEN | {f"for_{cause}": verdict})
    for person in (friend, sender):
        await person.post("@alice hello", visibility=visibility)
        await world.settle()

    everything = [("mention", "sender"), ("mention", "friend")]
    assert await told(alice) == (everything if verdict == "accept" else everything[1:])
    assert await told(alice, include_filtered=True) == (everything[1:] if verdict == "drop" else everything)
    assert await asking(alice) == (["sender"] if verdict == "filter" else [])

    await alice.do("PATCH", POLICY, **OPEN)
    await sender.post("@alice hello again", visibility=visibility)
    await world.settle()
    assert (await told(alice))[0] == ("mention", "sender"), "with an open policy it is told"


@pytest.mark.parametrize("kind", ["favourite", "reblog", "follow", "quote"])
async def test_other_kinds_are_held_back_as_well_and_only_words_ask_for_leave(world: World, kind: str) -> None:
    alice, bob = await world.people("alice", "bob")
    song = await alice.post("A song")
    await alice.do("PATCH", POLICY, for_not_following="filter")
    if kind == "follow":
        await bob.follow(alice)
    elif kind == "quote":
        await bob.post("Listen", quoted_status_id=song["id"])
    else:
        await bob.mark(kind, song)
    await world.settle()

    assert await told(alice) == []
    assert await told(alice, include_filtered=True) == [(kind, "bob")]
    assert await asking(alice) == (["bob"] if kind == "quote" else [])
    grouped = await alice.get("/api/v2/notifications", include_filtered=True)
    assert [one["type"] for one in grouped["notification_groups"]] == [kind]
    assert (await alice.get("/api/v2/notifications"))["notification_groups"] == []


async def test_the_policy_begins_as_mastodons_and_changes_by_what_is_named(world: World) -> None:
    alice = await world.person("alice")
    begun = await alice.get(POLICY)
    assert begun == {
        "for_not_following": "accept",
        "for_not_followers": "accept",
        "for_new_accounts": "accept",
        "for_private_mentions": "filter",
        "for_limited_accounts": "filter",
        "for_bots": "accept",
        "summary": {"pending_requests_count": 0, "pending_notifications_count": 0},
    }
    changed = await alice.do("PATCH", POLICY, for_new_accounts="drop")
    assert changed == begun | {"for_new_accounts": "drop"}
    assert await alice.do("PATCH", POLICY, for_bots="filter") == changed | {"for_bots": "filter"}
    assert (await alice.ask("PATCH", POLICY, json={"for_bots": "burn"})).status_code == 422
    older = "/api/v1/notifications/policy"
    assert (await alice.get(older))["filter_new_accounts"] is True
    answered = await alice.do("PUT", older, filter_new_accounts=False, filter_not_following=True)
    assert answered == await alice.get(older)
    now = await alice.get(POLICY)
    assert [now["for_new_accounts"], now["for_not_following"], now["for_bots"]] == ["accept", "filter", "filter"]
    assert await alice.do("PATCH", older, filter_not_following=False) == answered | {"filter_not_following": False}


async def test_a_private_answer_to_ones_own_private_words_is_no_intrusion(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    question = await alice.post("@bob a word?", visibility="direct")
    answer = await bob.post("@alice two", visibility="direct", in_reply_to_id=question["id"])
    await bob.post("@alice even three", visibility="direct", in_reply_to_id=answer["id"])
    await world.settle()

    assert await told(alice) == [("mention", "bob"), ("mention", "bob")]
    assert await asking(alice) == []


async def test_a_request_shows_who_asks_and_what_waits(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    await alice.do("PATCH", POLICY, for_not_following="filter")
    song = await alice.post("A song")
    await bob.post("@alice one")
    await world.settle()
    last = await bob.post("@alice two")
    await bob.mark("favourite", song)
    await carol.post("@alice hello")
    await world.settle()

    newest, older = await alice.get(REQUESTS)
    assert [newest["account"]["acct"], older["account"]["acct"]] == ["carol", "bob"]
    assert older["notifications_count"] == "3"
    assert older["last_status"]["id"] == last["id"]
    assert older["updated_at"] > older["created_at"]
    assert await alice.get(f"{REQUESTS}/{older['id']}") == older
    assert (await bob.ask("GET", f"{REQUESTS}/{older['id']}")).status_code == 404
    summary = (await alice.get(POLICY))["summary"]
    assert summary == {"pending_requests_count": 2, "pending_notifications_count": 4}
    assert (await alice.get("/api/v1/notifications/unread_count")) == {"count": 0}

    await carol.do("DELETE", f"/api/v1/statuses/{newest['last_status']['id']}")
    await world.settle()
    assert await asking(alice) == ["bob"], "who has taken all back asks no more"


async def test_who_is_let_in_is_heard_and_what_waited_is_merged(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "SLICE", 1)
    alice, bob = await world.people("alice", "bob")
    await alice.do("PATCH", POLICY, for_not_following="filter")
    for number in range(3):
        await bob.post(f"@alice {number}")
    await world.settle()
    (request,) = await alice.get(REQUESTS)
    assert await alice.get(f"{REQUESTS}/merged") == {"merged": True}

    assert await alice.do("POST", f"{REQUESTS}/{request['id']}/accept") == {}
    assert await alice.get(f"{REQUESTS}/merged") == {"merged": False}
    assert await asking(alice) == []
    await world.settle()
    assert await alice.get(f"{REQUESTS}/merged") == {"merged": True}
    assert await told(alice) == [("mention", "bob")] * 3
    await bob.post("@alice more")
    await world.settle()
    assert len(await told(alice)) == 4
    assert (await alice.ask("POST", f"{REQUESTS}/{request['id']}/accept")).status_code == 404


async def test_those_told_of_by_id_are_ones_own_and_let_through(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    await alice.follow(bob)
    await alice.do("PATCH", POLICY, for_not_following="filter")
    for person in (bob, carol):
        await person.post("@alice @bob hello")
        await world.settle()
    ids = [row["id"] for row in await world.engines.db.rows("select id from notifications order by id desc")]

    page = await reads.some(world.engines, alice.viewer, ids)
    assert [one.from_account_id for one in page.items] == [bob.id]
    assert len(page.subjects.statuses.ids) == 1


async def test_who_is_dismissed_is_forgotten_until_they_ask_again(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    await alice.do("PATCH", POLICY, for_not_following="filter")
    for person in (bob, carol):
        await person.post("@alice hello")
    await world.settle()
    ids = [one["id"] for one in await alice.get(REQUESTS)]

    assert await alice.do("POST", f"{REQUESTS}/dismiss", id=ids) == {}
    assert await asking(alice) == []
    await world.settle()
    assert await told(alice, include_filtered=True) == []
    await bob.post("@alice please")
    await world.settle()
    (request,) = await alice.get(REQUESTS)
    assert request["notifications_count"] == "1"
    assert await alice.do("POST", f"{REQUESTS}/accept", id=[request["id"], "17", "x"]) == {}
    assert (await alice.ask("POST", f"{REQUESTS}/accept", json={"id": ["1"] * 101})).status_code == 422
    await world.settle()
    assert await told(alice) == [("mention", "bob")]


async def test_a_merge_is_told_once_when_all_is_merged(world: World) -> None:
    heard: list[NotificationsMerged] = []

    async def hear(_: Engines, works: Sequence[NotificationsMerged]) -> None:
        heard.extend(works)

    job = Job("tests.hear_merged", NotificationsMerged, hear)
    engines = replace(world.engines, reactions={**world.engines.reactions, NotificationsMerged: (job,)})
    alice, bob, carol = await world.people("alice", "bob", "carol")
    await alice.do("PATCH", POLICY, for_not_following="filter")
    for person in (bob, carol):
        await person.post("@alice hello")
    await world.settle()
    for one in await alice.get(REQUESTS):
        await actions.accept_requests(engines, alice.viewer, [int(one["id"])])
    await run_pending(engines, [job, *JOBS])

    assert heard == [NotificationsMerged(alice.id)]
    assert await told(alice) == [("mention", "carol"), ("mention", "bob")]


async def test_a_deleted_account_leaves_no_policy_no_permission_and_no_request(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    for one, other in ((alice, bob), (carol, alice)):
        await one.do("PATCH", POLICY, for_not_following="filter")
        await other.post(f"@{one.username} hello")
        await world.settle()
    (request,) = await alice.get(REQUESTS)
    await alice.do("POST", f"{REQUESTS}/{request['id']}/accept")
    await world.settle()
    await jobs.ERASE_ACCOUNT.run(world.engines, [jobs.AccountDeleted(alice.id)])

    for table in ("notification_permissions", "notification_requests", "notifications", "notification_groups"):
        count = await world.engines.db.value(f"select count(*) from {table}")
        assert count == 0, table
    assert await world.engines.db.value("select count(*) from notification_policies") == 1
