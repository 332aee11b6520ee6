"""Hints of what has just happened: ids alone, after the commit, and readable by an older process."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from linnet.platform import live
from linnet.platform.live import Hint, Live
from world import World


@asynccontextmanager
async def listening(world: World) -> AsyncGenerator["asyncio.Queue[Hint]"]:
    heard: asyncio.Queue[Hint] = asyncio.Queue()

    async def hear(message: bytes) -> None:
        for hint in live.heard(message):
            heard.put_nowait(hint)

    task = asyncio.create_task(world.engines.bus.listen({live.CHANNEL: hear}))
    try:
        async with asyncio.timeout(5):
            while heard.empty():  # until the subscription stands
                await live.tell(world.engines.bus, [live.hint(Live.ANNOUNCEMENT, 1)])
                await asyncio.sleep(0.02)
        await asyncio.sleep(0.05)
        while not heard.empty():
            heard.get_nowait()
        yield heard
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _fail(world: World) -> None:
    async with world.engines.transaction() as tx:
        tx.live(Live.FILTERS_CHANGED, 8)
        raise ZeroDivisionError


async def test_what_a_transaction_names_is_told_once_it_has_committed(world: World) -> None:
    async with listening(world) as heard:
        async with world.engines.transaction() as tx:
            tx.live(Live.FILTERS_CHANGED, 7)
            await asyncio.sleep(0.05)
            assert heard.empty()
        assert await asyncio.wait_for(heard.get(), 5) == Hint(Live.FILTERS_CHANGED, (7,))
        with pytest.raises(ZeroDivisionError):
            await _fail(world)
        await asyncio.sleep(0.05)
        assert heard.empty()


async def test_statuses_are_told_of_by_their_ids_when_they_are_posted_edited_and_deleted(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    async with listening(world) as heard:
        status = await alice.post("Hello @bob")
        await world.settle()
        await alice.do("PUT", f"/api/v1/statuses/{status['id']}", status="Hello, @bob")
        await alice.do("DELETE", f"/api/v1/statuses/{status['id']}")
        await asyncio.sleep(0.1)
        told = [heard.get_nowait() for _ in range(heard.qsize())]
    status_id = int(status["id"])
    assert [one for one in told if one.kind != Live.NOTIFIED] == [
        Hint(Live.POSTED, (status_id,)),
        Hint(Live.EDITED, (status_id,)),
        Hint(Live.DELETED, (status_id, alice.id, 0, 0, bob.id)),
    ]


async def test_reblogs_of_a_deleted_status_are_told_of_as_well(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    status = await alice.post("Hello")
    reblog = await bob.mark("reblog", status)
    await world.settle()
    async with listening(world) as heard:
        await alice.do("DELETE", f"/api/v1/statuses/{status['id']}")
        await world.settle()
        await asyncio.sleep(0.1)
        told = [heard.get_nowait() for _ in range(heard.qsize())]
    assert Hint(Live.DELETED, (int(reblog["id"]), bob.id, 0, alice.id)) in told


def test_what_cannot_be_read_says_nothing_and_what_is_not_known_is_kept() -> None:
    assert live.heard(b"\xff") == ()
    assert live.heard(b'[[99,[1,2],"word"]]') == [Hint(99, (1, 2), "word")]
