"""Pictures on one core, Linnet beside Pillow doing the same work: `python -m bench.media`.

Both make the same variants, placeholder and likeness of the same photos of 12 megapixels, in turns, in processes of
their own. Prints Markdown and writes it into bench/results/<date>-<machine>-media/.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Final

import msgspec

from bench import report
from bench.media.photos import write_photos
from bench.media.wanted import Wanted
from bench.media.worker import LINNET, PILLOW, Cost
from bench.stack import processor
from linnet.features.media.processing.pictures import likeness, making, writing

TURNS: Final = 3
_MIB: Final = 1 << 20
_WANTED: Final = Wanted(
    large_pixels=making.LARGE_PIXELS_MAX,
    widths=making.WIDTHS,
    small_side=making.SMALL_SIDE,
    placeholder_side=likeness.PLACEHOLDER_SIDE,
    jpeg_quality=writing.JPEG_QUALITY,
    webp_quality=writing.WEBP_QUALITY,
    webp_effort=writing.WEBP_EFFORT,
)
_HEAD: Final = """\
| photo | | pictures/s | CPU ms each | peak MiB | above idle MiB | files KiB |
|---|---|--:|--:|--:|--:|--:|"""


@dataclass(frozen=True)
class Measured:
    """One program on one photo."""

    cpu_s: float
    peak_mib: float
    above_mib: float
    files_kib: float


def main() -> None:
    """Make the photos, measure, print and write the results."""
    parser = argparse.ArgumentParser(prog="python -m bench.media", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=8, help="pictures of each turn")
    parser.add_argument("--results", type=Path, default=report.RESULTS, help="folder of results")
    chosen = parser.parse_args()
    lines = [_HEAD]
    ratios: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for name, photo in write_photos(Path(folder)).items():
            ours, theirs = _side_by_side(photo, chosen.rounds)
            lines += [_row(name, "Linnet", ours), _row("", "Pillow", theirs)]
            ratios.append(
                f"- {name}: {theirs.cpu_s / ours.cpu_s:.2f}x as many pictures, "
                f"{ours.peak_mib / theirs.peak_mib:.2f} of the peak, {ours.above_mib / theirs.above_mib:.2f} above idle"
            )
    page = f"# Pictures on one core\n\n{_described(chosen.rounds)}\n\n{_joined(lines)}\n\n{_joined(ratios)}\n"
    sys.stdout.write(page)
    (report.folder(chosen.results, "-media") / "results.md").write_text(page, encoding="utf-8")


def _side_by_side(photo: Path, rounds: int) -> tuple[Measured, Measured]:
    """Linnet and Pillow in turns, so that what else the machine does hits both; the median of all rounds."""
    costs = [(_run(LINNET, photo, rounds), _run(PILLOW, photo, rounds)) for _ in range(TURNS)]
    return _measured([ours for ours, _ in costs]), _measured([theirs for _, theirs in costs])


def _run(program: str, photo: Path, rounds: int) -> Cost:
    argv = [sys.executable, "-m", "bench.media.worker", program, str(photo), str(rounds)]
    ended = subprocess.run(  # noqa: S603 -- ourselves
        [*argv, msgspec.json.encode(_WANTED).decode()],
        check=True,
        stdout=subprocess.PIPE,
        env={**os.environ, "VIPS_CONCURRENCY": "1", "MALLOC_ARENA_MAX": "1"},
    )
    return msgspec.json.decode(ended.stdout, type=Cost)


def _measured(costs: Sequence[Cost]) -> Measured:
    return Measured(
        median(seconds for cost in costs for seconds in cost.cpu_s),
        max(cost.peak_bytes for cost in costs) / _MIB,
        max(cost.peak_bytes - cost.idle_bytes for cost in costs) / _MIB,
        costs[0].files_bytes / 1024,
    )


def _row(photo: str, program: str, one: Measured) -> str:
    return (
        f"| {photo} | {program} | {1 / one.cpu_s:.1f} | {one.cpu_s * 1000:.0f} | {one.peak_mib:.0f} "
        f"| {one.above_mib:.0f} | {one.files_kib:.0f} |"
    )


def _described(rounds: int) -> str:
    return (
        f"`python -m bench.media`, {datetime.now(UTC):%Y-%m-%d}, {processor()}, one core of {os.cpu_count()}. A JPEG "
        "of 12 megapixels becomes one of 8.3 and three smaller, those as WebP too, a BlurHash and a dHash. CPU is "
        f"processor, the median of {TURNS} turns of {rounds} pictures; idle is the process before its first picture."
    )


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(lines)


if __name__ == "__main__":
    main()
