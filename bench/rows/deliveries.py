"""Deliveries a second from fan-out's own code into Valkey, one core each.

A process of its own engines: this one plays the worker, on the load's core, and appends statuses to 20,000 homes
through `timelines.delivery.append`, in the slices that fan-out uses; Valkey has the server's core. The homes are
between their shortest and their longest, so that cutting them back is in the figure. What passing by a follower
without a home costs is measured the same way.
"""

import asyncio
import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.measuring import Row, Run, progress
from linnet.features.timelines import delivery, homes, packed
from linnet.features.timelines.jobs import SLICE
from linnet.platform.embedded import EmbeddedEngines
from linnet.platform.valkey import Valkey

HOMES = 20_000
AT_ONCE = 4
"""Slices under way at once, so that neither core waits for the other."""

FIRST_ID = 110_000_000_000_000_000
LOADED_AT_ONCE = 1_000
WARM_UP = 3
"""Statuses that every home gets before it is measured."""

GOAL_RATE = 350_000


@dataclass(frozen=True)
class _Spent:
    """A run: deliveries, seconds, and CPU seconds of both sides."""

    deliveries: int
    seconds: float
    worker_s: float
    valkey_s: float


async def measure(run: Run) -> list[Row]:
    """A row for homes that exist and one for followers who have none."""
    progress("deliveries into Valkey")
    with tempfile.TemporaryDirectory(prefix="linnet-bench-") as folder:
        async with EmbeddedEngines(Path(folder)) as engines:
            pid = engines.pid("valkey")
            assert pid is not None, "it has just been started"
            server = psutil.Process(pid)
            server.cpu_affinity([run.options.cores[0]])
            valkey = Valkey.connect(engines.valkey_url)
            accounts = [FIRST_ID + n * 65_536 + n for n in range(HOMES)]
            bytes_each = await load_homes(valkey, accounts, homes.HOME_KEPT, homes.HOME_LENGTH_MAX)
            pushed = await _deliver(valkey, server, accounts, run.options.seconds / 2)
            absent = [account + (1 << 50) for account in accounts]
            passed = await _deliver(valkey, server, absent, run.options.seconds / 4)
            await valkey.close()
    run.units["home_bytes"] = bytes_each
    for kind, spent in (("delivery", pushed), ("passing", passed)):
        run.units[f"{kind}_worker_us"] = spent.worker_s / spent.deliveries * 1e6
        run.units[f"{kind}_valkey_us"] = spent.valkey_s / spent.deliveries * 1e6
    return [
        _row("deliveries to homes, worker's code to Valkey, one core each", pushed, goal=True),
        _row("followers without a home passed by", passed),
    ]


def _row(what: str, spent: _Spent, *, goal: bool = False) -> Row:
    rate = spent.deliveries / spent.seconds
    cpu_ms = {"worker": spent.worker_s, "valkey": spent.valkey_s}
    return Row(
        what,
        rate=rate,
        cpu_ms={kind: seconds / spent.deliveries * 1000 for kind, seconds in cpu_ms.items()},
        goal=f"≥ {GOAL_RATE:,}/s" if goal else "",
        met=rate >= GOAL_RATE if goal else None,
    )


async def load_homes(valkey: Valkey, account_ids: Sequence[int], shortest: int, longest: int) -> float:
    """Give each account a home of so many old entries, as if it had been read; bytes of memory that one takes."""
    chance = random.Random(3)
    entries = packed.pack(range(FIRST_ID >> 1, (FIRST_ID >> 1) + longest))
    before = int((await valkey.told_of_itself())["used_memory"])
    for at in range(0, len(account_ids), LOADED_AT_ONCE):
        commands = [
            (
                "SET",
                homes.key_of(account),
                packed.pack([packed.WHOLE]) + entries[: packed.ENTRY_BYTES * chance.randint(shortest, longest)],
                "EX",
                homes.HOME_LIFE_S,
            )
            for account in account_ids[at : at + LOADED_AT_ONCE]
        ]
        await valkey.wire.calls(*commands)
    after = int((await valkey.told_of_itself())["used_memory"])
    return (after - before) / len(account_ids)


async def _deliver(valkey: Valkey, server: psutil.Process, account_ids: Sequence[int], seconds: float) -> _Spent:
    slices = [account_ids[at : at + SLICE] for at in range(0, len(account_ids), SLICE)]
    for number in range(WARM_UP * len(slices)):  # Valkey makes room for more in a string when it is first appended to
        await delivery.append(valkey, FIRST_ID - 1 - number, slices[number % len(slices)])
    done, next_id = 0, FIRST_ID
    began, own, theirs = time.perf_counter(), time.process_time(), server.cpu_times()

    async def one() -> None:
        nonlocal done, next_id
        while time.perf_counter() - began < seconds:
            next_id += 1
            accounts = slices[next_id % len(slices)]
            await delivery.append(valkey, next_id, accounts)
            done += len(accounts)

    await asyncio.gather(*(one() for _ in range(AT_ONCE)))
    took, own = time.perf_counter() - began, time.process_time() - own
    now = server.cpu_times()
    return _Spent(done, took, own, now.user + now.system - theirs.user - theirs.system)
