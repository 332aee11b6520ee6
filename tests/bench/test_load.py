"""The load client counts what it says it counts."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

import pytest
from bench.client import Connection, drive, drive_at, due_by, get

REQUEST = get("/", "nobody")


@asynccontextmanager
async def answering(answers: Callable[[], bytes], *, after_s: float = 0.0) -> AsyncGenerator[int]:
    """A server that answers every request, one after the other on each connection; its port."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            try:
                await reader.readuntil(b"\r\n\r\n")
            except asyncio.IncompleteReadError:
                break
            await asyncio.sleep(after_s)
            for part in answers().split(b"|"):
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(0)
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


def test_a_timetable_is_even_and_ends() -> None:
    assert [due_by(at, 10, 2) for at in (-1, 0, 0.05, 0.1, 0.95, 1.95, 5)] == [1, 1, 1, 2, 10, 20, 20]


async def test_requests_that_wait_for_a_slow_server_count_from_when_they_were_due() -> None:
    async with answering(lambda: b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", after_s=0.03) as port:
        measured = await drive_at(port, 100, 0.5, lambda: REQUEST, connections=1)
    assert len(measured.latencies_s) == 50
    ordered = measured.latencies_s
    assert ordered[0] < 0.1
    assert ordered[-1] > 0.5, "fifty answers of 30 ms take 1.5 s, and the last was due after 0.5 s"
    assert measured.failures == 0


async def test_a_timetable_can_end_early() -> None:
    asked, until = 0, asyncio.get_running_loop().create_future()

    def next_request() -> bytes:
        nonlocal asked
        asked += 1
        if asked == 20:
            until.set_result(None)
        return REQUEST

    async with answering(lambda: b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n") as port:
        measured = await drive_at(port, 100, 60, next_request, until=until)
    assert 20 <= asked == len(measured.latencies_s) < 6_000
    assert measured.failures == 0


async def test_answers_in_pieces_are_one_answer() -> None:
    whole = b"HTTP/1.1 200 OK\r\nContent-|Length: 10\r\n\r\n01234|56789"
    async with answering(lambda: whole) as port:
        bodies: list[bytes] = []
        waiting = iter([REQUEST] * 20)
        measured = await drive(port, 3, 5, lambda: next(waiting, None), seen=lambda _s, body, _at: bodies.append(body))
    assert bodies == [b"0123456789"] * 20
    assert (measured.bytes_last, measured.failures) == (10, 0)


async def test_refusals_are_failures() -> None:
    async with answering(lambda: b"HTTP/1.1 503 No\r\ncontent-length: 2\r\n\r\nno") as port:
        connection = await Connection.open(port)
        assert await connection.ask(REQUEST) == (503, b"no")
        connection.close()
        waiting = iter([REQUEST] * 4)
        measured = await drive(port, 2, 5, lambda: next(waiting, None))
    assert measured.failures == 4


async def test_a_server_that_hangs_up_ends_the_run() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(ConnectionError):
            await drive(port, 1, 5, lambda: REQUEST)
        connection = await Connection.open(port)
        with pytest.raises(ConnectionError):
            await connection.ask(REQUEST)
