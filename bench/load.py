"""Home timelines read and posts delivered, the whole server on one core and the load on another: `make bench`.

Starts a server of its own in a temporary folder, fills it with a synthetic network, and prints a Markdown table.
"""

import argparse
import asyncio
import os
import platform
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import psutil
import uvloop

from bench import network
from bench.client import Connection, Measured, drive, get, post_status
from linnet.platform.embedded_running import running_in

START_TIMEOUT_S = 120
SEEN_EVERY = 40
"""Of so many posts one is waited for in a follower's home."""

POLL_S = 0.01
KINDS = ("postgres", "valkey", "worker", "scheduler", "api")
HOME = "/api/v1/timelines/home?limit=20"


@dataclass(frozen=True)
class Stack:
    """A running server: its processes, where it listens, and where its database is."""

    process: psutil.Process
    port: int
    folder: Path

    def cpu_ms(self) -> Counter[str]:
        """CPU time of the server so far in ms, by kind of process."""
        spent: Counter[str] = Counter()
        for process in self.process.children(recursive=True):
            times, args = process.cpu_times(), process.cmdline()
            kind = next((kind for kind in KINDS if any(kind in arg for arg in args)), "other")
            spent[kind] += round((times.user + times.system) * 1000)
        return spent


def main() -> None:
    """Parse what to measure, run it, print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--follows", type=int, default=150, help="whom each follows, and so followers of each")
    parser.add_argument("--posts", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=10.0, help="length of each measurement")
    parser.add_argument("--seed", type=int, default=1)
    uvloop.run(measure(parser.parse_args()))


async def measure(options: argparse.Namespace) -> None:
    """The whole bench."""
    cores = sorted(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory(prefix="linnet-bench-") as folder, running(Path(folder), cores[0]) as stack:
        os.sched_setaffinity(0, {cores[-1]})
        await until_ready(stack)
        engines = running_in(stack.folder)
        assert engines is not None, "the server that answered has no engines"
        people = await network.build(
            engines.database_url,
            people=options.people,
            follows_each=options.follows,
            posts=options.posts,
            seed=options.seed,
            progress=lambda what: print(f"… {what}", file=sys.stderr),
        )
        rows = [
            await cold_reads(stack, people),
            await home_reads(stack, people, options.seconds, connections=1),
            await home_reads(stack, people, options.seconds, connections=16),
            *await posts(stack, people, options, engines.database_url),
        ]
    print(f"\n{machine(len(cores))}\n")
    print(f"{options.people:,} people, each follows {options.follows}; {options.posts:,} posts; pages of 20\n")
    print("| what | rate /s | p50 ms | p99 ms | CPU ms each | notes |\n|---|--:|--:|--:|--:|---|")
    print("\n".join(rows))


@contextmanager
def running(folder: Path, core: int, **settings: str) -> Generator[Stack]:
    """A whole server, all its processes on one core, stopped at the end; further settings as variables."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {
        **os.environ,
        "LINNET_DATA_DIR": str(folder),
        "LINNET_PORT": str(port),
        "LINNET_API_PROCESSES": "1",
        "LINNET_RATE_LIMITS": "false",
        "LINNET_LOG_LEVEL": "warning",
        **settings,
    }
    log = (folder / "serve.log").open("wb")
    server = subprocess.Popen(
        [sys.executable, "-m", "linnet", "serve"],
        env=env,
        stdout=log,
        stderr=log,
        preexec_fn=lambda: os.sched_setaffinity(0, {core}),  # noqa: PLW1509 -- nothing here has threads
    )
    try:
        yield Stack(psutil.Process(server.pid), port, folder)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)


async def until_ready(stack: Stack) -> None:
    """Return when the server answers."""
    ends = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < ends:
        try:
            connection = await Connection.open(stack.port)
            status, _ = await connection.ask(get("/health/ready", ""))
            connection.close()
        except OSError:
            status = 0
        if status == 200:
            return
        await asyncio.sleep(0.2)
    raise SystemExit((stack.folder / "serve.log").read_text())


async def cold_reads(stack: Stack, people: network.Network) -> str:
    """Everybody's first read: each home is filled from PostgreSQL."""
    waiting = iter([get(HOME, token) for token in people.tokens])
    measured, before = Measured(), stack.cpu_ms()
    began = time.perf_counter()

    async def one() -> None:
        connection = await Connection.open(stack.port)
        for request in waiting:
            asked = time.perf_counter()
            status, _ = await connection.ask(request)
            measured.latencies_s.append(time.perf_counter() - asked)
            measured.failures += status != 200
        connection.close()

    await asyncio.gather(*(one() for _ in range(16)))
    measured.seconds = time.perf_counter() - began
    return row("home, first read of each person, 16 connections", measured, stack.cpu_ms() - before)


