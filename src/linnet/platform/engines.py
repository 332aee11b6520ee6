"""Everything a verb, a read or a job needs to do its work, in one immutable value that is passed down."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, LiteralString, TypeVar, cast

import asyncpg

from linnet.platform.bus import Bus
from linnet.platform.clock import Clock
from linnet.platform.jobs import Event, Job, Reactions, W, Work
from linnet.platform.jobs import store as job_store
from linnet.platform.postgres import Connection, Database
from linnet.platform.valkey import Valkey

C = TypeVar("C")


class Transaction:
    """One database transaction that can also record events and enqueue jobs: they commit with it or not at all."""

    def __init__(self, connection: Connection, engines: "Engines") -> None:
        self._connection = connection
        self._engines = engines

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

    async def record(self, event: Event) -> None:
        """Note that `event` has happened: enqueue every job that `reactions.py` lists for it."""
        jobs = self._engines.reactions[type(event)]
        await job_store.enqueue(self._connection, [(job, event) for job in jobs])

    async def enqueue(self, job: Job[W], works: Iterable[W]) -> None:
        """Enqueue more work of the same kind, such as the next slices of a large fan-out."""
        await job_store.enqueue(self._connection, [(cast("Job[Work]", job), work) for work in works])


@dataclass(frozen=True, slots=True)
class Engines:
    """PostgreSQL, Valkey, the bus, the clock, the reactions and the product's configuration values."""

    db: Database
    valkey: Valkey
    bus: Bus
    clock: Clock
    reactions: Reactions
    configs: Mapping[type, object] = field(default_factory=dict[type, object])

    def config(self, kind: type[C]) -> C:
        """The configuration value of this type, such as `Thresholds` or `SignupRules`, as the role built it."""
        return cast("C", self.configs[kind])

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """One transaction: what it wrote and recorded is committed together when the block ends."""
        async with self.db.transaction() as connection:
            yield Transaction(connection, self)
