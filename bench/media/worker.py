"""A process that makes the same picture again and again: `python -m bench.media.worker PROGRAM PHOTO ROUNDS WANTED`.

Prints, as JSON, the CPU seconds of each round, and its memory before the first and at most.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import Final

import msgspec

from bench.media.wanted import Wanted

LINNET: Final = "linnet"
PILLOW: Final = "pillow"


class Cost(msgspec.Struct):
    """What the rounds took; memory in bytes."""

    cpu_s: list[float]
    idle_bytes: int
    peak_bytes: int
    files_bytes: int


def main() -> None:
    """Make the picture; the first round warms up and is not counted."""
    program, photo, rounds = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    wanted = msgspec.json.decode(sys.argv[4], type=Wanted)
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    make = _linnet() if program == LINNET else _pillow(wanted)
    idle = _peak()
    taken: list[float] = []
    written = 0
    for _ in range(rounds + 1):
        with tempfile.TemporaryDirectory() as folder:
            began = process_time()
            make(photo, Path(folder))
            taken.append(process_time() - began)
            written = sum(path.stat().st_size for path in Path(folder).iterdir())
    sys.stdout.buffer.write(msgspec.json.encode(Cost(taken[1:], idle, _peak(), written)))


def _linnet() -> Callable[[Path, Path], object]:
    from linnet.features.media.models import Purpose  # noqa: PLC0415 -- each program loads its own library only
    from linnet.features.media.processing.pictures import making  # noqa: PLC0415
    from linnet.features.media.processing.pictures.orders import Order  # noqa: PLC0415

    making.prepare()
    return lambda photo, folder: making.make(Order(str(photo), str(folder), Purpose.ATTACHMENT, 33_177_600))


def _pillow(wanted: Wanted) -> Callable[[Path, Path], object]:
    from bench.media import pillows  # noqa: PLC0415

    return lambda photo, folder: pillows.make(photo, folder, wanted)


def _peak() -> int:
    """The most that this process has ever had in memory; `getrusage` would count in what started it."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) * 1024


if __name__ == "__main__":
    main()
