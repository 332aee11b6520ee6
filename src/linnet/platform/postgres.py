"""PostgreSQL: a pool, queries as literal SQL, transactions. A lost connection is `EngineDown`, never a stack trace."""

from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, LiteralString, Protocol, Self

import asyncpg
import msgspec

from linnet.platform.errors import EngineDown
from linnet.platform.telemetry.traces import span_of_statement

CONNECTIONS_MAX = 10
"""Connections of one process. Two API processes, a worker and a scheduler stay well below PostgreSQL's 100."""

ACQUIRE_TIMEOUT_S = 5.0
STATEMENT_TIMEOUT_S = 15.0

LOST = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # what a killed server's last FATAL becomes when it arrives between two statements
    asyncpg.PostgresConnectionError,
    asyncpg.exceptions.OperatorInterventionError,
    asyncpg.exceptions.InsufficientResourcesError,
)
"""What asyncpg raises when the server is away, starting, stopping or full."""

_CLOSED = ("clos", "released back to the pool")


class Queries(Protocol):
    """What a store needs: a pool (each statement by itself) or a transaction both give it."""

    async def rows(self, sql: LiteralString, *args: object) -> list[asyncpg.Record]:
        """All rows, in the statement's order."""
        ...

    async def row(self, sql: LiteralString, *args: object) -> asyncpg.Record | None:
        """The first row, or None."""
        ...

    async def value(self, sql: LiteralString, *args: object) -> Any:  # noqa: ANN401 -- a column may be of any type
        """The first column of the first row, or None."""
        ...

    async def execute(self, sql: LiteralString, *args: object) -> int:
        """Run a statement; the number of rows it touched."""
        ...


class _Guard:
    """Turns every way in which the server can be away into `EngineDown`, around calls of asyncpg and nothing else.

    An `InterfaceError` may also be a mistake of ours; only a connection closed, or taken back by the pool, is a loss.
    """

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if not isinstance(error, LOST):
            return
        if isinstance(error, asyncpg.InterfaceError) and not any(sign in str(error) for sign in _CLOSED):
            return
        raise EngineDown("postgresql") from error


_guard = _Guard()


class Connection:
    """Queries on one asyncpg connection, counted so that tests can hold a request to a number of statements."""

    statements = 0
    """Statements sent by this process."""

    def __init__(self, raw: "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]") -> None:
        self.raw = raw

    @property
    def is_lost(self) -> bool:
        """The server is gone, or the pool took the connection back when it noticed."""
        try:
            return self.raw.is_closed()
        except asyncpg.InterfaceError:
            return True

    async def rows(self, sql: LiteralString, *args: object) -> list[asyncpg.Record]:
        """All rows, in the statement's order."""
        Connection.statements += 1
        with _guard, span_of_statement(sql):
            return await self.raw.fetch(sql, *args)

    async def row(self, sql: LiteralString, *args: object) -> asyncpg.Record | None:
        """The first row, or None."""
        Connection.statements += 1
        with _guard, span_of_statement(sql):
            return await self.raw.fetchrow(sql, *args)

    async def value(self, sql: LiteralString, *args: object) -> Any:  # noqa: ANN401
        """The first column of the first row, or None."""
        Connection.statements += 1
        with _guard, span_of_statement(sql):
            return await self.raw.fetchval(sql, *args)

    async def execute(self, sql: LiteralString, *args: object) -> int:
        """Run a statement; the number of rows it touched."""
        Connection.statements += 1
        with _guard, span_of_statement(sql):
            tag = await self.raw.execute(sql, *args)
        return int(last) if (last := tag.rsplit(" ", 1)[-1]).isdigit() else 0

    async def execute_many(self, sql: LiteralString, args: Iterable[Sequence[object]]) -> None:
        """Run a statement once for each row of arguments, in one round trip."""
        Connection.statements += 1
        with _guard, span_of_statement(sql):
            await self.raw.executemany(sql, args)


