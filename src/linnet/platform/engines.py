"""Everything a verb, a read or a job needs to do its work, in one immutable value that is passed down."""

from collections.abc import AsyncGenerator, Collection, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, LiteralString, TypeVar, cast

import asyncpg

from linnet.platform import live
from linnet.platform.blobs import Blobs
from linnet.platform.bus import Bus
from linnet.platform.changes import Change, Changes, Kind, change
from linnet.platform.clock import Clock
from linnet.platform.jobs import Event, Job, Reactions, W
from linnet.platform.jobs import store as job_store
from linnet.platform.jobs.new import NewJobs, new_jobs
from linnet.platform.live import Hint, Live
from linnet.platform.postgres import Connection, Database, Queries
from linnet.platform.replicas import Replicas
from linnet.platform.valkey import Valkey

C = TypeVar("C")


class Transaction:
    """One database transaction that can also record events and enqueue jobs: they commit with it or not at all."""

    def __init__(self, connection: Connection, engines: "Engines") -> None:
        self._connection = connection
        self._engines = engines
        self.queues: set[str] = set()
        """Queues that have new work once this has committed."""
        self.changes: list[Change] = []
        """What caches must let go of once this has committed."""
        self.hints: list[Hint] = []
        """What is told to those who look on once this has committed."""

    async def rows(self, sql: LiteralString, *args: object) -> list[asyncpg.Record]:
        """All rows, in the statement's order."""
        return await self._connection.rows(sql, *args)

    async def row(self, sql: LiteralString, *args: object) -> asyncpg.Record | None:
        """The first row, or None."""
        return await self._connection.row(sql, *args)

    async def value(self, sql: LiteralString, *args: object) -> Any:  # noqa: ANN401 -- a column may be of any type
        """The first column of the first row, or None."""
        return await self._connection.value(sql, *args)

    async def execute(self, sql: LiteralString, *args: object) -> int:
        """Run a statement; the number of rows it touched."""
        return await self._connection.execute(sql, *args)

    def changed(self, kind: Kind, *numbers: int) -> None:
        """Note what every process must read anew: told to all before the verb answers."""
        self.changes.append(change(kind, *numbers))

    def live(self, kind: Live, *numbers: int, word: str = "") -> None:
        """Note what is to be told at once, as ids, to those who look on: see `platform/live.py`."""
        self.hints.append(live.hint(kind, *numbers, word=word))

    async def record(self, event: Event) -> None:
        """Note that `event` has happened: enqueue every job that `reactions.py` lists for it."""
        jobs = self._engines.jobs_after(event)
        await job_store.enqueue(self._connection, [(job, event) for job in jobs])
        self.queues.update(job.queue for job in jobs)

    async def enqueue(self, job: Job[W], works: Iterable[W], *, delay_s: float = 0.0) -> None:
        """Enqueue more work of the same kind, such as the next slices of a large fan-out, due after `delay_s`."""
        await job_store.enqueue(self._connection, [(job, work) for work in works], delay_s=delay_s)
        self.queues.add(job.queue)


@dataclass(frozen=True, slots=True)
class Engines:
    """PostgreSQL, Valkey, the store of files, and all else that a server has one of."""

    db: Database
    valkey: Valkey
    bus: Bus
    changes: Changes
    clock: Clock
    reactions: Reactions
    configs: Mapping[type, object] = field(default_factory=dict[type, object])
    replicas: Replicas = field(default_factory=Replicas)
    blobs: Blobs = field(default_factory=Blobs)

    async def replica_for(self, viewer_id: int) -> Queries:
        """Where a viewer's (0: the public's) ids and numbers may be read that may be some seconds old: decision 0013.

        A replica that has everything they wrote, else the primary. What it gives must not be kept by a process, and who
        may see what is said of it by the primary: ids are for `hydrate`.
        """
        return await self.replicas.queries(viewer_id, self.changes, self.db) if self.replicas else self.db

    def config(self, kind: type[C]) -> C:
        """The configuration value of this type, such as `Thresholds` or `SignupRules`, as the role built it."""
        return cast("C", self.configs[kind])

    def jobs_after(self, event: Event) -> list[Job[Any]]:
        """Those of the jobs `reactions.py` lists for an event that it leaves anything to do."""
        return [job for job in self.reactions[type(event)] if job.concerns(event)]

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Transaction]:
        """One transaction: what it wrote and recorded is committed together when the block ends.

        Workers are told over the bus, not by `NOTIFY`, which would put every commit in one line; every process's
        caches are told before this returns.
        """
        async with self.db.transaction() as connection:
            transaction = Transaction(connection, self)
            yield transaction
        self._wake(transaction.queues)
        if transaction.changes:
            await self.changes.tell(transaction.changes)
        if transaction.hints:
            await live.tell(self.bus, transaction.hints)

    @asynccontextmanager
    async def statement(self, *events: Event) -> AsyncGenerator[NewJobs]:
        """The short form of a transaction that records `events`: one statement, which commits by itself.

        The block sends it outside of any transaction, once, and it has `ENQUEUE` enqueue the jobs it is given here
        with the facts that it writes, one for each event. Four round trips less than `transaction`, and just as whole.
        """
        jobs = [(job, event, at) for at, event in enumerate(events) for job in self.jobs_after(event)]
        yield new_jobs([(job, event) for job, event, _ in jobs], [at for _, _, at in jobs])
        self._wake({job.queue for job, _, _ in jobs})

    def _wake(self, queues: Collection[str]) -> None:
        if queues:
            self.bus.nudge(job_store.CHANNEL, " ".join(sorted(queues)).encode())
