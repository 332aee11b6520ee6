"""What moderation finds and what it costs: `python -m bench.moderation --data DIR [--limit N]`.

Prints one Markdown table. The libraries it compares with are in the dependency group `moderation`; those not installed
are left out with a sentence. Models are trained on the public halves of these sets, so figures on them say how well the
models fit; figures on data they have not seen come of `--data` with other files, or of the training scripts' own tests.
"""

import argparse
import platform
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from bench.moderation import sets
from bench.moderation.libraries import LIBRARIES, missing
from bench.moderation.rows import Line


def main() -> None:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m bench.moderation", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the sets")
    parser.add_argument("--only", nargs="*", choices=sorted(sets.SETS), help="sets to measure (default: all)")
    parser.add_argument("--limit", type=int, default=0, help="rows of each set at most (default: all)")
    arguments = parser.parse_args()
    if find_spec("polars") is None:
        parser.error(
            "the sets are Parquet files; first: .venv/bin/uv pip install -p .venv/bin/python --group moderation"
        )
    print(heading(arguments.data))
    print(Line.HEADING)
    for name, measure in sets.SETS.items():
        if arguments.only is None or name in arguments.only:
            for line in measure(arguments.data, arguments.limit):
                print(line.markdown(), flush=True)
    for name in LIBRARIES:
        if missing(name):
            print(f"\n{name} is not installed, and left out.")


def heading(data: Path) -> str:
    """Where and when."""
    cpu = next(
        (line.partition(":")[2].strip() for line in _cpu_lines() if line.startswith("model name")), "unknown CPU"
    )
    when = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    machine = f"{platform.node()} ({cpu}, one core, Python {platform.python_version()})"
    return f"Moderation on {machine}, {when}, data in {data}\n"


def _cpu_lines() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text().splitlines() if path.exists() else []


if __name__ == "__main__":
    main()
