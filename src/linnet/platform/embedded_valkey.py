"""The embedded Valkey: a cache without persistence, and how to tell that it serves."""

import os
import signal
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from linnet.platform import processes
from linnet.platform.embedded_programs import Programs
from linnet.platform.errors import EngineDown
from linnet.platform.processes import Identity
from linnet.platform.supervise import ChildSpec
from linnet.platform.valkey import Valkey

SOCKET = "valkey.sock"
PROGRAM = "valkey-server"

CONFIGURATION = """\
port 0
unixsocket {socket}
unixsocketperm 700
dir {folder}
requirepass {password}
save ""
appendonly no
maxmemory {memory}
maxmemory-policy volatile-lru
disable-thp no
loglevel warning
set-proc-title no
"""
"""Nothing is kept. After a restart everything is refilled from PostgreSQL, whole; a half-lost append-only file would
bring home timelines back with holes. Every key expires, so `volatile-lru` can make room by any of them.
Huge pages, which Valkey shuns because copies on write after a fork are dear with them: nothing forks here."""

TUNABLES = "glibc.malloc.hugetlb=1:glibc.malloc.tcache_count=1024"
"""For the C library that allocates in the wheel's program; others ignore it. Fan-out touches homes all over the memory,
and makes a thousand small objects for each call: with huge pages and room for those in the allocator's own cache a
delivery costs Valkey 10 to 18% less (docs/decisions/0006). https://sourceware.org/glibc/manual/latest/html_node/Tunables.html
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedValkey:
    """One server with `folder` as its own, serving on a socket in `sockets`, both owned by `identity`."""

    programs: Programs
    identity: Identity | None
    folder: Path
    sockets: Path
    log: Path
    password: str
    memory_bytes: int

    @property
    def url(self) -> str:
        """Where the application connects, for valkey's client."""
        return url_of(self.sockets, self.password)

    def spec(self) -> ChildSpec:
        """The server as a child; it has nothing to save, so it may die at once with its supervisor."""
        return ChildSpec(
            name="valkey",
            argv=(str(self.programs.valkey), str(self._configuration)),
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "GLIBC_TUNABLES": TUNABLES},
            cwd=self.folder,
            log=self.log,
            identity=self.identity,
            clear=self.clear,
            ready=self.ready,
            ready_timeout_s=20.0,
            stop_timeout_s=5.0,
        )

    def write_configuration(self) -> None:
        """Write what the server reads at each start; a file, because an argument shows the password to everybody."""
        text = CONFIGURATION.format(
            socket=_quoted(self.sockets / SOCKET),
            folder=_quoted(self.folder),
            password=self.password,
            memory=self.memory_bytes,
        )
        self._configuration.unlink(missing_ok=True)
        self._configuration.touch(mode=0o600)
        self._configuration.write_text(text)
        if self.identity is not None:
            os.chown(self._configuration, *self.identity.file_owner)

    async def clear(self) -> None:
        """End what is left of an earlier server in this folder, and remove the socket it left."""
        left = processes.living_in(self.folder, PROGRAM)
        await processes.end_leftovers(
            self.folder,
            PROGRAM,
            main_pid=left[0] if left else None,
            steps=((signal.SIGTERM, 3.0), (signal.SIGKILL, 2.0)),
        )
        (self.sockets / SOCKET).unlink(missing_ok=True)

    async def ready(self) -> bool:
        """Whether it answers a PING with our password."""
        client = Valkey.connect(self.url)
        try:
            await client.ping()
        except EngineDown:
            return False
        finally:
            await client.close()
        return True

    @property
    def _configuration(self) -> Path:
        return self.folder / "valkey.conf"


def url_of(sockets: Path, password: str) -> str:
    """Where the application connects to a server with its socket in `sockets`, for valkey's client."""
    return f"unix://:{password}@{quote(str(sockets / SOCKET), safe='/')}?db=0"


def _quoted(path: Path) -> str:
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
