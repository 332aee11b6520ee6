"""Migrations: plain forward SQL files, applied in order, each in its own transaction and only once.

`NNNN_pre_name.sql` can be applied while the version before is still running; `NNNN_post_name.sql` once it no longer is.
`python -m linnet.platform.migrations` writes `migrations/schema.sql` anew, with engines of its own.
"""

import asyncio
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import asyncpg

from linnet.platform.embedded import EmbeddedEngines
from linnet.platform.embedded_programs import Programs
from linnet.platform.errors import EngineDown, ProductError
from linnet.platform.postgres import LOST, Queries

Phase = Literal["pre", "post"]

SCHEMA = "schema.sql"

_NAME = re.compile(r"(?P<number>\d{4})_(?P<phase>pre|post)_[a-z0-9_]+\.sql")
_LOCK = 0x6C696E6E6574
"""One migration at a time on a database. The key is `linnet` in ASCII."""

_OF_THE_SERVER = "pg_stat_statements"
"""An extension that whoever runs the server may add; it is no part of the schema."""

_LOCK_TIMEOUT_S = 10
"""A migration that waits longer for a table gives up, so that the queries queueing behind it do not wait for ever."""


class MigrationError(ProductError):
    """The database and the migrations do not fit together; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file. `checksum` is of its bytes, so an edit after it was applied is noticed."""

    name: str
    phase: Phase
    sql: str
    checksum: str


async def migrate(
    url: str,
    *,
    folder: Path | None = None,
    phase: Phase | None = None,
    progress: Callable[[str], None] | None = None,
) -> list[str]:
    """Apply what is not applied yet (of one phase, or all), in order; the names of what was applied.

    Waits for whoever is migrating the same database. `progress` is told each name before it is applied. Raises
    `MigrationError` when a file changed after it was applied or its SQL fails, `EngineDown` when nobody answers.
    """
    migrations = load(folder or migrations_folder())
    try:
        connection = await asyncpg.connect(url, server_settings={"application_name": "linnet migrate"})
    except LOST as error:
        raise EngineDown("postgresql") from error
    try:
        await connection.execute("select pg_advisory_lock($1)", _LOCK)
        pending = await _pending(connection, migrations)
        chosen = [migration for migration in pending if phase in {None, migration.phase}]
        for migration in chosen:
            if progress is not None:
                progress(migration.name)
            await _apply(connection, migration)
    except LOST as error:
        raise EngineDown("postgresql") from error
    finally:
        await connection.close()
    return [migration.name for migration in chosen]


async def missing(db: Queries, phase: Phase | None = None) -> list[str]:
    """Names of this version's migrations, of one phase or all, that the database lacks. Two small statements."""
    applied: set[str] = set()
    if await db.value("select to_regclass('migrations') is not null"):
        applied = {row["name"] for row in await db.rows("select name from migrations limit 10000")}
    return [one.name for one in _installed() if one.name not in applied and phase in {None, one.phase}]


@cache
def _installed() -> tuple[Migration, ...]:
    return tuple(load(migrations_folder()))


def migrations_folder() -> Path:
    """Where the SQL files are: inside an installed package, else beside `src` in a checkout."""
    installed = Path(str(files("linnet") / "_migrations"))
    return installed if installed.is_dir() else Path(__file__).parents[3] / "migrations"


def load(folder: Path) -> list[Migration]:
    """Every migration in `folder` by number. Raises `MigrationError` for two of one number or a name out of form."""
    by_number: dict[str, Migration] = {}
    for path in sorted(folder.glob("*.sql")):
        if path.name == SCHEMA:
            continue
        match = _NAME.fullmatch(path.name)
        if match is None:
            msg = f"{path.name} is not a migration's name: use NNNN_pre_what.sql or NNNN_post_what.sql."
            raise MigrationError(msg)
        if twin := by_number.get(match["number"]):
            msg = f"{twin.name} and {path.name} have the same number: give the newer one the next free number."
            raise MigrationError(msg)
        written = path.read_bytes()
        phase: Phase = "pre" if match["phase"] == "pre" else "post"
        checksum = hashlib.sha256(written).hexdigest()
        by_number[match["number"]] = Migration(path.name, phase, written.decode(), checksum)
    if not by_number:
        msg = f"There are no migrations in {folder}: the installation is incomplete."
        raise MigrationError(msg)
    return list(by_number.values())


async def dump_schema(url: str) -> str:
    """The schema of a database as SQL, the same text each time. Taken by the embedded wheel's `pg_dump`."""
    pg_dump = Programs.installed().postgres.with_name("pg_dump")
    process = await asyncio.create_subprocess_exec(
        str(pg_dump), "--schema-only", "--no-owner", "--no-privileges", f"--exclude-extension={_OF_THE_SERVER}", url,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    output, errors = await process.communicate()
    if process.returncode:
        msg = f"pg_dump failed: {errors.decode(errors='replace').strip()}"
        raise MigrationError(msg)
    noise = ("--", "SET ", "SELECT pg_catalog.set_config", "\\restrict", "\\unrestrict")
    lines = [line for line in output.decode().splitlines() if not line.startswith(noise)]
    statements = re.sub(r"\n{2,}", "\n\n", "\n".join(lines)).strip()
    return f"-- The schema after all migrations. Written by `python -m linnet.platform.migrations`.\n\n{statements}\n"


async def _pending(connection: "asyncpg.Connection[asyncpg.Record]", migrations: list[Migration]) -> list[Migration]:
    await connection.execute(
        """
        create table if not exists migrations (
            name text primary key,
            checksum text not null,
            applied_at timestamptz not null default now()
        )
        """
    )
    rows = await connection.fetch("select name, checksum from migrations")
    applied = {row["name"]: row["checksum"] for row in rows}
    changed = [m.name for m in migrations if applied.get(m.name, m.checksum) != m.checksum]
    if changed:
        msg = (
            f"{', '.join(changed)} changed after being applied to this database. An applied migration is history:"
            " restore the file, and put the change into a new one."
        )
        raise MigrationError(msg)
    return [migration for migration in migrations if migration.name not in applied]


async def _apply(connection: "asyncpg.Connection[asyncpg.Record]", migration: Migration) -> None:
    try:
        async with connection.transaction():
            await connection.execute(f"set local lock_timeout = '{_LOCK_TIMEOUT_S}s'")
            await connection.execute(migration.sql)
            await connection.execute(
                "insert into migrations (name, checksum) values ($1, $2)", migration.name, migration.checksum
            )
    except LOST:
        raise
    except asyncpg.PostgresError as error:
        msg = f"{migration.name} failed and was rolled back: {error}"
        raise MigrationError(msg) from error


async def new_schema() -> str:
    """The schema that every migration together makes of a new database, on engines started for this."""
    with TemporaryDirectory(prefix="linnet-") as scratch:
        async with EmbeddedEngines(Path(scratch), durable=False) as engines:
            await migrate(engines.database_url)
            return await dump_schema(engines.database_url)


if __name__ == "__main__":
    path = migrations_folder() / SCHEMA
    path.write_text(asyncio.run(new_schema()))
    print(f"Wrote {path}")  # noqa: T201 -- the command's answer
