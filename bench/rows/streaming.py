"""Streams: what a socket costs that nobody writes to, and how soon a post is in the sockets of those who follow.

One streaming process holds a socket (`user`) of each of so many readers; all of the server is on one core, this
process, which holds the other ends, on another. A post goes to 150 readers, as an ordinary author's, or to all of them,
as that of a star whom every reader follows. Its time is from when the request to post was sent until each socket has
the event.
"""

import asyncio
import resource
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import psutil

from bench.client import Connection, post_status
from bench.measuring import Bench, Row, Run, progress
from bench.server import EVEN_FOLLOWERS, plan_of, serving
from bench.sockets import Arrivals, open_all

POSTS = 100
STAR_POSTS = 20
BURST = 20
"""Posts of the star that come as quickly as they can be made."""

WITHIN_S = 60.0
SETTLED_S = 5.0
SPARE_FILES = 200
GOAL_KB = 20.0
GOAL_P99_MS = 250.0
GOAL_DELIVERIES = 20_000


@dataclass
class _Told:
    """Deliveries of some posts."""

    times_s: list[float] = field(default_factory=list[float])
    """From the request to post until the event came, each."""
    missing: int = 0
    seconds: float = 0.0
    size: int = 0

    def quantile_ms(self, share: float) -> float | None:
        """What so many stayed below."""
        ordered = sorted(self.times_s)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000 if ordered else None


async def measure(run: Run) -> list[Row]:
    """A row for sockets held, one for each kind of post, and one for what can be delivered in a second."""
    sockets = min(run.options.sockets, resource.getrlimit(resource.RLIMIT_NOFILE)[1] - SPARE_FILES)
    options = replace(run.options, readers=sockets, people=sockets + sockets // 5 + 1_000, follows_others=0, graph=None)
    plan = replace(plan_of(replace(options, posts=5_000)), threads=0)
    async with serving(run, plan, LINNET_STREAMS_PER_ADDRESS=str(10 * sockets)) as bench:
        run.network_words = bench.network.words
        star = await _followed_by_all(bench)
        arrivals = Arrivals()
        held, streaming = await _hold(bench, arrivals)
        rows = [held]
        ordinary = bench.network.even_places[0]
        await _tell(bench, ordinary, arrivals, EVEN_FOLLOWERS, 3)  # who has just come is known from the first event on
        rows.append(await _posts(bench, ordinary, arrivals, EVEN_FOLLOWERS, POSTS))
        rows.append(await _posts(bench, star, arrivals, sockets, STAR_POSTS))
        rows.append(await _burst(bench, star, arrivals, sockets))
        held_mib = streaming.memory_info().rss / 2**20
        notes = f"{held_mib:,.0f} MiB in the streaming process at the end, {arrivals.closed} sockets closed by it"
        return [*rows[:-1], replace(rows[-1], notes=f"{rows[-1].notes}; {notes}")]


async def _followed_by_all(bench: Bench) -> int:
    """The place of an author whom every reader follows."""
    place = bench.network.even_places[-1]
    ids = bench.network.account_ids
    connection = await bench.connect()
    await connection.execute(
        "insert into follows (account_id, target_id) select unnest($1::bigint[]), $2 on conflict do nothing",
        list(ids[: bench.network.plan.readers]),
        ids[place],
    )
    await connection.close()
    return place


async def _hold(bench: Bench, arrivals: Arrivals) -> tuple[Row, psutil.Process]:
    progress(f"{len(bench.network.tokens):,} sockets")
    process = next(process for kind, process in bench.stack.processes() if kind == "streaming")
    before, cpu = process.memory_info().rss, bench.stack.cpu_ms()
    began = time.perf_counter()
    tokens = bench.network.tokens
    await open_all(bench.stack.port, tokens, "user", arrivals)
    seconds = time.perf_counter() - began
    await asyncio.sleep(SETTLED_S)
    each_kb = (process.memory_info().rss - before) / len(tokens) / 1024
    spent = bench.stack.cpu_ms() - cpu
    bench.units["socket_kb"] = each_kb
    row = Row(
        f"{len(tokens):,} sockets opened, each of another reader with {bench.network.plan.follows} follows",
        rate=len(tokens) / seconds,
        cpu_ms={kind: ms / len(tokens) for kind, ms in spent.most_common(4)},
        goal=f"≤ {GOAL_KB:g} KB each",
        met=each_kb <= GOAL_KB,
        notes=f"{each_kb:.1f} KB of the streaming process each, follows and all ({before / 2**20:.0f} MiB before)",
    )
    return row, process


async def _posts(bench: Bench, author: int, arrivals: Arrivals, readers: int, posts: int) -> Row:
    progress(f"posts into {readers:,} sockets")
    cpu = bench.stack.cpu_ms()
    told = await _tell(bench, author, arrivals, readers, posts)
    spent = bench.stack.cpu_ms() - cpu
    p99 = told.quantile_ms(0.99)
    return Row(
        f"a post into {readers:,} sockets",
        rate=len(told.times_s) / told.seconds,
        p50_ms=told.quantile_ms(0.5),
        p99_ms=p99,
        cpu_ms=_each(spent, posts),
        goal=f"p99 ≤ {GOAL_P99_MS:g} ms" if readers == EVEN_FOLLOWERS else "",
        met=p99 is not None and p99 <= GOAL_P99_MS if readers == EVEN_FOLLOWERS else None,
        notes=f"{'**' if told.missing else ''}{told.missing} missing{'**' if told.missing else ''}",
    )


async def _burst(bench: Bench, author: int, arrivals: Arrivals, readers: int) -> Row:
    progress("a burst")
    arrivals.expect(readers * BURST)
    connection = await Connection.open(bench.stack.port)
    cpu = bench.stack.cpu_ms()
    began = time.perf_counter()
    for number in range(BURST):
        await connection.ask(post_status(f"burst {number}", bench.network.token(author)))
    await arrivals.all(WITHIN_S)
    connection.close()
    came = len(arrivals.times)
    seconds = (arrivals.times[-1] if came else time.perf_counter()) - began
    spent = bench.stack.cpu_ms() - cpu
    bench.units["socket_delivery_us"] = spent["streaming"] / max(came, 1) * 1000
    return Row(
        f"{BURST} posts at once into {readers:,} sockets each: events a second",
        rate=came / seconds,
        cpu_ms=_each(spent, max(came, 1)),
        goal=f"≥ {GOAL_DELIVERIES:,}/s",
        met=came / seconds >= GOAL_DELIVERIES,
        notes=f"{arrivals.size / max(came, 1):,.0f} bytes each, {readers * BURST - came} missing",
    )


async def _tell(bench: Bench, author: int, arrivals: Arrivals, readers: int, posts: int) -> _Told:
    told = _Told()
    connection = await Connection.open(bench.stack.port)
    began = time.perf_counter()
    for number in range(posts):
        arrivals.expect(readers)
        asked_at = time.perf_counter()
        await connection.ask(post_status(f"number {number}", bench.network.token(author)))
        await arrivals.all(WITHIN_S)
        told.times_s += [at - asked_at for at in arrivals.times]
        told.missing += readers - len(arrivals.times)
    told.seconds = time.perf_counter() - began
    connection.close()
    return told


def _each(spent: Counter[str], number: int) -> dict[str, float]:
    kinds: Sequence[tuple[str, int]] = spent.most_common(5)
    return {kind: ms / number for kind, ms in kinds if ms}
