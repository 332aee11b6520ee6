"""Warm home timelines, 20 posts a page, by readers at random.

Each home has been read before. Measured as fast as answers come, over 1 and over 16 connections, and then at 70 % of
what 16 connections reached, at a fixed rate (latency counts from when a request was due). The yardstick is a body as
long as the page, served over as many connections by the same kind of server process on the same core in the same run.
"""

import asyncio
import socket
import sys
from collections import Counter
from dataclasses import replace

import psutil

from bench.client import Connection, Measured, drive, drive_at, get
from bench.measuring import CONNECTIONS, HOME, Bench, Row, anyone, progress, row

WARM_UP_S = 1.0
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
    alone = await bench.measure("home, warm, 1 connection", drive(port, 1, seconds, anyone(requests, 2)))
    before = bench.stack.cpu_ms()
    measured = await drive(port, CONNECTIONS, seconds, anyone(requests, 3))
    many = row(f"home, warm, {CONNECTIONS} connections", measured, bench.stack.cpu_ms() - before)
    rate = measured.rate
    for kind in ("api", "postgres", "valkey"):
        bench.units[f"read_{kind}_ms"] = many.cpu_ms.get(kind, 0.0)
    bench.units["page_bytes"] = measured.bytes_last
    calm = await bench.measure(
        f"home, warm, at {SHARE:.0%} of that ({rate * SHARE:,.0f} /s)",
        drive_at(port, rate * SHARE, seconds, anyone(requests, 4)),
    )
    constants = [await _constant(bench, measured.bytes_last, number) for number in (1, CONNECTIONS)]
    ratio = rate / (constants[1].rate or 1)
    size = f"{measured.bytes_last / 1024:.0f} KB a page"
    many = replace(
        many,
        notes=f"{many.notes}{size}; {ratio:.2f} of the constant body's rate (aim: {GOAL_RATIO})",
        goal=f"≥ {GOAL_RATE:,}/s",
        met=rate >= GOAL_RATE,
    )
    calm = replace(calm, goal=f"p99 ≤ {GOAL_P99_MS:.0f} ms", met=(calm.p99_ms or 0) <= GOAL_P99_MS)
    alone = replace(alone, notes=f"{alone.notes}{(alone.rate or 0) / (constants[0].rate or 1):.2f} of the constant's")
    return [*constants, alone, many, calm]


async def _constant(bench: Bench, size: int, connections: int) -> Row:
    """A body of `size` bytes, served by a process of its own on the server's core."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = await asyncio.create_subprocess_exec(sys.executable, "-m", "bench.constant", str(port), str(size))
    process = psutil.Process(server.pid)
    process.cpu_affinity([bench.options.cores[0]])
    try:
        await _until_open(port)
        request = get(HOME, bench.network.token(0))
        await drive(port, connections, WARM_UP_S, lambda: request)
        before = process.cpu_times()
        measured: Measured = await drive(port, connections, bench.options.seconds / 2, lambda: request)
        after = process.cpu_times()
    finally:
        server.terminate()
        await server.wait()
    spent = Counter({"api": round((after.user + after.system - before.user - before.system) * 1000)})
    return row(
        f"a constant body of that size, {connections} connection{'s' * (connections > 1)}",
        measured,
        spent,
        "uvicorn and BoundedHttp alone, same core, same run",
    )


async def _until_open(port: int) -> None:
    while True:
        try:
            connection = await Connection.open(port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            connection.close()
            return
