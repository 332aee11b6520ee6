"""A real streaming replica of the tests' PostgreSQL, which stories pause, freeze, kill and start again."""

import asyncio
import os
import signal
import tempfile
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import asyncpg

from linnet.platform import processes
from linnet.platform.embedded_passwords import Passwords
from linnet.platform.embedded_postgres import url_of
from linnet.platform.embedded_programs import Programs, choose_identity
from linnet.platform.processes import Identity
from seed import quick_place

STARTING_S = 20.0
COMMAND_TIMEOUT_S = 60.0
SETTINGS = ("listen_addresses=", "shared_buffers=32MB", "shared_preload_libraries=pg_stat_statements", "fsync=off")


@dataclass
class RealReplica:
    """One replica in a folder of its own; it streams from the primary whenever it runs."""

    folder: Path
    programs: Programs
    identity: Identity | None
    superuser_password: str
    url: str
    """Where the application connects."""
    _process: asyncio.subprocess.Process | None = field(default=None)

    @property
    def log(self) -> Path:
        return self.folder / "log"

    async def start(self) -> None:
        """Start it, and return when it answers."""
        for left in ("postmaster.pid", ".s.PGSQL.5432", ".s.PGSQL.5432.lock"):  # of a kill
            (self.folder / left).unlink(missing_ok=True)
            (self.folder / "data" / left).unlink(missing_ok=True)
        options = [part for one in (*SETTINGS, f"unix_socket_directories={self.folder}") for part in ("-c", one)]
        self._process = await processes.spawn(
            [str(self.programs.postgres), "-D", str(self.folder / "data"), *options],
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            cwd=self.folder / "data",
            log=self.log,
            identity=self.identity,
            death_signal=signal.SIGINT,
        )
        async with asyncio.timeout(STARTING_S):
            while True:
                with suppress(OSError, asyncpg.PostgresError):
                    await self.ask("select 1")
                    return
                assert self._process.returncode is None, processes.tail(self.log)
                await asyncio.sleep(0.05)

    async def ask(self, sql: str) -> object:
        """The first value that the replica gives its superuser."""
        place = quote(str(self.folder), safe="/")
        url = f"postgresql://postgres:{self.superuser_password}@/linnet?host={place}&port=5432"
        connection = await asyncpg.connect(url, timeout=5)
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close(timeout=5)

    async def pause(self) -> None:
        """Stop to replay what the primary sends: from now on it lags, more every second."""
        await self.ask("select pg_wal_replay_pause()")
        async with asyncio.timeout(5):
            while await self.ask("select pg_get_wal_replay_pause_state()") != "paused":  # noqa: ASYNC110 -- another process
                await asyncio.sleep(0.01)

    async def resume(self) -> None:
        """Replay what has come meanwhile, and go on."""
        await self.ask("select pg_wal_replay_resume()")

    async def statements(self) -> int:
        """How many statements of readers it has answered; not what the driver asks about types, nor the watch."""
        number = await self.ask(
            "select coalesce(sum(calls), 0)::bigint from pg_stat_statements s join pg_roles r on r.oid = s.userid"
            " where r.rolname = 'linnet' and query !~* '(pg_control_system|typelem|typeinfo|set_config)'"
        )
        assert isinstance(number, int)
        return number

    async def promote(self) -> None:
        """Make it a primary of its own."""
        await self.ask("select pg_promote()")

    def send(self, number: signal.Signals) -> None:
        """Send a signal to every process of it."""
        processes.signal_all(processes.living_in(self.folder / "data", "postgres"), number)

    async def kill(self) -> None:
        """`kill -9` to every process of it, with no word before."""
        self.send(signal.SIGKILL)
        await self._gone()

    async def stop(self) -> None:
        """End it, however it is."""
        self.send(signal.SIGQUIT)
        self.send(signal.SIGCONT)
        await self._gone()

    async def _gone(self) -> None:
        if self._process is not None:
            await asyncio.wait_for(self._process.wait(), STARTING_S)
            self._process = None


@contextmanager
def replica_folder() -> Generator[Path]:
    """An empty folder for a replica, which makes its address (`url_of`) known before it is there."""
    with tempfile.TemporaryDirectory(prefix="replica-", dir=quick_place()) as name:
        yield Path(name)


@asynccontextmanager
async def streaming_replica(primary_url: str, folder: Path) -> AsyncGenerator[RealReplica]:
    """A running replica, in `folder`, of the embedded PostgreSQL at this address, until the block ends."""
    sockets = Path(parse_qs(urlsplit(primary_url).query)["host"][0])
    engines = sockets.parent
    identity, programs = choose_identity(Programs.installed(), engines)
    passwords = Passwords.read_from(engines)
    if identity is not None:
        os.chown(folder, *identity.file_owner)
    replica = RealReplica(folder, programs, identity, passwords.postgres, url_of(folder, passwords.linnet))
    await _copy(replica, sockets)
    try:
        await replica.start()
        yield replica
    finally:
        await replica.stop()


async def _copy(replica: RealReplica, sockets: Path) -> None:
    """A base backup of the primary that knows where to stream from."""
    target = replica.folder / "data"
    process = await processes.spawn(
        [
            str(replica.programs.postgres.with_name("pg_basebackup")),
            *("-h", str(sockets), "-p", "5432", "-U", "postgres", "-D", str(target)),
            *("--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast", "--no-sync"),
        ],
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "PGPASSWORD": replica.superuser_password},
        cwd=replica.folder,
        log=replica.log,
        identity=replica.identity,
    )
    assert await asyncio.wait_for(process.wait(), COMMAND_TIMEOUT_S) == 0, processes.tail(replica.log)
