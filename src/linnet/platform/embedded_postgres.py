"""The embedded PostgreSQL: its cluster, its settings, its application role, and how to tell that it serves."""

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import asyncpg

from linnet.platform import processes
from linnet.platform.embedded_programs import Programs
from linnet.platform.postgres import LOST
from linnet.platform.processes import CannotStart, Identity
from linnet.platform.supervise import ChildSpec

PORT = 5432
"""Only a part of the socket's file name; nothing listens on TCP."""

SOCKET = f".s.PGSQL.{PORT}"
SUPERUSER = "postgres"
APPLICATION = "linnet"
"""Name of the application's role, which is no superuser, and of the database it owns."""

PROGRAM = "postgres"
CONNECT_TIMEOUT_S = 5.0
RECOVERY_TIMEOUT_S = 600.0
"""A crash recovery replays up to `max_wal_size`; on a slow disk that is minutes."""

LOCALE = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
"""LC_CTYPE must know letters: with `C`, pg_trgm drops every one that is not ASCII. macOS has no C.UTF-8."""

SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "random_page_cost": "1.1",
    "wal_compression": "pglz",
    "max_wal_size": "1GB",
    "synchronous_commit": "on",
    "fsync": "on",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "shared_preload_libraries": "pg_stat_statements",
    # Failing statements and their values would put people's text into the log; the application logs what failed.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}