async def home_reads(stack: Stack, people: network.Network, seconds: float, *, connections: int) -> str:
    """Warm reads by people at random."""
    chance = random.Random(connections)
    requests = [get(HOME, token) for token in people.tokens]
    await drive(stack.port, connections, 1.0, lambda: chance.choice(requests))
    before = stack.cpu_ms()
    measured = await drive(stack.port, connections, seconds, lambda: chance.choice(requests))
    spent = stack.cpu_ms() - before
    return row(f"home, warm, {connections} connections", measured, spent, f"{measured.bytes_last / 1024:.0f} KB a page")


async def posts(stack: Stack, people: network.Network, options: argparse.Namespace, database_url: str) -> list[str]:
    """Posts by random people, each to `follows` homes that all exist; how fast they are taken, seen and delivered."""
    chance = random.Random(99)
    numbered = 0
    seen_s: list[float] = []
    waiting: set[asyncio.Task[None]] = set()

    def next_post() -> bytes:
        return post_status(network.text(chance), chance.choice(people.tokens))

    async def after(body: bytes) -> None:
        nonlocal numbered
        numbered += 1
        if numbered % SEEN_EVERY == 0:
            task = asyncio.create_task(until_seen(stack, people, body, database_url, seen_s))
            waiting.add(task)
            task.add_done_callback(waiting.discard)

    before, began = stack.cpu_ms(), time.perf_counter()
    measured = await drive(stack.port, 16, options.seconds, next_post, seen=after)
    connection = await asyncpg.connect(database_url)
    pending = "select exists (select from jobs where name like 'timelines.%')"
    while await connection.fetchval(pending):  # noqa: ASYNC110 -- other processes empty the queue
        await asyncio.sleep(0.01)
    delivered_s = time.perf_counter() - began
    spent = stack.cpu_ms() - before
    await connection.close()
    if waiting:
        await asyncio.wait(waiting)
    accepted = len(measured.latencies_s)
    taken = row(f"posts to {options.follows} followers, 16 connections", measured, spent, "with delivery")
    arrived = Measured(delivered_s, seen_s * 1)
    deliveries = f"{accepted * options.follows / delivered_s:,.0f} deliveries/s"
    seen = (
        f"| the same, until a follower sees it | {accepted / delivered_s:,.0f} | {arrived.quantile_ms(0.5):.1f} "
        f"| {arrived.quantile_ms(0.99):.1f} | | {deliveries}; {len(seen_s)} posts watched |"
    )
    return [taken, seen]


async def until_seen(
    stack: Stack, people: network.Network, body: bytes, database_url: str, seen_s: list[float]
) -> None:
    """Poll the home of one follower of the post's author until the post is in it."""
    began = time.perf_counter()
    status_id = body.split(b'"id":"')[1].split(b'"')[0]
    author_id = int(body.split(b'"account":{"id":"')[1].split(b'"')[0])
    database = await asyncpg.connect(database_url)
    follower = await database.fetchval("select min(account_id) from follows where target_id = $1", author_id)
    await database.close()
    connection = await Connection.open(stack.port)
    token = people.tokens[list(people.account_ids).index(follower)]
    request = get(f"/api/v1/timelines/home?limit=1&min_id={int(status_id) - 1}", token)
    while time.perf_counter() - began < 30:
        _, home = await connection.ask(request)
        if b'"id":"' + status_id + b'"' in home:
            seen_s.append(time.perf_counter() - began)
            break
        await asyncio.sleep(POLL_S)
    connection.close()


def row(what: str, measured: Measured, cpu_ms: Counter[str], notes: str = "") -> str:
    """One line of the table."""
    answered = len(measured.latencies_s)
    shares = ", ".join(f"{kind} {spent / answered:.2f}" for kind, spent in cpu_ms.most_common() if spent > 50)
    failures = f"**{measured.failures} failed** " if measured.failures else ""
    return (
        f"| {what} | {measured.rate:,.0f} | {measured.quantile_ms(0.5):.1f} | {measured.quantile_ms(0.99):.1f} "
        f"| {cpu_ms.total() / answered:.2f} | {failures}{notes} ({shares}) |"
    )


def machine(cores: int) -> str:
    """Where and when: whole server on one core, load on another."""
    described = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = (line.split(":", 1)[1].strip() for line in described if "model name" in line)
    model = next(names, platform.processor())
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {model}, {cores} cores, Python {platform.python_version()}; "
        "the whole server on one core, the load on another"
    )


if __name__ == "__main__":
    main()
