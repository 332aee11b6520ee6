"""docs/security.md goes through the whole list, and what it names is there."""

import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
PLACES = (ROOT, ROOT / "src" / "linnet")
TOP = {"tests", "bench", "docs", "api", "features", "mastodon", "platform", "roles", "push", "cli"}
LAST = {
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4,
    "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2,
    "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1,
}  # fmt: skip
"""The last line of levels 1 and 2 in each section of ASVS 5.0.0; within a section they come before those of level 3."""
VERDICTS = ("**met**", "**partly**", "**not met**", "**does not apply**")


def test_every_line_of_level_two_is_answered_once() -> None:
    page, _, _ = PAGE.partition("Version 4.0.3 has besides")
    answered = re.findall(r"^\| (\d\.\d+\.\d+)(?: ³)? \|", page.replace("| 5.0.0 |", ""), re.MULTILINE)
    demanded = {f"{section}.{n}" for section, last in LAST.items() for n in range(1, last + 1)}
    assert sorted(demanded - set(answered)) == []
    assert len(answered) == len(set(answered))


def test_every_line_has_a_verdict() -> None:
    rows = re.findall(r"^\| [0-9][^|]*\|.*\| ([^|]*) \|$", PAGE, re.MULTILINE)
    assert len(rows) > 60
    assert {row for row in rows if not row.startswith(VERDICTS)} == {"Where"}


def test_what_it_names_exists() -> None:
    missing: list[str] = []
    path = ""
    for name in re.findall(r"`([^`\n]+)`", PAGE):
        file, _, test = name.partition("::")
        if file:
            if file.partition("/")[0] not in TOP or " " in file:
                continue
            path = file
            missing += [name] if not any((place / file).exists() for place in PLACES) else []
        if test and test not in names_in(path):
            missing.append(f"{path}::{test}")
    assert missing == []


@cache
def names_in(path: str) -> frozenset[str]:
    """The names of a file's tests."""
    file = ROOT / path
    return frozenset(re.findall(r"def (test_\w+)", file.read_text(encoding="utf-8")) if file.is_file() else [])
