"""Stories about posts for later and saved drafts, told through the API."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from linnet.features.accounts import actions as accounts
from linnet.features.statuses.saved.models import SAVED_MAX
from linnet.features.statuses.scheduled import jobs
from linnet.features.statuses.scheduled.models import DAILY_MAX, Due
from linnet.platform.embedded import EmbeddedEngines
from linnet.platform.jobs.registration import Registration
from world import PUBLIC_URL, Person, World

SCHEDULED = "/api/v1/scheduled_statuses"
DRAFTS = "/api/v1/drafts"


def within(world: World, **ahead: float) -> str:
    """A moment so far ahead, as clients write it."""
    return (world.clock.now() + timedelta(**ahead)).isoformat()


async def schedule(person: Person, text: str = "Good morning", hours: float = 1, **more: Any) -> Any:
    return await person.post(text, scheduled_at=within(person.world, hours=hours), **more)


async def come(world: World, **time: float) -> None:
    """Let time pass, and the scheduler and the worker do what is due."""
    world.clock.move(**time)
    await world.settle(periodics=True)
    await world.settle()


async def posts_of(person: Person) -> Any:
    return await person.get(f"/api/v1/accounts/{person.id}/statuses")


async def test_a_post_for_later_is_published_when_its_time_has_come(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await bob.follow(alice)
    await world.settle()
    kept = await schedule(alice, "Good morning @bob #birds", spoiler_text="early", visibility="unlisted", language="de")
    assert set(kept) >= {"id", "scheduled_at", "params", "media_attachments"}
    assert (kept["params"]["text"], kept["params"]["visibility"]) == ("Good morning @bob #birds", "unlisted")
    assert datetime.fromisoformat(kept["scheduled_at"]) > datetime.now(UTC) + timedelta(minutes=55)
    await come(world, minutes=59)
    assert await posts_of(alice) == []
    assert [one["id"] for one in await alice.get(SCHEDULED)] == [kept["id"]]
    await come(world, minutes=2)
    (posted,) = await bob.home()
    assert (posted["spoiler_text"], posted["visibility"], posted["language"]) == ("early", "unlisted", "de")
    assert abs(datetime.fromisoformat(posted["created_at"]) - world.clock.now()) < timedelta(minutes=1)
    assert [one["id"] for one in await alice.home()] == [posted["id"]]
    assert [one["type"] for one in await bob.get("/api/v1/notifications")] == ["mention"]
    assert await alice.get(SCHEDULED) == []
    assert (await alice.ask("GET", f"{SCHEDULED}/{kept['id']}")).status_code == 404


async def test_it_can_have_all_that_a_post_can_have(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    parent = await bob.post("a question")
    poll = {"options": ["yes", "no"], "expires_in": 600, "multiple": True, "hide_totals": True}
    kept = await schedule(alice, "an answer", in_reply_to_id=parent["id"], poll=poll, quote_approval_policy="nobody")
    assert kept["params"]["poll"] == poll
    assert (kept["params"]["in_reply_to_id"], kept["params"]["quote_approval_policy"]) == (int(parent["id"]), "nobody")
    quote = await schedule(alice, "look", quoted_status_id=parent["id"])
    assert quote["params"]["quoted_status_id"] == parent["id"]
    await come(world, minutes=61)
    quoting, answer = sorted(await posts_of(alice), key=lambda one: one["in_reply_to_id"] or "")
    assert (answer["in_reply_to_id"], answer["poll"]["multiple"]) == (parent["id"], True)
    assert datetime.fromisoformat(answer["poll"]["expires_at"]) > world.clock.now() + timedelta(minutes=9)
    assert quoting["quote"]["quoted_status"]["id"] == parent["id"]
    assert (await bob.get(f"/api/v1/statuses/{parent['id']}"))["replies_count"] == 1


async def test_it_is_moved_and_called_off(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    kept = await schedule(alice)
    path = f"{SCHEDULED}/{kept['id']}"
    assert await alice.do("PUT", path) == kept
    later = await alice.do("PUT", path, scheduled_at=within(world, hours=3))
    assert later["scheduled_at"] > kept["scheduled_at"]
    await come(world, hours=2)
    assert await posts_of(alice) == []
    for method in ("GET", "PUT", "DELETE"):
        assert (await bob.ask(method, path, json={"scheduled_at": within(world, hours=9)})).status_code == 404
    assert await bob.get(SCHEDULED) == []
    assert await alice.do("DELETE", path) == {}
    assert (await alice.ask("DELETE", path)).status_code == 404
    await come(world, hours=2)
    assert await posts_of(alice) == []


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"ahead": {"minutes": 4}}, "5 minutes"),
        ({"ahead": {"hours": -1}}, "5 minutes"),
        ({"status": ""}, "blank"),
        ({"status": "x" * 501}, "500"),
        ({"poll": {"options": ["one"], "expires_in": 600}}, "two"),
        ({"in_reply_to_id": "1"}, "reply"),
        ({"quoted_status_id": "1"}, "not found"),
    ],
)
async def test_what_could_never_be_posted_is_refused_at_once(world: World, wrong: dict[str, Any], word: str) -> None:
    alice = await world.person("alice")
    body = {"status": "hello", "scheduled_at": within(world, **wrong.pop("ahead", {"hours": 1})), **wrong}
    answer = await alice.ask("POST", "/api/v1/statuses", json=body)
    assert answer.status_code in {404, 422}
    assert word in answer.json()["error"]
    assert await alice.get(SCHEDULED) == []


async def test_a_date_that_is_none_is_refused(world: World) -> None:
    alice = await world.person("alice")
    answer = await alice.ask("POST", "/api/v1/statuses", json={"status": "hello", "scheduled_at": "tomorrow"})
    assert answer.status_code == 422
    assert await posts_of(alice) == []


async def test_a_day_takes_only_so_many_even_at_the_same_moment(world: World) -> None:
    alice = await world.person("alice")
    world.clock.move(hours=24 - world.clock.now().hour)  # so that what follows is all on one day
    asked = [
        alice.ask("POST", "/api/v1/statuses", json={"status": f"{n}", "scheduled_at": within(world, hours=2)})
        for n in range(DAILY_MAX + 3)
    ]
    answers = await asyncio.gather(*asked)
    assert sorted(answer.status_code for answer in answers) == [200] * DAILY_MAX + [422] * 3
    other_day = await schedule(alice, hours=40)
    moved = await alice.ask("PUT", f"{SCHEDULED}/{other_day['id']}", json={"scheduled_at": within(world, hours=3)})
    assert (moved.status_code, f"{DAILY_MAX}" in moved.json()["error"]) == (422, True)


async def test_a_repeated_key_schedules_once(world: World) -> None:
    alice = await world.person("alice")
    asked = {
        "json": {"status": "once", "scheduled_at": within(world, hours=1)},
        "headers": {"Idempotency-Key": "k"},
    }
    answers = await asyncio.gather(*(alice.ask("POST", "/api/v1/statuses", **asked) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(await alice.get(SCHEDULED)) == 1
    await come(world, minutes=61)
    assert len(await posts_of(alice)) == 1


async def test_a_post_is_published_once_however_often_and_wherever_its_job_runs(world: World) -> None:
    alice = await world.person("alice")
    kept = [await schedule(alice, f"number {n}") for n in range(3)]
    world.clock.move(minutes=61)
    works = [Due(scheduled_id=int(one["id"])) for one in kept]
    await jobs.queue_due(world.engines)
    await asyncio.gather(*(jobs.PUBLISH.run(world.engines, works) for _ in range(4)))
    await world.settle(periodics=True)
    await jobs.PUBLISH.run(world.engines, works)
    assert sorted(one["content"] for one in await posts_of(alice)) == [f"<p>number {n}</p>" for n in range(3)]


async def test_a_worker_that_is_killed_in_the_middle_neither_loses_nor_repeats_any(
    world: World, servers: EmbeddedEngines, tmp_path: Path
) -> None:
    people = [await world.person() for _ in range(4)]
    for person in people:
        await asyncio.gather(*(schedule(person, f"number {n}") for n in range(20)))
    db = world.engines.db
    await db.execute("update scheduled_statuses set scheduled_at = now()")
    await jobs.queue_due(world.engines)
    published = 0
    for kills in range(3):
        with worker(servers, tmp_path):
            async with asyncio.timeout(30):
                while published <= kills * 15:
                    await asyncio.sleep(0.002)
                    published = await db.value("select count(*) from statuses")
    await world.settle()
    async with asyncio.timeout(30):  # those in the hands of the dead come back when they are given up
        while await db.value("select count(*) from scheduled_statuses"):
            await asyncio.sleep(0.2)
            await take_back_of_the_dead(world)
            await world.settle()
    assert await db.value("select count(*) from statuses") == 80
    for person in people:
        texts = [one["content"] for one in await person.get(f"/api/v1/accounts/{person.id}/statuses?limit=40")]
        assert sorted(texts) == sorted(f"<p>number {n}</p>" for n in range(20))


async def take_back_of_the_dead(world: World) -> None:
    registration = Registration(world.engines.db)
    await registration.enter()
    registration.doubt()
    keeping = asyncio.create_task(registration.keep())
    await asyncio.sleep(0.1)
    keeping.cancel()
    await registration.leave()


@contextmanager
def worker(servers: EmbeddedEngines, folder: Path) -> Generator["subprocess.Popen[bytes]"]:
    """A worker in a process of its own, killed in the end."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("LINNET_")}
    settings = {
        "LINNET_DATABASE_URL": servers.database_url,
        "LINNET_VALKEY_URL": servers.valkey_url,
        "LINNET_PUBLIC_URL": PUBLIC_URL,
        "LINNET_DATA_DIR": str(folder),
        "LINNET_LOG_LEVEL": "error",
    }
    process = subprocess.Popen([sys.executable, "-m", "linnet", "worker"], env={**plain, **settings})
    try:
        yield process
    finally:
        process.kill()
        process.wait()


