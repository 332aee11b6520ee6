"""The page that says of each method of Mastodon's client API whether it is answered as documented, or why not."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from exchange import Operation
from specification import Specification

from linnet.api.endpoint import Endpoint

REASONS = Path(__file__).parent / "reasons.toml"
"""Why a method is not answered, by the beginning of its path; the longest that fits."""

_PARAMETER = re.compile(r"{[^}]*}")


def page(specification: Specification, verdicts: Mapping[Operation, str], table: Sequence[Endpoint]) -> str:
    """Markdown: a table for each area of the document, and one of what only Linnet has."""
    lines = [
        "# Mastodon's methods",
        "",
        f"Of Mastodon {specification.version}'s OpenAPI document, and the admin API of its documentation, which that",
        "document leaves out, what Linnet answers. *pass*: a story asked for it on a real server, and every answer, of",
        "writes and of errors too, validated. Made by",
        "`tests/conformance/validate_openapi.py mastodon-openapi.json --write docs/mastodon-methods.md`",
        f"on {datetime.now(UTC):%Y-%m-%d}.",
        "",
    ]
    listed = sorted(specification.operations(), key=lambda one: one[2])
    told = {(method, path): _verdict(method, path, verdicts) for method, path, _ in listed}
    passed = sum(verdict == "pass" for verdict in told.values())
    lines += [f"**{passed} of {len(told)} pass.**", ""]
    for area, methods in groupby(listed, key=lambda one: one[2]):
        lines += [f"## {area}", "", "| method | path | |", "|---|---|---|"]
        lines += [f"| {method} | `{path}` | {told[method, path]} |" for method, path, _ in methods]
        lines.append("")
    own = sorted((one.path, one.method) for one in table if (one.method, one.shape) not in specification)
    lines += ["## Only Linnet's, or not in that document", "", "| method | path |", "|---|---|"]
    lines += [f"| {method} | `{path}` |" for path, method in own]
    return "\n".join(lines) + "\n"


def _verdict(method: str, path: str, verdicts: Mapping[Operation, str]) -> str:
    verdict = verdicts.get((method, _PARAMETER.sub("{}", path)))
    if verdict is None:
        return _reason(path)
    return "pass" if verdict == "ok" else verdict.lower()


def _reason(path: str) -> str:
    reasons: dict[str, str] = tomllib.loads(REASONS.read_text(encoding="utf-8"))
    fitting = [begins for begins in reasons if path.startswith(begins)]
    return reasons[max(fitting, key=len)] if fitting else "MISSING, and nobody said why"
