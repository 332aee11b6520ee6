"""The pool of connections: kept for a request, given back while something slow is waited for."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
import pytest_asyncio

from linnet.platform.embedded import EmbeddedEngines
from linnet.platform.errors import EngineDown
from linnet.platform.postgres import Database, Queries
from linnet.platform.together import Asked


@pytest_asyncio.fixture
async def pool(servers: EmbeddedEngines) -> AsyncIterator[Database]:
    database = await Database.connect(servers.database_url, connections_max=2)
    yield database
    await database.close()


async def test_a_request_keeps_one_connection_from_its_first_question_to_its_end(pool: Database) -> None:
    async with pool.kept() as db:
        assert pool.connections_open - pool.connections_idle == 0
        pids = {await db.value("select pg_backend_pid()") for _ in range(5)}
        assert len(pids) == 1
        assert pool.connections_open - pool.connections_idle == 1
    assert pool.connections_open - pool.connections_idle == 0


async def test_many_who_wait_for_something_slow_leave_the_pool_to_others(pool: Database) -> None:
    waiting, go_on = asyncio.Semaphore(0), asyncio.Event()

    async def slow() -> int:
        async with pool.kept() as db:
            await db.value("select 1")
            await db.let_go()
            waiting.release()
            await go_on.wait()
            return await db.value("select 2")

    slow_ones = [asyncio.create_task(slow()) for _ in range(10)]
    for _ in slow_ones:
        await waiting.acquire()
    assert await asyncio.wait_for(pool.value("select 3"), 1) == 3
    go_on.set()
    assert await asyncio.gather(*slow_ones) == [2] * 10


async def test_a_connection_in_use_is_not_let_go(pool: Database) -> None:
    async with pool.kept() as db, db.transaction() as transaction:
        await transaction.execute("create temporary table mine (n int) on commit drop")
        await db.let_go()
        assert await transaction.value("select count(*) from mine") == 0


async def test_what_requests_ask_together_is_asked_over_none_of_their_connections(pool: Database) -> None:
    asked: list[list[int]] = []

    async def double(db: Queries, numbers: Sequence[int]) -> list[int]:
        asked.append(list(numbers))
        return [row[0] for row in await db.rows("select 2 * n from unnest($1::int[]) n", list(numbers))]

    doubled: Asked[int, int] = Asked(double, questions_max=4)

    async def request(number: int) -> int:
        async with pool.kept() as db:
            await db.value("select 1")
            return await doubled.ask(db, number)

    found = await asyncio.wait_for(asyncio.gather(*(request(number) for number in range(20))), 5)
    assert found == [2 * number for number in range(20)]
    assert len(asked) < 20
    assert max(map(len, asked)) <= 4
    assert pool.connections_open == pool.connections_idle


END_SELF = "select pg_terminate_backend(pg_backend_pid())"


async def test_a_kept_connection_that_is_lost_while_it_works_is_said_to_be_away(pool: Database) -> None:
    async with pool.kept() as db:
        with pytest.raises(EngineDown):
            await db.value(END_SELF)
        assert await db.value("select 1") == 1


async def test_a_kept_connection_that_was_lost_between_two_questions_is_replaced(pool: Database) -> None:
    async with pool.kept() as db:
        pid = await db.value("select pg_backend_pid()")
        assert await pool.value("select pg_terminate_backend($1, 1000)", pid)
        await asyncio.sleep(0.05)  # for the end of the connection to reach this process
        assert await db.value("select 1") == 1


async def test_a_transaction_whose_connection_is_lost_is_said_to_be_away_at_every_step(pool: Database) -> None:
    async def lose_it(*, go_on: bool) -> None:
        async with pool.transaction() as tx:
            with pytest.raises(EngineDown):
                await tx.value(END_SELF)
            if go_on:
                await tx.value("select 1")

    for go_on in (True, False):
        with pytest.raises(EngineDown):
            await lose_it(go_on=go_on)