async def test_what_is_refused_when_its_time_has_come_waits_for_its_author_with_the_reason(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    parent = await bob.post("short-lived")
    kept = await schedule(alice, "an answer", in_reply_to_id=parent["id"])
    await bob.ask("DELETE", f"/api/v1/statuses/{parent['id']}")
    await come(world, minutes=61)
    assert await posts_of(alice) == []
    (waiting,) = await alice.get(SCHEDULED)
    assert (waiting["id"], waiting["params"]["text"]) == (kept["id"], "an answer")
    assert "reply to" in waiting["failure"]
    moved = await alice.do("PUT", f"{SCHEDULED}/{kept['id']}", scheduled_at=within(world, hours=1))
    assert moved["failure"] is None


async def test_a_suspended_account_publishes_nothing_and_a_deleted_one_leaves_nothing(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    for person in (alice, bob):
        await schedule(person)
        await person.do("POST", DRAFTS, status="unfinished")
    await world.suspend(alice)
    await accounts.delete(world.engines, bob.id)
    await come(world, minutes=61)
    assert await world.engines.db.value("select count(*) from statuses") == 0
    (row,) = await world.engines.db.rows("select account_id, failure from scheduled_statuses")
    assert (row["account_id"], "suspended" in row["failure"]) == (alice.id, True)
    assert await world.engines.db.value("select count(*) from saved_drafts where account_id = $1", bob.id) == 0


async def test_a_draft_is_kept_gone_on_with_and_thrown_away(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    poll = {"options": ["only one so far"], "expires_in": 0, "multiple": False, "hide_totals": False}
    first = await alice.do("POST", DRAFTS, status="Once upon", spoiler_text="a tale", visibility="private", poll=poll)
    assert (first["params"]["text"], first["params"]["visibility"]) == ("Once upon", "private")
    assert (first["params"]["poll"], first["params"]["in_reply_to_id"]) == (poll, None)
    second = await alice.do("POST", DRAFTS)
    assert [one["id"] for one in await alice.get(DRAFTS)] == [second["id"], first["id"]]
    world.clock.move(minutes=1)
    path = f"{DRAFTS}/{first['id']}"
    again = await alice.do("PUT", path, status="Once upon a time", in_reply_to_id="123")
    assert (again["params"]["text"], again["params"]["poll"], again["params"]["in_reply_to_id"]) == (
        "Once upon a time",
        None,
        123,
    )
    assert again["created_at"] == first["created_at"]
    assert again["updated_at"] > first["updated_at"]
    assert await alice.get(path) == again
    for method in ("GET", "PUT", "DELETE"):
        assert (await bob.ask(method, path, json={"status": "mine now"})).status_code == 404
    assert await bob.get(DRAFTS) == []
    assert await alice.do("DELETE", path) == {}
    assert (await alice.ask("GET", path)).status_code == 404
    assert (await alice.ask("POST", DRAFTS, json={"status": "é" * 10_001})).status_code == 422


async def test_drafts_are_so_many_at_most(world: World) -> None:
    alice = await world.person("alice")
    answers = await asyncio.gather(*(alice.ask("POST", DRAFTS, json={"status": "x"}) for _ in range(SAVED_MAX + 2)))
    assert sorted(answer.status_code for answer in answers)[-3:] == [200, 422, 422]
