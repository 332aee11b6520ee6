"""The log of changes: whoever reads it knows all that was told before, or knows that it does not."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import cast

import pytest
import pytest_asyncio

from linnet.platform import changes as log
from linnet.platform.changes import Change, Changes, Kind, change
from linnet.platform.embedded import EmbeddedEngines
from linnet.platform.errors import EngineDown
from linnet.platform.kept import DROPPED_MAX, Kept
from linnet.platform.valkey import Valkey


class Ear:
    """What one process has heard."""

    def __init__(self, changes: Changes) -> None:
        self.changes = changes
        self.heard: list[Change | str] = []
        changes.hear(self.heard.append, lambda: self.heard.append("everything"))

    async def news(self) -> list[Change | str]:
        """What is new since the last time."""
        assert await self.changes.catch_up()
        news, self.heard[:] = list(self.heard), []
        return news


@pytest_asyncio.fixture
async def valkey(servers: EmbeddedEngines) -> AsyncIterator[Valkey]:
    client = Valkey.connect(servers.valkey_url)
    await client.forget_everything()
    yield client
    await client.close()


async def test_everybody_hears_each_change_once_and_nothing_when_there_is_none(valkey: Valkey) -> None:
    here, there = Ear(Changes(valkey)), Ear(Changes(valkey))
    assert await here.news() == await there.news() == ["everything"]
    await here.changes.tell([change(Kind.STATUS, 5), change(Kind.COUNTERS, 1, 2, 3, 4), change(Kind.STATUS, 5)])
    told = [(Kind.STATUS, 5, 0, 0, 0), (Kind.COUNTERS, 1, 2, 3, 4)]
    assert await here.news() == await there.news() == told
    assert await here.news() == await there.news() == []


async def test_who_comes_together_asks_once_and_who_comes_later_hears_what_was_told_meanwhile(valkey: Valkey) -> None:
    ear, other = Ear(Changes(valkey)), Changes(valkey)
    await ear.news()

    async def scripts_run() -> int:
        told = (await valkey.wire.call("INFO", "commandstats")).decode()
        return int(told.partition("cmdstat_evalsha:calls=")[2].partition(",")[0])

    before = await scripts_run()
    assert await asyncio.gather(*[ear.changes.catch_up() for _ in range(10)]) == [True] * 10
    assert await scripts_run() == before + 1
    early = asyncio.create_task(ear.changes.catch_up())
    await asyncio.sleep(0)
    impatient = asyncio.create_task(ear.changes.catch_up())
    await asyncio.sleep(0)
    impatient.cancel()
    await other.tell([change(Kind.STATUS, 7)])
    assert set(await ear.news()) == {change(Kind.STATUS, 7)}, "perhaps by several answers, which does no harm"
    assert await early


async def test_who_falls_far_behind_forgets_everything(valkey: Valkey) -> None:
    fast, slow = Ear(Changes(valkey)), Ear(Changes(valkey))
    await fast.news()
    await slow.news()
    for start in range(0, log.LOG_LENGTH + 1, log.LOG_LENGTH // 2):
        await fast.changes.tell(change(Kind.STATUS, start + n) for n in range(log.LOG_LENGTH // 2))
        assert "everything" not in await fast.news()
    assert await slow.news() == ["everything"]
    await fast.changes.tell([change(Kind.STATUS, 1)])
    assert await slow.news() == [change(Kind.STATUS, 1)]


async def test_a_log_that_was_lost_is_noticed_however_long_the_new_one_is(valkey: Valkey) -> None:
    ear, other = Ear(Changes(valkey)), Ear(Changes(valkey))
    await ear.news()
    for told in range(3):
        await valkey.forget_everything()
        await other.changes.tell(change(Kind.STATUS, n) for n in range(told))
        assert await ear.news() == ["everything"]


async def test_a_successor_that_lacks_what_was_told_last_is_not_believed(valkey: Valkey) -> None:
    ear, other = Ear(Changes(valkey)), Changes(valkey)
    await ear.news()
    await other.tell([change(Kind.STATUS, 1), change(Kind.STATUS, 2)])
    assert len(await ear.news()) == 2
    await valkey.wire.call("LTRIM", "{changes}:log", 0, -2)  # as a replica that takes over before it has the last one
    await valkey.wire.call("DECR", "{changes}:at")
    await valkey.wire.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "no")
    with suppress(EngineDown):  # by which the loss is noticed
        await valkey.ping()
    [reply] = await valkey.ask(ear.changes.command)
    assert not ear.changes.is_at(reply)
    await other.tell([change(Kind.STATUS, 3)])
    assert await ear.news() == ["everything"]
    await other.tell([change(Kind.STATUS, 4)])
    assert await ear.news() == [change(Kind.STATUS, 4)]


async def test_changes_told_while_valkey_is_away_are_owed_and_no_cache_counts_until_then(
    valkey: Valkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = Ear(Changes(valkey)), Ear(Changes(valkey))
    await here.news()
    await there.news()
    nobody = Valkey.connect("unix:///nowhere/valkey.sock")
    with monkeypatch.context() as away:
        away.setattr(valkey, "wire", nobody.wire)
        await here.changes.tell([change(Kind.STATUS, 1)])
        assert not await here.changes.catch_up()
    assert await here.news() == [change(Kind.STATUS, 1)]
    assert await there.news() == [change(Kind.STATUS, 1)]


async def test_a_kind_that_a_newer_release_tells_of_makes_an_older_one_forget_everything(valkey: Valkey) -> None:
    ear, other = Ear(Changes(valkey)), Changes(valkey)
    await ear.news()
    await other.tell([(cast("Kind", 200), 1, 0, 0, 0)])
    assert await ear.news() == ["everything"]
    await other.tell([change(Kind.STATUS, 1)])
    assert await ear.news() == [change(Kind.STATUS, 1)]


async def test_more_than_the_log_holds_at_once_makes_everybody_forget(valkey: Valkey) -> None:
    here, there = Ear(Changes(valkey)), Ear(Changes(valkey))
    await here.news()
    await there.news()
    await here.changes.tell(change(Kind.STATUS, n) for n in range(log.LOG_LENGTH + 1))
    assert await here.news() == await there.news() == ["everything"]


async def test_a_request_reads_the_log_once_and_again_after_it_told_something(valkey: Valkey) -> None:
    process = Ear(Changes(valkey))
    await process.news()
    request = process.changes.once()
    assert await request.catch_up()
    await Changes(valkey).tell([change(Kind.STATUS, 1)])
    assert await request.catch_up()
    assert process.heard == []
    await request.tell([change(Kind.STATUS, 2)])
    assert await request.catch_up()
    assert process.heard == [change(Kind.STATUS, 1), change(Kind.STATUS, 2)]


def test_what_was_dropped_while_it_was_being_read_is_not_kept() -> None:
    kept: Kept[str, int] = Kept(10)
    began = kept.now()
    kept.drop("a")
    kept.put("a", 1, began)
    kept.put("b", 2, began)
    assert (kept.get("a", 0.0), kept.get("b", 0.0)) == (None, 2)
    kept.put("a", 3, kept.now())
    began = kept.now()
    kept.revise("a", lambda number: number + 1)
    assert kept.get("a", 0.0) == 4
    kept.put("a", 5, began)
    assert kept.get("a", 0.0) == 4
    began = kept.now()
    kept.clear()
    kept.put("b", 6, began)
    assert kept.get("b", 0.0) is None


def test_a_full_memory_lets_go_of_what_came_first_and_of_what_is_old() -> None:
    kept: Kept[int, int] = Kept(10, kept_s=5.0)
    for number in range(11):
        kept.put(number, number, kept.now())
    assert len(kept) == 10
    assert kept.get(0, 0.0) is None
    assert kept.get(10, 0.0) == 10
    assert kept.get(10, float("inf")) is None


def test_what_was_made_of_entries_stands_until_one_is_dropped_revised_read_anew_or_old() -> None:
    def kept_anew() -> Kept[int, str]:
        kept: Kept[int, str] = Kept(10, kept_s=5.0)
        for number in range(3):
            kept.put(number, "as read", kept.now())
        return kept

    ends: list[Callable[[Kept[int, str]], None]] = [
        lambda kept: kept.drop(1),
        lambda kept: kept.revise(1, lambda value: value),
        lambda kept: kept.put(1, "as read", kept.now()),
        lambda kept: kept.clear(),
    ]
    for end in ends:
        kept = kept_anew()
        standing = kept.standing([0, 1])
        kept.drop(2)
        assert standing.holds(time.monotonic())
        assert not standing.holds(time.monotonic() + 5.0)
        end(kept)
        assert not standing.holds(time.monotonic())
    assert not kept_anew().standing([0, 7]).holds(0.0)
    assert kept_anew().standing([]).holds(time.monotonic())


def test_readers_older_than_the_drops_that_are_remembered_keep_nothing() -> None:
    kept: Kept[int, int] = Kept(10)
    began = kept.now()
    for number in range(DROPPED_MAX + 1):
        kept.drop(number)
    kept.put(-1, 1, began)
    assert kept.get(-1, 0.0) is None
