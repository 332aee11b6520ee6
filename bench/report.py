"""What a run of the bench leaves behind: a Markdown table, the figures as JSON, and plots, in a folder of its own."""

import os
import platform
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bench.measuring import Row, Run
from bench.stack import machine, processor

RESULTS = Path(__file__).parent / "results"
COLUMNS = "| what | /s | p50 ms | p99 ms | CPU ms each | goal | notes |\n|---|--:|--:|--:|--:|---|---|"


def folder(results: Path, part: str) -> Path:
    """`<date>-<machine>` in `results`, made if need be; with `part`, if only that was measured."""
    name = re.sub(r"[^a-z0-9]+", "-", processor().lower()).strip("-")
    made = results / f"{datetime.now(UTC):%Y-%m-%d}-{name}-{os.cpu_count()}-cores{part}"
    made.mkdir(parents=True, exist_ok=True)
    return made


def table(rows: Sequence[Row]) -> str:
    """The rows in Markdown."""
    return "\n".join([COLUMNS, *map(_line, rows)])


def described(run: Run) -> str:
    """On what and with what was measured, in Markdown."""
    options = run.options
    network = f"{run.network_words}; {options.posts:,} posts, " if run.network_words else ""
    texts = f"texts from {options.texts.name}" if options.texts else "made-up texts"
    return (
        f"{machine(os.cpu_count() or 1)}\n\n"
        f"{network}{texts}; pages of 20; {options.seconds:g} s a row, seed {options.seed}. "
        f"Load average before {run.load_before:.1f}, at the end {os.getloadavg()[0]:.1f}."
    )


def write(where: Path, run: Run, rows: Sequence[Row], plots: Sequence[Path]) -> Path:
    """Write `results.md` and `results.json`; where the first is."""
    page = where / "results.md"
    pictures = "".join(f"\n![{path.stem}]({path.name})\n" for path in plots)
    page.write_text(f"# {where.name}\n\n{described(run)}\n\n{table(rows)}\n{pictures}", encoding="utf-8")
    figures = {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": processor(),
        "python": platform.python_version(),
        "rows": rows,
        "units": dict(sorted(run.units.items())),
    }
    plain = msgspec.json.format(msgspec.json.encode(figures, enc_hook=str), indent=1)
    (where / "results.json").write_bytes(plain + b"\n")
    return page


def _line(row: Row) -> str:
    shares = ", ".join(f"{kind} {ms:.3g}" for kind, ms in row.cpu_ms.items())
    cpu = f"{sum(row.cpu_ms.values()):.3g} ({shares})" if shares else ""
    verdict = "" if row.met is None else (" ✓" if row.met else " ✗")
    rate = "" if row.rate is None else f"{row.rate:,.0f}"
    return (
        f"| {row.what} | {rate} | {_ms(row.p50_ms)} | {_ms(row.p99_ms)} | {cpu} | {row.goal}{verdict} | {row.notes} |"
    )


def _ms(value: float | None) -> str:
    return "" if value is None else f"{value:,.1f}"
