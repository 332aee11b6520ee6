"""What a policy does: `python -m bench.moderation.policy --data DIR [--policy FILE] [--limit N]`.

For ordinary posts, and for the labelled sets, the share of texts by measure: as posts and as answers to strangers, of
newcomers and of old members. Of ordinary posts at most one in a thousand may be held or rejected; if more are, the exit
code is 1.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.moderation.tables import rows
from linnet.features.moderation import engine, policy
from linnet.features.moderation.measures import Measure
from linnet.features.moderation.models import Context, Finding, Surface

ORDINARY = "tweets_general"
SETS = (ORDINARY, "spam", "abuse_en", "abuse_multi", "gibberish")
AUTHORS = {"newcomer": 0.67, "member": 0.8}
SURFACES = (Surface.POST, Surface.REPLY_TO_STRANGER)
SHARE_MAX = 0.001

Scanned = tuple[bool, list[Finding]]
"""Whether a text mentions somebody, and what was found in it."""


def main() -> None:
    """Parse, scan each text once, print."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.moderation.policy", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of the sets")
    parser.add_argument("--policy", type=Path, help="a policy in TOML (default: the one that Linnet comes with)")
    parser.add_argument("--limit", type=int, default=0, help="texts of each set at most (default: all)")
    parser.add_argument("--only", nargs="*", choices=SETS, default=SETS, help="sets to look at (default: all)")
    arguments = parser.parse_args()
    chosen = policy.read(arguments.policy.read_text()) if arguments.policy else policy.default()
    print("| set | label | author | as | texts | " + " | ".join(Measure) + " | held or rejected |")
    print("|---" * (6 + len(Measure)) + "|")
    worst = 0.0
    for name in arguments.only:
        for label, scanned in _scanned(arguments.data, name, arguments.limit):
            for author, reputation in AUTHORS.items():
                for surface in SURFACES:
                    counted = _counted(chosen, scanned, surface, reputation)
                    share = _print(name, label, author, surface, counted)
                    worst = max(worst, share if name == ORDINARY else 0.0)
    sys.exit(worst > SHARE_MAX)


def _scanned(data: Path, name: str, limit: int) -> Iterator[tuple[str, list[Scanned]]]:
    by_label: dict[str, list[Scanned]] = {}
    found = rows(data, name)
    for row in found[:: max(1, len(found) // limit)] if limit else found:
        text = str(row["text"])
        context = Context(aimed_at_person="@" in text, language=row.get("lang"))
        by_label.setdefault(str(row.get("label", "")), []).append(("@" in text, engine.scan(text, context)))
    yield from sorted(by_label.items())


def _counted(
    chosen: policy.Policy, scanned: Sequence[Scanned], surface: Surface, reputation: float
) -> Counter[Measure]:
    answers = surface is Surface.REPLY_TO_STRANGER
    return Counter(
        policy.decide(chosen, found, surface=surface, reputation=reputation, aimed=names or answers).measure
        for names, found in scanned
    )


def _print(name: str, label: str, author: str, surface: Surface, counted: Counter[Measure]) -> float:
    """Print a line; the share that is held or rejected."""
    texts = counted.total()
    stopped = sum(counted[one] for one in (Measure.HOLD, Measure.REJECT, Measure.LIMIT_ACCOUNT)) / texts
    shares = " | ".join(f"{counted[one] / texts:.3%}" for one in Measure)
    print(f"| {name} | {label} | {author} | {surface} | {texts} | {shares} | {stopped:.3%} |", flush=True)
    return stopped


if __name__ == "__main__":
    main()
