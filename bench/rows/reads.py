"""Warm home timelines, 20 posts a page, by readers at random.

Each home has been read before, and mostly the same page of it: as when apps ask whether there is anything new. Pages
that are put together anew, out of what the process keeps, have a row of their own. Measured as fast as answers come,
over 1 and over 16 connections, and then at 70 % of what 16 connections reached, at a fixed rate (latency counts from
when a request was due). The yardstick is a body as long as the page, served over as many connections by the same kind
of server process on the same core in the same run.
"""

import asyncio
import socket
import sys
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace

import psutil

from bench.client import Connection, Measured, drive, drive_at
from bench.measuring import CONNECTIONS, Bench, Row, anyone, progress, row

WARM_UP_S = 1.0
ROUNDS = 4
"""Turns of each, of those that are compared."""

SHARE = 0.7
GOAL_RATE = 5_800
GOAL_RATIO = 0.35
GOAL_P99_MS = 10.0


async def measure(bench: Bench) -> list[Row]:
    """The rows of home reads."""
    progress("home, warm")
    await bench.warm()
    requests, seconds, port = bench.home_requests(), bench.options.seconds, bench.stack.port
    await drive(port, CONNECTIONS, WARM_UP_S, anyone(requests, 1))
    async with _constant(bench, await _page_bytes(bench, requests[0])) as constant:
        lone_constant, alone = await _side_by_side(bench, constant, requests, 1)
        constants, many = await _side_by_side(bench, constant, requests, CONNECTIONS)
    rate = many.rate or 0.0
    fresh = bench.fresh_requests()
    await drive(port, CONNECTIONS, WARM_UP_S, anyone(fresh, 2))
    anew = await bench.measure(
        f"home, warm, {CONNECTIONS} connections, each page put together anew",
        drive(port, CONNECTIONS, seconds, anyone(fresh, 3)),
    )
    for kind in ("api", "postgres", "valkey"):
        bench.units[f"read_{kind}_ms"] = anew.cpu_ms.get(kind, 0.0)
    calm = await bench.measure(
        f"home, warm, at {SHARE:.0%} of that ({rate * SHARE:,.0f} /s)",
        drive_at(port, rate * SHARE, seconds, anyone(requests, 4)),
    )
    size = f"{bench.units['page_bytes'] / 1024:.0f} KB a page; "
    many = replace(
        many,
        notes=f"{size}{many.notes} (aim: {GOAL_RATIO} of its rate)",
        goal=f"≥ {GOAL_RATE:,}/s",
        met=rate >= GOAL_RATE,
    )
    calm = replace(calm, goal=f"p99 ≤ {GOAL_P99_MS:.0f} ms", met=(calm.p99_ms or 0) <= GOAL_P99_MS)
    return [lone_constant, constants, alone, many, calm, anew]


async def _page_bytes(bench: Bench, request: bytes) -> int:
    connection = await Connection.open(bench.stack.port)
    _, body = await connection.ask(request)
    connection.close()
    bench.units["page_bytes"] = len(body)
    return len(body)


async def _side_by_side(
    bench: Bench, constant: tuple[int, psutil.Process], requests: list[bytes], connections: int
) -> tuple[Row, Row]:
    """The constant body and homes, by turns: so that whatever else this machine does is unjust to neither."""
    port, process = constant
    length_s = bench.options.seconds / ROUNDS
    plain, homes = Measured(), Measured()
    spent: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    for turn in range(ROUNDS):
        before = process.cpu_times()
        plain.add(await drive(port, connections, length_s / 2, lambda: requests[0]))
        after = process.cpu_times()
        spent[0]["api"] += round((after.user + after.system - before.user - before.system) * 1000)
        began = bench.stack.cpu_ms()
        homes.add(await drive(bench.stack.port, connections, length_s, anyone(requests, turn)))
        spent[1].update(bench.stack.cpu_ms() - began)
    over = f"{connections} connection{'s' * (connections > 1)}"
    one = row(
        f"a constant body of that size, {over}", plain, spent[0], "uvicorn and BoundedHttp alone, same core, by turns"
    )
    other = row(f"home, warm, {over}", homes, spent[1])
    costs = sum(other.cpu_ms.values()) / max(sum(one.cpu_ms.values()), 1e-9)
    return one, replace(
        other, notes=f"{homes.rate / plain.rate:.2f} of the constant body's rate, {costs:.1f} times its CPU"
    )


@asynccontextmanager
async def _constant(bench: Bench, size: int) -> AsyncGenerator[tuple[int, psutil.Process]]:
    """Port and process of a server, on the server's core, that answers everything with `size` bytes."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = await asyncio.create_subprocess_exec(sys.executable, "-m", "bench.constant", str(port), str(size))
    process = psutil.Process(server.pid)
    process.cpu_affinity([bench.options.cores[0]])
    try:
        await _until_open(port)
        yield port, process
    finally:
        server.terminate()
        await server.wait()


async def _until_open(port: int) -> None:
    while True:
        try:
            connection = await Connection.open(port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            connection.close()
            return