class Database:
    """A pool of connections to one PostgreSQL; each query outside a transaction stands alone."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool
        self.shared: Database = self  # for a statement that several requests share, over no connection of theirs

    @classmethod
    async def connect(cls, url: str, *, connections_max: int = CONNECTIONS_MAX, connections_min: int = 1) -> Self:
        """Open a pool to `url`; raises `EngineDown` when nobody answers there, unless `connections_min` is 0."""
        try:
            pool = await asyncpg.create_pool(
                url,
                min_size=connections_min,
                max_size=connections_max,
                command_timeout=STATEMENT_TIMEOUT_S,
                timeout=ACQUIRE_TIMEOUT_S,
                init=_speak_json,
                reset=_keep_as_is,
                server_settings={"application_name": "linnet", "timezone": "UTC", "jit": "off"},
            )
        except LOST as error:
            raise EngineDown("postgresql") from error
        return cls(pool)

    async def close(self) -> None:
        """Let running statements finish, then close every connection."""
        await self._pool.close()

    @property
    def connections_open(self) -> int:
        """Connections of the pool, in use or not."""
        return self._pool.get_size()

    @property
    def connections_idle(self) -> int:
        """Connections of the pool that nobody uses now."""
        return self._pool.get_idle_size()

    async def _take(self) -> Connection:
        with _guard:
            if self._pool.get_idle_size():  # nobody has to wait, so there is nothing to time
                return Connection(await self._pool.acquire())
            return Connection(await self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S))

    async def _give(self, connection: Connection) -> None:
        with _guard:
            await self._pool.release(connection.raw)

    @asynccontextmanager
    async def connection(self) -> AsyncGenerator[Connection]:
        """One connection for a few statements; `EngineDown` when none can be had."""
        connection = await self._take()
        try:
            yield connection
        finally:
            await self._give(connection)

    @asynccontextmanager
    async def kept(self) -> AsyncGenerator["Database"]:
        """The same database over one connection, taken when first needed and kept to the end of the block.

        For a request, which asks one question after another: taking a connection costs as much as asking.
        """
        kept = _Kept(self._pool, self)
        try:
            yield kept
        finally:
            await kept.end()

    async def let_go(self) -> None:
        """Give back a connection that is kept but not used now, before waiting for something slow; see `kept`."""

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Connection]:
        """One transaction: committed when the block ends, rolled back when it raises.

        `EngineDown` at its end: nobody knows whether it was committed. Ask, or do what may be done twice.
        """
        async with self.connection() as connection:
            transaction = connection.raw.transaction()
            with _guard:
                await transaction.start()
            try:
                yield connection
            except BaseException:
                with suppress(*LOST):  # the server rolls back what it lost
                    await transaction.rollback()
                raise
            with _guard:
                await transaction.commit()

    async def rows(self, sql: LiteralString, *args: object) -> list[asyncpg.Record]:
        """All rows, in the statement's order."""
        connection = await self._take()
        try:
            return await connection.rows(sql, *args)
        finally:
            await self._give(connection)

    async def row(self, sql: LiteralString, *args: object) -> asyncpg.Record | None:
        """The first row, or None."""
        connection = await self._take()
        try:
            return await connection.row(sql, *args)
        finally:
            await self._give(connection)

    async def value(self, sql: LiteralString, *args: object) -> Any:  # noqa: ANN401
        """The first column of the first row, or None."""
        connection = await self._take()
        try:
            return await connection.value(sql, *args)
        finally:
            await self._give(connection)

    async def execute(self, sql: LiteralString, *args: object) -> int:
        """Run a statement; the number of rows it touched."""
        connection = await self._take()
        try:
            return await connection.execute(sql, *args)
        finally:
            await self._give(connection)


class _Kept(Database):
    """A database that holds on to its first connection; whoever asks while that is busy gets another."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", shared: Database) -> None:
        super().__init__(pool)
        self.shared = shared
        self._own: Connection | None = None
        self._busy = False

    async def _take(self) -> Connection:
        if self._busy:
            return await super()._take()
        self._busy = True
        try:
            if self._own is not None and self._own.is_lost:  # since the last question
                await self.end()
            own = self._own = self._own or await super()._take()
        except BaseException:
            self._busy = False
            raise
        return own

    async def _give(self, connection: Connection) -> None:
        if connection is not self._own:
            await super()._give(connection)
            return
        self._busy = False
        if connection.is_lost:  # the next question gets a new one
            await self.end()

    async def let_go(self) -> None:
        if not self._busy:
            await self.end()

    async def end(self) -> None:
        """Give the connection back to the pool."""
        own, self._own = self._own, None
        if own is not None:
            await super()._give(own)


async def _speak_json(raw: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Let `jsonb` columns come and go as Python values."""
    await raw.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        encoder=lambda value: b"\x01" + msgspec.json.encode(value),
        decoder=lambda raw_value: msgspec.json.decode(raw_value[1:]),
        format="binary",
    )


async def _keep_as_is(_: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Skip asyncpg's `RESET ALL` round trip at each release: nothing here sets session state outside a transaction."""
