"""Many rows into PostgreSQL quickly: binary COPY, without the indexes and foreign keys, which are made anew after."""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import numpy as np
from numpy.typing import NDArray

ROWS_AT_ONCE = 200_000
_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END = b"\xff\xff"


async def copy_numbers(
    connection: "asyncpg.Connection[asyncpg.Record]",
    table: str,
    columns: Sequence[str],
    arrays: Sequence[NDArray[np.int64]],
) -> None:
    """Add rows of bigints, one array for each column. The format is that of PostgreSQL's COPY … BINARY."""
    dtype: list[tuple[str, str]] = [("fields", ">i2")]
    for n in range(len(columns)):
        dtype += [(f"length{n}", ">i4"), (f"value{n}", ">i8")]

    async def packed() -> AsyncIterator[bytes]:
        yield _HEADER
        for at in range(0, len(arrays[0]), ROWS_AT_ONCE):
            rows: NDArray[Any] = np.empty(len(arrays[0][at : at + ROWS_AT_ONCE]), dtype=dtype)
            rows["fields"] = len(columns)
            for n, array in enumerate(arrays):
                rows[f"length{n}"] = 8
                rows[f"value{n}"] = array[at : at + ROWS_AT_ONCE]
            yield rows.tobytes()
        yield _END

    await connection.copy_to_table(table, source=packed(), columns=list(columns), format="binary", timeout=3600)


@asynccontextmanager
async def without_indexes(
    connection: "asyncpg.Connection[asyncpg.Record]", tables: Sequence[str]
) -> AsyncGenerator[None]:
    """Drop indexes and keys of `tables`, and foreign keys from and to them, for the block; make them again after it.

    What they are is read from the catalogue, so that this stays right when the schema changes.
    """
    constraints = await connection.fetch(
        """
        select c.conrelid::regclass::text as table_name, c.conname as name, pg_get_constraintdef(c.oid) as definition
        from pg_constraint c where (c.conrelid = any($1::regclass[]) and c.contype in ('p', 'u', 'f'))
            or (c.confrelid = any($1::regclass[]) and c.contype = 'f')
        order by c.contype = 'f', c.conname
        """,
        list(tables),
    )
    indexes = await connection.fetch(
        """
        select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
        from pg_index i where i.indrelid = any($1::regclass[])
            and not exists (select from pg_constraint c where c.conindid = i.indexrelid and c.contype in ('p', 'u'))
        """,
        list(tables),
    )
    for row in reversed(constraints):
        await connection.execute(f"alter table {row['table_name']} drop constraint {row['name']}")
    for row in indexes:
        await connection.execute(f"drop index {row['name']}")
    yield
    await connection.execute("set maintenance_work_mem = '1GB'")
    for row in constraints[:]:
        if not row["definition"].startswith("FOREIGN"):
            await _add(connection, row)
    for row in indexes:
        await connection.execute(row["definition"], timeout=3600)
    for row in constraints:
        if row["definition"].startswith("FOREIGN"):
            await _add(connection, row)
    await connection.execute("reset maintenance_work_mem")


async def _add(connection: "asyncpg.Connection[asyncpg.Record]", row: asyncpg.Record) -> None:
    await connection.execute(
        f"alter table {row['table_name']} add constraint {row['name']} {row['definition']}", timeout=3600
    )
