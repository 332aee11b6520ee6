"""The embedded engines that another process runs in a data folder: whether it does, and where they serve."""

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path

from linnet.platform import embedded_postgres, embedded_valkey
from linnet.platform.embedded_passwords import Passwords
from linnet.platform.processes import CannotStart


@dataclass(frozen=True, slots=True)
class RunningEngines:
    """Engines of somebody else, who may still be starting them or stop them at any moment."""

    holder: int
    """Process id of whoever has the data folder."""
    database_url: str
    valkey_url: str


def running_in(data_dir: Path) -> RunningEngines | None:
    """The engines that a process runs in `data_dir`; None when nobody has that folder.

    Raises `CannotStart` when this user may not reach them, or when they are being made for the first time.
    """
    folder = data_dir.absolute() / "engines"
    try:
        holder = _holder(folder / "lock")
        if holder is None:
            return None
        passwords = Passwords.read_from(folder)
        record = folder / "sockets.path"
        sockets = Path(record.read_text()) if record.exists() else folder / "sockets"
    except PermissionError as error:
        msg = (
            f"{error.filename} belongs to another user. Run this command as the user who runs Linnet there, or as root."
        )
        raise CannotStart(msg) from error
    except FileNotFoundError as error:
        msg = f"Linnet is just being started in {data_dir} for the first time. Try again in a few seconds."
        raise CannotStart(msg) from error
    return RunningEngines(
        holder=holder,
        database_url=embedded_postgres.url_of(sockets, passwords.linnet),
        valkey_url=embedded_valkey.url_of(sockets, passwords.valkey),
    )


def _holder(lock: Path) -> int | None:
    """Process id of whoever holds the lock, 0 if it is not known yet; None when nobody does or there is no file."""
    try:
        fd = os.open(lock, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return int(os.pread(fd, 32, 0) or b"0")
    else:
        return None
    finally:
        os.close(fd)
