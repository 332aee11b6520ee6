"""A data folder with an empty, migrated database: made once for each run of the tests, copied wherever one serves."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from linnet.platform.embedded import EmbeddedEngines
from linnet.platform.migrations import migrate

COPIED = ("passwords.json", "postgres")
ROOM_BYTES = 4 << 30
"""Room that a folder in memory must have; containers may have very little."""


def quick_place() -> str:
    """The folder for data folders: in memory if there is room, for a database is 1500 files and disks are slow."""
    memory = Path("/dev/shm")  # noqa: S108 -- only folders with random names are made there
    if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM_BYTES:
        return str(memory)
    return "/tmp"  # noqa: S108 -- as above; the path must be short, for it holds sockets


async def make_seed(shared: Path) -> Path:
    """The seed in `shared`, a folder of all test processes: the first that comes makes it, the others wait for it."""
    seed = shared / "seed"
    with (shared / "seed.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not seed.exists():
            with tempfile.TemporaryDirectory(prefix="linnet-", dir=quick_place()) as folder:
                Path(folder).chmod(0o711)  # noqa: ASYNC240 -- run by root, the engines are somebody else, who comes through here
                async with EmbeddedEngines(Path(folder), durable=False) as engines:
                    await migrate(engines.database_url)
                unfinished = shared / "seed.unfinished"
                _copy(Path(folder), unfinished)
                unfinished.rename(seed)
    return seed


def plant(seed: Path, data_dir: Path) -> None:
    """Make `data_dir` a data folder that engines have served from before, passable as they would have made it."""
    _copy(seed, data_dir)
    passable = 0o711 if os.geteuid() == 0 else 0o700
    for folder in (data_dir, data_dir / "engines"):
        folder.chmod(passable)


def _copy(source: Path, target: Path) -> None:
    (target / "engines").mkdir(parents=True)
    files = [str(source / "engines" / name) for name in COPIED]
    subprocess.run(["/bin/cp", "-Rp", *files, str(target / "engines")], check=True)