NOT_DURABLE: Mapping[str, str] = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""For tests: a crash of the machine may corrupt the cluster. A crash of the server loses the last moments only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedPostgres:
    """One cluster in `folder`, serving on a socket in `sockets`, both owned by `identity`."""

    programs: Programs
    identity: Identity | None
    folder: Path
    sockets: Path
    log: Path
    superuser_password: str
    application_password: str
    durable: bool = True

    @property
    def url(self) -> str:
        """Where the application connects, for asyncpg."""
        return url_of(self.sockets, self.application_password)

    def spec(self) -> ChildSpec:
        """The server as a child: SIGINT, also by its supervisor's death, shuts it down fast; SIGQUIT abruptly."""
        durability: Mapping[str, str] = {} if self.durable else NOT_DURABLE
        settings = {**SETTINGS, **durability, "unix_socket_directories": _quoted(self.sockets)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return ChildSpec(
            name="postgresql",
            argv=(str(self.programs.postgres), "-D", str(self.folder), *options),
            env=_environment(),
            cwd=self.folder,
            log=self.log,
            identity=self.identity,
            clear=self.clear,
            ready=self.ready,
            ready_timeout_s=RECOVERY_TIMEOUT_S,
            stop_signal=signal.SIGINT,
            stop_timeout_s=30.0,
            kill_signal=signal.SIGQUIT,
            death_signal=signal.SIGINT,
        )

    async def make_cluster(self) -> None:
        """Make the cluster if there is none; a half-made one is never taken for whole. `CannotStart` says why not."""
        if self.folder.exists():
            self._check_version()
            return
        unfinished = self.folder.with_name(self.folder.name + ".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        password_file = self.sockets / "superuser.password"  # the one folder that the engines' identity can read
        password_file.touch(mode=0o600)
        try:
            password_file.write_text(self.superuser_password)
            for path in (unfinished, password_file):
                if self.identity is not None:
                    os.chown(path, *self.identity.file_owner)
            await self._initdb(unfinished, password_file)
        finally:
            password_file.unlink()
        unfinished.rename(self.folder)

    async def clear(self) -> None:
        """End what is left of an earlier server on this cluster, then remove the pid and socket files it left.

        A pid file that outlives its server stops the next one for ever once the pid belongs to somebody else; removing
        it is safe after no process lives in the cluster, which also means that nobody holds its shared memory.
        """
        pid_file = self.folder / "postmaster.pid"
        await processes.end_leftovers(
            self.folder,
            PROGRAM,
            main_pid=_first_number(pid_file),
            steps=((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 2.0)),
        )
        for path in (pid_file, self.sockets / SOCKET, self.sockets / f"{SOCKET}.lock"):
            path.unlink(missing_ok=True)

    async def ready(self) -> bool:
        """Whether it serves; makes the application's role and database first, when they are missing."""
        url = _url(self.sockets, SUPERUSER, self.superuser_password, "postgres")
        try:
            connection = await asyncpg.connect(url, timeout=CONNECT_TIMEOUT_S)
            try:
                if not await _has_application(connection):
                    await self._make_application(connection)
            finally:
                await connection.close(timeout=CONNECT_TIMEOUT_S)
        except asyncpg.InvalidPasswordError as error:
            msg = f"The database in {self.folder} does not know the password kept beside it; restore passwords.json."
            raise CannotStart(msg) from error
        except LOST:
            return False
        return True

    async def _initdb(self, folder: Path, password_file: Path) -> None:
        argv = [
            str(self.programs.initdb),
            *("-D", str(folder), "-U", SUPERUSER, f"--pwfile={password_file}"),
            *("--auth-local=scram-sha-256", "--auth-host=reject", "--no-instructions"),
            *("-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST", f"--locale={LOCALE}"),
            *([] if self.durable else ["--no-sync"]),
        ]
        log = self.log.with_name("initdb.log")
        log.unlink(missing_ok=True)
        process = await processes.spawn(argv, env=_environment(), cwd=folder, log=log, identity=self.identity)
        try:
            code = await process.wait()
        except asyncio.CancelledError:
            process.kill()
            raise
        if code:
            msg = f"PostgreSQL could not make its folder {self.folder} (exit code {code}): {processes.tail(log)}"
            raise CannotStart(msg)

    def _check_version(self) -> None:
        ours = self.programs.version.partition(".")[0]
        theirs = (self.folder / "PG_VERSION").read_text().strip()
        if ours != theirs:
            msg = (
                f"The database in {self.folder} was made by PostgreSQL {theirs}; this Linnet brings PostgreSQL {ours}."
                " Dump it with the Linnet that made it and load it into a new folder."
            )
            raise CannotStart(msg)

    async def _make_application(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        """Idempotent, so that a crash between two of its statements is healed by the next start."""
        if not await connection.fetchval("SELECT count(*) FROM pg_roles WHERE rolname = 'linnet'"):
            create = await connection.fetchval(
                "SELECT format('CREATE ROLE linnet LOGIN PASSWORD %L', $1::text)", self.application_password
            )
            await connection.execute(create)
        inner = await self._create_database(connection)
        try:
            await inner.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
            await inner.execute("COMMENT ON DATABASE linnet IS 'Linnet'")  # last: it says that all of this is done
        finally:
            await inner.close(timeout=CONNECT_TIMEOUT_S)

    async def _create_database(
        self, connection: "asyncpg.Connection[asyncpg.Record]"
    ) -> "asyncpg.Connection[asyncpg.Record]":
        with suppress(asyncpg.DuplicateDatabaseError):
            await connection.execute("CREATE DATABASE linnet OWNER linnet")
        url = _url(self.sockets, SUPERUSER, self.superuser_password, APPLICATION)
        return await asyncpg.connect(url, timeout=CONNECT_TIMEOUT_S)


def url_of(sockets: Path, password: str) -> str:
    """Where the application connects to a server with its socket in `sockets`, for asyncpg."""
    return _url(sockets, APPLICATION, password, APPLICATION)


def _url(sockets: Path, role: str, password: str, database: str) -> str:
    return f"postgresql://{role}:{password}@/{database}?host={quote(str(sockets), safe='/')}&port={PORT}"


async def _has_application(connection: "asyncpg.Connection[asyncpg.Record]") -> bool:
    comment = await connection.fetchval(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = 'linnet'"
    )
    return comment is not None


def _environment() -> dict[str, str]:
    """Nothing of ours leaks into the engine: no PGDATA, no secrets."""
    return {"PATH": os.defpath, "LC_ALL": LOCALE, "TZ": "UTC"}


def _quoted(path: Path) -> str:
    """As one member of a list of folders, whatever characters it has."""
    return '"' + str(path).replace('"', '""') + '"'


def _first_number(file: Path) -> int | None:
    with suppress(FileNotFoundError, ValueError, IndexError):
        return int(file.read_text().splitlines()[0])
    return None
