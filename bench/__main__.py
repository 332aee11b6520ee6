"""Linnet's speed on this machine, the whole server on one core and the load on another: `python -m bench`.

Prints one Markdown table and writes it, the figures and plots into bench/results/<date>-<machine>/.
"""

import argparse
import logging
import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import msgspec
import structlog
import uvloop

from bench import plots, report
from bench.measuring import Bench, Options, Row, Run
from bench.rows import cold, deliveries, files, growth, large, lists, memory, merging, posts, reads, streaming
from bench.server import serving
from bench.units import DEFAULTS, Units

ON_ONE_SERVER: dict[str, Callable[[Bench], Awaitable[list[Row]]]] = {
    "cold": cold.measure,
    "reads": reads.measure,
    "lists": lists.measure,
    "merging": merging.measure,
    "posts": posts.measure,
    "files": files.measure,
    "memory": memory.measure,
}
"""In the order in which they are run: the first reads first, memory when everything else has been done."""

ON_THEIR_OWN: dict[str, Callable[[Run], Awaitable[list[Row]]]] = {
    "deliveries": deliveries.measure,
    "large": large.measure,
    "growth": growth.measure,
    "streaming": streaming.measure,
}
NAMES = (*ON_ONE_SERVER, *ON_THEIR_OWN)
QUICK = ("cold", "reads", "lists", "posts", "files", "memory", "deliveries")
QUICK_OPTIONS = Options(
    people=1_500,
    readers=300,
    posts=4_000,
    seconds=2.0,
    follows_others=10,
    sizes=(1_000, 4_000),
    stars=(2_000, 12_000),
    sockets=500,
)


def main() -> None:
    """Parse what to measure, run it, print and write the results."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", help=f"rows, with commas: {', '.join(NAMES)}")
    parser.add_argument("--quick", action="store_true", help="a small network, short rows: a smoke, not a measurement")
    parser.add_argument("--save-units", action="store_true", help="make what was measured the capacity model's units")
    parser.add_argument("--results", type=Path, default=report.RESULTS, help="folder of results")
    parser.add_argument("--people", type=int, help="accounts")
    parser.add_argument("--readers", type=int, help="of these so many are measured")
    parser.add_argument("--follows", type=int, help="whom a reader follows, the median")
    parser.add_argument("--follows-others", type=int, help="the same for everybody else")
    parser.add_argument("--posts", help="how many, or a file of texts (one a line, gzip)")
    parser.add_argument(
        "--graph", type=Path, help="a file of edges (follower followed, gzip) instead of a made-up network"
    )
    parser.add_argument("--seconds", type=float, help="length of each measurement")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--sizes", type=_numbers, help="accounts of the networks of the growth row")
    parser.add_argument("--sockets", type=int, help="sockets that are open at once")
    parser.add_argument("--stars", type=_numbers, help="followers of the largest authors")
    given = parser.parse_args()
    wanted = given.only.split(",") if given.only else QUICK if given.quick else NAMES
    if unknown := [name for name in wanted if name not in NAMES]:
        parser.error(f"no such rows: {', '.join(unknown)}")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    part = ("-quick" if given.quick else "") + (f"-{given.only.replace(',', '-')}" if given.only else "")
    where = report.folder(given.results, part)
    uvloop.run(run(options_of(given), [name for name in NAMES if name in wanted], where, save=given.save_units))


def options_of(given: argparse.Namespace) -> Options:
    """What the command line says, and the defaults for the rest."""
    base = QUICK_OPTIONS if given.quick else Options()
    said: dict[str, Any] = {one.name: getattr(given, one.name, None) for one in fields(Options)}
    if given.posts and not given.posts.isdigit():
        said |= {"posts": None, "texts": Path(given.posts)}
    elif given.posts:
        said["posts"] = int(given.posts)
    cores = sorted(os.sched_getaffinity(0))
    values = {name: value for name, value in said.items() if value is not None}
    return replace(base, **values, cores=(cores[0], cores[-1]))


async def run(options: Options, wanted: Sequence[str], where: Path, *, save: bool) -> None:
    """Measure the wanted rows and leave the results in the folder `where`."""
    asked = Run(options=options)
    rows: list[Row] = []

    def tell(found: list[Row]) -> None:
        print(report.table(found).removeprefix(report.COLUMNS if rows else "").strip(), flush=True)
        rows.extend(found)

    if shared := [name for name in wanted if name in ON_ONE_SERVER]:
        async with serving(asked) as bench:
            asked.network_words = bench.network.words
            for name in shared:
                tell(await ON_ONE_SERVER[name](bench))
    for name in wanted:
        if name in ON_THEIR_OWN:
            tell(await ON_THEIR_OWN[name](asked))
    drawn: list[Path] = []
    if plots.measured_in_ms(rows):
        plots.cpu(where / "cpu.png", rows)
        drawn.append(where / "cpu.png")
    if asked.growth:
        plots.growth(where / "growth.png", asked.growth)
        drawn.append(where / "growth.png")
    page = report.write(where, asked, rows, drawn)
    if save:
        known = Units.load() if DEFAULTS.exists() else Units()
        msgspec.structs.replace(known, **asked.units).save()
    print(f"\n{report.described(asked)}\n\nWritten: {page}")


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


if __name__ == "__main__":
    main()
