"""Posts by authors with exactly 150 followers each, all of whom have a live home.

Every author has posted once before: it is a server at work that is measured, as fast as posts are accepted, over 16
connections, and at 70 % of that at a fixed rate. Of every 40th post it is watched when it is in a follower's home, from
the moment on that its author has the answer; the notes also say it from the request on, which while as much is posted
as can be is mostly waiting in line. A run ends when every home has every post: so "delivered" is a rate that lasts.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace

from bench import network
from bench.client import Measured, drive, drive_at, post_status
from bench.measuring import CONNECTIONS, Bench, Row, progress, row
from bench.seeing import until_in_home
from linnet.platform.valkey import Valkey

WATCHED_EVERY = 40
SHARE = 0.7
GOAL_RATE = 800
GOAL_P50_MS = 20.0
GOAL_P99_MS = 100.0


@dataclass
class _Watch:
    """Posts that are waited for in a follower's home."""

    valkey: Valkey
    follower_of: dict[int, int]
    seen_s: list[float] = field(default_factory=list[float])
    since_asked_s: list[float] = field(default_factory=list[float])
    lost: int = 0
    posted: int = 0
    tasks: set["asyncio.Task[None]"] = field(default_factory=set["asyncio.Task[None]"])

    def note(self, status: int, body: bytes, asked_at: float) -> None:
        """One post was answered."""
        self.posted += 1
        if status == 200 and self.posted % WATCHED_EVERY == 0:
            status_id = int(body.split(b'"id":"', 1)[1].split(b'"', 1)[0])
            author_id = int(body.split(b'"account":{"id":"', 1)[1].split(b'"', 1)[0])
            task = asyncio.create_task(self._wait(self.follower_of[author_id], status_id, asked_at))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def _wait(self, follower: int, status_id: int, asked_at: float) -> None:
        waited = await until_in_home(self.valkey, follower, status_id)
        if waited is None:
            self.lost += 1
        else:
            self.seen_s.append(waited)
            self.since_asked_s.append(time.perf_counter() - asked_at)


async def measure(bench: Bench) -> list[Row]:
    """Two rows at full speed, two at 70 % of it."""
    progress("posts")
    await bench.warm()
    seconds, port = bench.options.seconds, bench.stack.port
    firsts = iter([post_status("First", bench.network.token(place)) for place in bench.network.even_places])
    await drive(port, CONNECTIONS, 600, lambda: next(firsts, None))
    await delivered(bench)
    written = await _wal_bytes(bench)
    fast = await _run(
        bench, "as fast as accepted", lambda w: drive(port, CONNECTIONS, seconds, _by(bench), seen=w.note)
    )
    rate = fast[0].rate or 1.0
    posted = max(rate * seconds, 1.0)
    bench.units["post_wal_bytes"] = (await _wal_bytes(bench) - written) / posted
    for kind in ("api", "postgres", "worker", "valkey"):
        bench.units[f"post_{kind}_ms"] = fast[0].cpu_ms.get(kind, 0.0)
    calm = await _run(
        bench,
        f"at {SHARE:.0%} of that",
        lambda w: drive_at(port, rate * SHARE, seconds, _by(bench), seen=w.note),
    )
    fast[0] = replace(fast[0], goal=f"≥ {GOAL_RATE}/s", met=rate >= GOAL_RATE)
    for at, rows in ((1, fast), (1, calm)):
        seen = rows[at]
        met = seen.p50_ms is not None and seen.p50_ms <= GOAL_P50_MS and (seen.p99_ms or 0) <= GOAL_P99_MS
        rows[at] = replace(seen, goal=f"p50 ≤ {GOAL_P50_MS:.0f}, p99 ≤ {GOAL_P99_MS:.0f} ms", met=met)
    return [*fast, *calm]


def _by(bench: Bench) -> Callable[[], bytes]:
    """Posts by even authors at random."""
    chance = random.Random(99)
    tokens = [bench.network.token(place) for place in bench.network.even_places]
    return lambda: post_status(network.text(chance), chance.choice(tokens))


async def _run(bench: Bench, how: str, run: Callable[[_Watch], Coroutine[object, object, Measured]]) -> list[Row]:
    followers = bench.network.plan.even_followers
    valkey = Valkey.connect(bench.stack.engines.valkey_url)
    watch = _Watch(valkey, await _one_follower_each(bench))
    before, began = bench.stack.cpu_ms(), time.perf_counter()
    measured = await run(watch)
    await delivered(bench)
    delivered_s = time.perf_counter() - began
    spent = bench.stack.cpu_ms() - before
    if watch.tasks:
        await asyncio.wait(watch.tasks)
    await valkey.close()
    accepted = len(measured.latencies_s)
    arrived = Measured(delivered_s, watch.seen_s, failures=watch.lost)
    seen = row("… until a follower has it, from the answer on", arrived, Counter())
    asked = Measured(delivered_s, watch.since_asked_s)
    since = (
        f"; from the request on {asked.quantile_ms(0.5):.0f} and {asked.quantile_ms(0.99):.0f} ms"
        if arrived.rate
        else ""
    )
    notes = f"{accepted * followers / delivered_s:,.0f} deliveries/s; {len(watch.seen_s)} posts watched{since}"
    posts = row(f"posts to {followers} followers, {how}", measured, spent, "CPU with delivery")
    return [posts, replace(seen, rate=accepted / delivered_s, notes=seen.notes + notes)]


async def delivered(bench: Bench) -> None:
    """Return when no fan-out is left to do."""
    connection = await bench.connect()
    pending = "select exists (select from jobs where name like 'timelines.%' and state in ('ready', 'claimed'))"
    while await connection.fetchval(pending):  # noqa: ASYNC110 -- other processes empty the queue
        await asyncio.sleep(0.01)
    await connection.close()


async def _one_follower_each(bench: Bench) -> dict[int, int]:
    """A follower of each even author."""
    connection = await bench.connect()
    authors = [bench.network.account_ids[place] for place in bench.network.even_places]
    rows = await connection.fetch(
        "select target_id, max(account_id) as follower from follows where target_id = any($1) group by 1", authors
    )
    await connection.close()
    return {row["target_id"]: row["follower"] for row in rows}


async def _wal_bytes(bench: Bench) -> int:
    connection = await bench.connect()
    written: int = await connection.fetchval("select (pg_current_wal_lsn() - '0/0')::bigint")
    await connection.close()
    return written
