"""A program run on a stranger's file: bounded in time, memory and output, without a network, and never left behind."""

import asyncio
import ctypes
import os
import resource
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from linnet.platform.processes import CannotStart, at_birth

ERROR_LINES_MAX: Final = 60
"""Lines of what a program complains about that are kept: the last ones."""

LINE_BYTES_MAX: Final = 64 << 10
NICENESS: Final = 10
"""Films give way to people: the API and the engines are asked first by the kernel."""

OPEN_FILES_MAX: Final = 256
SHARED_BYTES: Final = 512 << 20
"""Addresses beyond a run's memory: of programs, libraries, and what the C library sets aside without using it."""

STACK_BYTES: Final = 1 << 20
"""Of each thread; ffmpeg has some twenty-five, and the usual 8 MiB of each would count as its memory."""

_OOM_SCORE: Final = b"800"
"""Whom the kernel ends first when memory runs out: this program, and not PostgreSQL."""

_LIBC: Final = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
_CLONE_NEWUSER: Final = 0x10000000
_CLONE_NEWNET: Final = 0x40000000


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one run may take; the kernel holds it to all but `wall_s`, which we do."""

    wall_s: float
    cpu_s: int
    """Seconds of all its threads together."""
    memory_bytes: int
    """That it may write to: what lies in memory is less. Programs and libraries come on top, which many share."""
    file_bytes: int
    """Largest file it may write."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: `code` as a shell has it, below zero for a signal."""

    code: int
    output: tuple[str, ...]
    """Its last lines of standard output, unless somebody else listened to them."""
    errors: tuple[str, ...]
    """The last lines it complained with."""
    late: bool = False
    """Whether it was ended because it took longer than `wall_s`."""

    @property
    def over_cpu(self) -> bool:
        """Whether it used up the processor time it was given."""
        return self.late or self.code == -signal.SIGXCPU

    @property
    def over_size(self) -> bool:
        """Whether a file it wrote became larger than allowed."""
        return self.code == -signal.SIGXFSZ or any("File too large" in line for line in self.errors)


async def run(
    argv: Sequence[str],
    bounds: Bounds,
    folder: Path,
    *,
    env: Mapping[str, str] | None = None,
    listen: Callable[[str], None] | None = None,
) -> Ended:
    """Run `argv` inside `folder` to its end; whoever cancels this kills it and all it started.

    It is a process group of its own, dies with this process, and sees neither our environment nor, where the kernel
    lets us, any network. `listen` gets each line of its standard output. Raises `CannotStart`.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *argv,
            cwd=folder,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "2", **(env or {})},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=LINE_BYTES_MAX,
            start_new_session=True,
            preexec_fn=_birth(bounds),
        )
    except (OSError, subprocess.SubprocessError) as error:
        msg = f"{argv[0]} could not be run: {error}."
        raise CannotStart(msg) from error
    output: deque[str] = deque(maxlen=ERROR_LINES_MAX)
    errors: deque[str] = deque(maxlen=ERROR_LINES_MAX)
    late = False
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        async with asyncio.timeout(bounds.wall_s):
            await asyncio.gather(
                _each_line(process.stdout, listen or output.append), _each_line(process.stderr, errors.append)
            )
            await process.wait()
    except TimeoutError:
        late = True
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # also what it left behind
        code = await asyncio.shield(process.wait())
    return Ended(code, tuple(output), tuple(errors), late)


async def _each_line(stream: asyncio.StreamReader, take: Callable[[str], object]) -> None:
    while True:
        try:
            line = await stream.readuntil(b"\n")
        except asyncio.IncompleteReadError as rest:
            if rest.partial:
                take(rest.partial.decode(errors="replace"))
            return
        except asyncio.LimitOverrunError as over:
            line = await stream.readexactly(max(over.consumed, 1))
        take(line.decode(errors="replace").rstrip("\n"))


def _birth(bounds: Bounds) -> Callable[[], None]:
    """What the child does before it becomes the program; all that it needs is made ready here, before the fork."""
    die_with_parent = at_birth(None, signal.SIGKILL)
    limits = (
        (resource.RLIMIT_CPU, bounds.cpu_s, bounds.cpu_s + 1),
        (resource.RLIMIT_DATA, bounds.memory_bytes, bounds.memory_bytes),
        (resource.RLIMIT_AS, bounds.memory_bytes + SHARED_BYTES, bounds.memory_bytes + SHARED_BYTES),
        (resource.RLIMIT_STACK, STACK_BYTES, STACK_BYTES),
        (resource.RLIMIT_FSIZE, bounds.file_bytes, bounds.file_bytes),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES_MAX, OPEN_FILES_MAX),
    )

    def birth() -> None:
        leave_network()
        die_with_parent()
        os.nice(NICENESS)
        with suppress(OSError):
            score = os.open("/proc/self/oom_score_adj", os.O_WRONLY)
            os.write(score, _OOM_SCORE)
            os.close(score)
        for what, soft, hard in limits:
            _, most = resource.getrlimit(what)
            bound = most if most != resource.RLIM_INFINITY else hard
            with suppress(ValueError, OSError):  # macOS knows those of memory and refuses them
                resource.setrlimit(what, (min(soft, bound), min(hard, bound)))

    return birth


def leave_network() -> None:
    """Enter a network of its own that has not even a loopback, where the kernel allows it to us.

    Where it does not, the programs' own rules (no protocol but files) stand alone.
    """
    if _LIBC is not None and _LIBC.unshare(_CLONE_NEWNET) != 0:
        _LIBC.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
