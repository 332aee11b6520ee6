"""The lists of hosts: `pip install pymispwarninglists && python -m bench.moderation.training.hosts`."""

import gzip
from importlib import import_module
from pathlib import Path
from typing import Any, Final

TARGET: Final = Path(__file__).parents[3] / "src/linnet/features/moderation/detectors/hosts"
LISTS: Final = {
    "known": ("Top 10K most-used sites from Tranco", "List of known bank domains"),
    "shorteners": ("List of known URL Shorteners domains",),
    "dynamic": ("List of known dynamic DNS domains",),
}


def main() -> None:
    """Write each list anew."""
    module: Any = import_module("pymispwarninglists")
    warnings = {str(one.name): [str(name) for name in one.list] for one in module.WarningLists().warninglists.values()}
    for target, titles in LISTS.items():
        chosen = [names for title, names in warnings.items() if title.startswith(titles)]
        domains = sorted({name.strip(".*").lower() for names in chosen for name in names if name.isascii()})
        packed = gzip.compress("\n".join(domains).encode("ascii"), mtime=0)
        (TARGET / f"{target}.txt.gz").write_bytes(packed)
        print(target, len(domains), "domains,", len(packed), "bytes")


if __name__ == "__main__":
    main()
