"""What networks of ten thousand to half a billion accounts need, from measured unit costs: `python -m bench.capacity`.

Prints the tables. With `--write` it writes them into docs/scaling.md and docs/decisions/0014-strategy-and-capacity.md,
between the marks there, and draws docs/images/. `tests/bench/test_capacity.py` fails when the pages say anything else
than the committed `bench/units.json` does.
"""

import argparse
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from bench import plots, thresholds
from bench.capacity_tables import SHAPE, SIZES, STRATEGIES, tables
from bench.demand import PUSH_ONLY, need_of
from bench.shape import tail_of
from bench.units import DEFAULTS, Units

DOCS = Path(__file__).parents[1] / "docs"
PAGES = (DOCS / "scaling.md", DOCS / "decisions" / "0014-strategy-and-capacity.md")
IMAGES = DOCS / "images"


def main() -> None:
    """Print the tables, or write the pages."""
    parser = argparse.ArgumentParser(prog="python -m bench.capacity", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--units", type=Path, default=DEFAULTS, help="unit costs, as the bench writes them")
    parser.add_argument("--write", action="store_true", help="write the pages in docs/ and their plots")
    given = parser.parse_args()
    units = Units.load(given.units)
    parts = tables(units)
    if not given.write:
        print("\n\n".join(f"{name}\n\n{text}" for name, text in parts.items()))
        return
    for page in PAGES:
        page.write_text(filled(page.read_text(encoding="utf-8"), parts), encoding="utf-8")
    draw(units)


def filled(page: str, parts: Mapping[str, str]) -> str:
    """The page with each table between its marks, `<!-- table: name -->` and `<!-- end -->`."""

    def anew(found: re.Match[str]) -> str:
        return f"<!-- table: {found[1]} -->\n{parts[found[1]]}\n<!-- end -->"

    return re.sub(r"<!-- table: (\w+) -->\n.*?<!-- end -->", anew, page, flags=re.DOTALL)


def draw(units: Units) -> None:
    """The plots in docs/images/."""
    _draw_growth(units)
    _draw_strategy(units)


def _draw_growth(units: Units) -> None:
    """Cores by accounts, and how long the largest post occupies one worker, push-only and ours."""
    accounts = np.geomspace(1_000, 1_000_000_000, 25)
    series: dict[str, tuple[list[float], list[float]]] = {}
    for name, used in STRATEGIES.items():
        needs = [need_of(replace(SHAPE, accounts=round(at)), used, units) for at in accounts]
        largest_s = [need.work.largest * units.delivery_worker_us / 1e6 for need in needs]
        series[f"cores at the peak, {name}"] = (accounts.tolist(), [need.cores for need in needs])
        series[f"seconds of a worker for the largest post, {name}"] = (accounts.tolist(), largest_s)
    plots.lines(IMAGES / "scaling.png", series, x="accounts", y="cores, seconds")


def _draw_strategy(units: Units) -> None:
    """All cores, as a part of what pushing everything takes, by where pulling begins."""
    derived = thresholds.derive(SHAPE, units)
    curves: dict[str, tuple[list[float], list[float]]] = {}
    for size in SIZES[1:]:
        shape = replace(SHAPE, accounts=size)
        tail = tail_of(shape)
        pushing = need_of(shape, PUSH_ONLY, units, tail).cores
        parts = thresholds.sweep(shape, units, tail) / pushing
        curves[f"{size:,} accounts"] = (thresholds.SWEEP.tolist(), parts.tolist())
    prompt = f"{thresholds.PROMPT_S:.0f} s of half a worker"
    marks = {"readers' bound": derived.readers_followers, prompt: derived.prompt_followers}
    x, y = "followers from which on authors are pulled", "all cores, as a part of push only"
    plots.lines(IMAGES / "strategy.png", curves, x=x, y=y, marks=marks, flat=True)


if __name__ == "__main__":
    main()
