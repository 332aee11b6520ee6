"""What the rows of the bench have in common: what they measure on, and how a run of requests becomes a line."""

import os
import random
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from bench.client import Measured, drive, get
from bench.network import Network
from bench.stack import Stack

HOME_PATH = "/api/v1/timelines/home"
HOME = f"{HOME_PATH}?limit=20"
CONNECTIONS = 16
NOISE_MS = 50
"""CPU time of a kind of process below which it is not named."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """What was asked for on the command line."""

    people: int = 10_000
    readers: int = 2_000
    follows: int = 150
    follows_others: int = 30
    posts: int = 20_000
    seconds: float = 10.0
    seed: int = 1
    graph: Path | None = None
    texts: Path | None = None
    sizes: tuple[int, ...] = (10_000, 100_000, 1_000_000)
    """Accounts of the networks over which the cost of a read is plotted."""
    stars: tuple[int, ...] = (100_000, 1_000_000)
    """Followers of the largest authors."""
    active_share: float = 0.3
    """Of everybody so many were here lately, where that matters."""
    sockets: int = 10_000
    """Open at once, one of each of so many readers."""
    cores: tuple[int, int] = (0, 1)
    """The server's, and the load's."""


@dataclass(frozen=True)
class Row:
    """One line of the table; times in ms, CPU time by kind of process."""

    what: str
    rate: float | None = None
    p50_ms: float | None = None
    p99_ms: float | None = None
    cpu_ms: Mapping[str, float] = field(default_factory=dict[str, float])
    notes: str = ""
    goal: str = ""
    met: bool | None = None


@dataclass(kw_only=True)
class Run:
    """What was asked for, and what has been found so far."""

    options: Options
    units: dict[str, float] = field(default_factory=dict[str, float])
    """Costs for the capacity model, by the names of its `Units`."""
    load_before: float = field(default_factory=lambda: os.getloadavg()[0])
    """Load average of this machine before anything was started: what else it was doing."""
    network_words: str = ""
    """What the shared server's network is like."""
    growth: dict[int, Mapping[str, float]] = field(default_factory=dict[int, Mapping[str, float]])
    """CPU ms of a warm read by kind of process, by accounts."""


@dataclass(kw_only=True)
class Bench(Run):
    """A run with a server that has a network in it."""

    stack: Stack
    network: Network
    idle_mib: Mapping[str, int]
    is_warm: bool = False

    def home_requests(self) -> list[bytes]:
        """A read of the home of each reader."""
        return [get(HOME, token) for token in self.network.tokens]

    def fresh_requests(self) -> list[bytes]:
        """Reads of homes of which nearly none is for a page that was put together before: of 15 to 25 statuses."""
        tokens = self.network.tokens
        return [get(f"{HOME_PATH}?limit={rows}", token) for rows in range(15, 26) for token in tokens]

    async def warm(self) -> None:
        """Every reader reads once, unless they have."""
        if not self.is_warm:
            waiting = iter(self.home_requests())
            await drive(self.stack.port, CONNECTIONS, 600, lambda: next(waiting, None))
            self.is_warm = True

    async def connect(self) -> "asyncpg.Connection[asyncpg.Record]":
        """A connection to the server's PostgreSQL."""
        return await asyncpg.connect(self.stack.engines.database_url)

    async def measure(self, what: str, run: Awaitable[Measured]) -> Row:
        """Await `run` and say what it took, with the CPU time that the server spent on each answer meanwhile."""
        before = self.stack.cpu_ms()
        measured = await run
        return row(what, measured, self.stack.cpu_ms() - before)


def progress(what: str) -> None:
    """Tell whoever waits what is being done."""
    print(f"… {what}", file=sys.stderr, flush=True)


def row(what: str, measured: Measured, spent_ms: Counter[str], notes: str = "") -> Row:
    """The line of one run."""
    answered = max(len(measured.latencies_s), 1)
    failures = f"**{measured.failures} failed** {measured.refused} " if measured.failures else ""
    if not measured.latencies_s:
        return Row(what, notes=f"{failures}nothing was answered")
    return Row(
        what,
        rate=measured.rate,
        p50_ms=measured.quantile_ms(0.5),
        p99_ms=measured.quantile_ms(0.99),
        cpu_ms={kind: spent / answered for kind, spent in spent_ms.most_common() if spent > NOISE_MS},
        notes=failures + notes,
    )


def anyone(requests: list[bytes], seed: int) -> Callable[[], bytes]:
    """One of `requests` at random each time."""
    chance = random.Random(seed)
    return lambda: requests[int(chance.random() * len(requests))]
