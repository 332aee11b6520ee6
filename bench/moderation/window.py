"""What the window of near-duplicates costs when it is full: `python -m bench.moderation.window --data DIR`.

A Valkey of its own is filled with posts of which none is like another; then come those of `neardup_stream`, in their
order, in batches as they come together in a process. CPU is this process's and Valkey's, a post; signatures, which
every post has made of it, are counted for themselves.
"""

import argparse
import asyncio
import random
import subprocess
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import uvloop

from bench.moderation.__main__ import heading
from bench.moderation.measures import count
from bench.moderation.tables import rows
from linnet.features.moderation.alike.models import AlikeRules, Joined, Seen, Sighting
from linnet.features.moderation.alike.window import Window
from linnet.features.moderation.detectors.duplicates import ALIKE_AMONG_ALL, BANDS, HASHES, signature
from linnet.features.moderation.detectors.normal import fold
from linnet.features.moderation.models import Signature
from linnet.platform.embedded_programs import Programs
from linnet.platform.valkey import Valkey

BATCHES: Final = (1, 10, 50, 100)
APART: Final = 6 << 16
"""How far apart the ids of two posts are: 10,000 a minute."""

STARTED_S: Final = 10.0
START_TRY_S: Final = 0.1


def main() -> None:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.moderation.window", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of the sets")
    parser.add_argument("--posts", type=int, default=1_000_000, help="posts in the window before (default: 1000000)")
    arguments = parser.parse_args()
    print(heading(arguments.data))
    uvloop.run(_run(arguments.data, arguments.posts))


async def _run(data: Path, number: int) -> None:
    with tempfile.TemporaryDirectory(prefix="linnet-window-") as folder:
        socket = str(Path(folder, "valkey.sock"))
        server = subprocess.Popen(  # noqa: ASYNC220, S603 -- nobody else waits; our own program
            [str(Programs.installed().valkey), "--port", "0", "--unixsocket", socket, "--save", ""],
            stdout=subprocess.DEVNULL,
        )
        try:
            await _measure(await _connected(socket), data, number)
        finally:
            server.terminate()
            server.wait()


async def _connected(socket: str) -> Valkey:
    ends = time.monotonic() + STARTED_S
    while not Path(socket).exists() and time.monotonic() < ends:  # noqa: ASYNC110, ASYNC240 -- nobody else waits
        await asyncio.sleep(START_TRY_S)
    valkey = Valkey.connect(f"unix://{socket}")
    await valkey.ping()
    return valkey


async def _measure(valkey: Valkey, data: Path, number: int) -> None:
    window = Window(valkey, AlikeRules(posts=number, hours=24 * 7))
    chance, first = random.Random(5), (int(time.time() * 1000) << 16) - number * APART
    empty = int((await valkey.told_of_itself())["used_memory"])

    def others(start: int, size: int) -> list[Seen]:
        return [
            Seen(
                Sighting(first + place * APART, chance.getrandbits(62), letters=60),
                Signature(chance.randbytes(HASHES), tuple(chance.getrandbits(32) for _ in range(BANDS))),
            )
            for place in range(start, start + size)
        ]

    for start in range(0, number, 100):
        await window.look(others(start, 100), datetime.now(UTC))
    held = int((await valkey.told_of_itself())["used_memory"]) - empty
    print(f"{number:,} posts take {held / number:.0f} bytes each of Valkey's memory, {held / 2**20:.0f} MiB.\n")
    print(
        "| posts | together | µs here | µs in Valkey | alike: precision | recall | F1 |\n|---|---|---|---|---|---|---|"
    )
    for size in BATCHES:
        batches = [others(number, size) for _ in range(max(1, 5_000 // size))]
        await _line(valkey, window, f"like no other, {number:,} before", size, batches, [])
    for stream in ("tweets_2009_10", "youtube_unlabelled"):
        found = sorted((row for row in rows(data, "neardup_stream") if row["stream"] == stream), key=lambda r: r["seq"])
        began = time.process_time()
        signatures = [signature(fold(row["text"])) for row in found]
        print(f"| signatures of {stream} | | {(time.process_time() - began) / len(found) * 1e6:.0f} | 0 | | | |")
        base = first + (number + 10_000) * APART
        posts = [
            Seen(Sighting(base + place * APART, place + 1, letters=60), one) for place, one in enumerate(signatures)
        ]
        batches = [posts[start : start + 50] for start in range(0, len(posts), 50)]
        await _line(valkey, window, stream, 50, batches, [row["label"] for row in found])


async def _line(
    valkey: Valkey, window: Window, name: str, size: int, batches: Sequence[Sequence[Seen]], labels: Sequence[int]
) -> None:
    answers: list[Joined | None] = []
    own, theirs = time.process_time(), await _cpu(valkey)
    for batch in batches:
        answers += await window.look(batch, datetime.now(UTC))
    own, theirs = time.process_time() - own, await _cpu(valkey) - theirs
    right = ""
    if labels:
        decided = [(one, label) for one, label in zip(answers, labels, strict=True) if label >= 0]
        alike = [one is not None and one.likeness >= ALIKE_AMONG_ALL for one, _ in decided]
        counts = count(alike, [label for _, label in decided])
        right = f"{counts.precision:.4f} | {counts.recall:.4f} | {counts.f1:.4f}"
    spent = f"{own / len(answers) * 1e6:.0f} | {theirs / len(answers) * 1e6:.0f}"
    print(f"| {name} | {size} | {spent} | {right or ' | | '} |", flush=True)


async def _cpu(valkey: Valkey) -> float:
    told: dict[str, Any] = await valkey.told_of_itself()
    return float(told["used_cpu_user"]) + float(told["used_cpu_sys"])


if __name__ == "__main__":
    main()
