"""Processes as the system gives them: whom a child runs as, how it dies with its parent, who lives in a folder."""

import asyncio
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from linnet.platform.errors import ProductError

LOG_BYTES_MAX = 1 << 20
"""A child's log above this size is set aside as `….log.1` before the child is started again."""

TAIL_LINES = 6
PROBE_TIMEOUT_S = 10.0
LEFTOVER_POLL_S = 0.02
ORPHANS_GRACE_S = 0.5

_LINUX = sys.platform == "linux"
_LIBC = ctypes.CDLL(None, use_errno=True) if _LINUX else None  # loaded before any fork: a forked child must not dlopen
_PR_SET_PDEATHSIG = 1
_CLONE_NEWUSER = 0x10000000


class CannotStart(ProductError):
    """A server cannot be started as things are; the sentence says what to change."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a child runs as instead of its parent, which is root.

    `namespaced`: the child has its own user namespace. There it is `uid`; to the rest of the machine it is still its
    parent's uid, but without any privilege, so it can only reach what that uid owns.
    """

    uid: int
    gid: int
    namespaced: bool = False

    @property
    def file_owner(self) -> tuple[int, int]:
        """The uid and gid that files of this child have, as the parent sees them."""
        return (os.geteuid(), os.getegid()) if self.namespaced else (self.uid, self.gid)


def at_birth(identity: Identity | None, death_signal: signal.Signals, folder: Path | None = None) -> Callable[[], None]:
    """What a child does between fork and exec: become `identity`, ask for `death_signal`, enter `folder`.

    The kernel sends it `death_signal` when its parent dies.
    On Linux the death of the forking *thread* counts as the parent's, so fork from the main thread. Elsewhere the
    kernel has no such promise, and whoever starts next on the same folder ends what was left (`end_leftovers`).
    """
    parent = os.getpid()

    def birth() -> None:
        if identity is not None:
            _become(identity)
        if _LIBC is not None:  # after the change of user, which clears it
            _LIBC.prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
            if os.getppid() != parent:  # it died before we asked
                os.kill(os.getpid(), signal.SIGKILL)
        if folder is not None:
            os.chdir(folder)

    return birth


def _become(identity: Identity) -> None:
    if not identity.namespaced:
        os.setgroups([])
        os.setgid(identity.gid)
        os.setuid(identity.uid)
        return
    uid, gid = os.geteuid(), os.getegid()
    if _LIBC is None or _LIBC.unshare(_CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "no user namespace")
    for name, text in (
        ("setgroups", "deny"),
        ("gid_map", f"{identity.gid} {gid} 1"),
        ("uid_map", f"{identity.uid} {uid} 1"),
    ):
        fd = os.open(f"/proc/self/{name}", os.O_WRONLY)
        os.write(fd, text.encode())
        os.close(fd)


def can_run(argv: Sequence[str], identity: Identity, folder: Path) -> bool:
    """Whether this short command runs as `identity` from inside `folder`: tried, not guessed from modes."""
    try:
        subprocess.run(  # noqa: S603 -- one of our own engines
            argv,
            preexec_fn=at_birth(identity, signal.SIGKILL, folder),
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=PROBE_TIMEOUT_S,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return True


async def spawn(
    argv: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: Path | None = None,
    log: Path | None = None,
    identity: Identity | None = None,
    death_signal: signal.Signals = signal.SIGKILL,
    pass_fds: Sequence[int] = (),
) -> asyncio.subprocess.Process:
    """Start a child in its own session; without `log` it writes where its parent does. `CannotStart` when it cannot."""
    try:
        with ExitStack() as stack:
            output = None
            if log is not None:
                output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
                stack.callback(os.close, output)
            return await asyncio.create_subprocess_exec(
                *argv,
                env=env,
                cwd=cwd,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C in a terminal reaches the supervisor only
                preexec_fn=at_birth(identity, death_signal),
                pass_fds=tuple(pass_fds),
            )
    except (OSError, subprocess.SubprocessError) as error:
        msg = f"{argv[0]} could not be run: {error}."
        raise CannotStart(msg) from error


def set_aside(log: Path) -> None:
    """Keep a log bounded: rename one that has grown past `LOG_BYTES_MAX`, over the one renamed before."""
    with suppress(FileNotFoundError):
        if log.stat().st_size > LOG_BYTES_MAX:
            log.rename(log.with_name(log.name + ".1"))


def tail(log: Path | None, since: int = 0) -> str:
    """The last few lines of `log` written after byte `since`, in one line, for an error message."""
    if log is None or not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(max(since, file.seek(0, os.SEEK_END) - 4096))
        lines = file.read().decode(errors="replace").strip().splitlines()
    return " | ".join(line.strip() for line in lines[-TAIL_LINES:])


def living_in(folder: Path, program: str) -> list[int]:
    """Ids of the processes of `program` (an executable's file name) that have `folder` as their working folder.

    On Linux from /proc. Elsewhere from `ps`: those that name the folder in their command line.
    """
    return _from_proc(folder, program) if _LINUX else living_by_command(folder, program)


def _from_proc(folder: Path, program: str) -> list[int]:
    try:
        wanted = folder.stat()
    except FileNotFoundError:
        return []
    found: list[int] = []
    for process in Path("/proc").iterdir():
        if not process.name.isdigit():
            continue
        with suppress(OSError):  # gone meanwhile, a zombie, or somebody else's
            here = (process / "cwd").stat()
            if (here.st_dev, here.st_ino) == (wanted.st_dev, wanted.st_ino):
                executable = (process / "exe").readlink()
                if executable.name.removesuffix(" (deleted)") == program:
                    found.append(int(process.name))
    return found


def living_by_command(folder: Path, program: str) -> list[int]:
    """As `living_in`, for systems without /proc."""
    listing = subprocess.run(
        ["/bin/ps", "-axww", "-o", "pid=,command="], check=True, capture_output=True, text=True, timeout=PROBE_TIMEOUT_S
    )
    found: list[int] = []
    for line in listing.stdout.splitlines():
        pid, _, command = line.strip().partition(" ")
        if f"/{program} " in command and str(folder) in command and int(pid) != os.getpid():
            found.append(int(pid))
    return found


async def end_leftovers(
    folder: Path, program: str, *, main_pid: int | None, steps: Sequence[tuple[signal.Signals, float]]
) -> None:
    """Return when no process of `program` lives in `folder`; `CannotStart` when they outlive everything.

    `main_pid`, when it is one of them, gets each signal of `steps` and that many seconds to end with all its children.
    When it is not, its orphans get half a second and then SIGKILL: nothing leads them any more.
    """
    for number, seconds in steps:
        living = living_in(folder, program)
        if not living or main_pid not in living:
            break
        signal_all([main_pid], number)
        if await _gone(folder, program, seconds):
            return
    if await _gone(folder, program, ORPHANS_GRACE_S):
        return
    signal_all(living_in(folder, program), signal.SIGKILL)
    if not await _gone(folder, program, 5.0):
        pids = ", ".join(map(str, living_in(folder, program)))
        msg = f"{program} of an earlier start still runs in {folder} (process {pids}) and does not end. End it first."
        raise CannotStart(msg)


def signal_all(pids: Sequence[int], number: signal.Signals) -> None:
    """Send `number` to each that is still there."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


async def _gone(folder: Path, program: str, seconds: float) -> bool:
    deadline = asyncio.get_running_loop().time() + seconds
    while living_in(folder, program):
        if asyncio.get_running_loop().time() > deadline:
            return False
        await asyncio.sleep(LEFTOVER_POLL_S)
    return True
