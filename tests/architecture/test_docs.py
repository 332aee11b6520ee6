"""Docs cannot rot: what is in the code is in the docs, and no more."""

from pathlib import Path

import pytest

from linnet.cli.reference import pages

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", sorted(pages()))
def test_the_reference_is_what_the_code_says(name: str) -> None:
    """When this fails: `linnet docs` writes the pages anew."""
    written = ROOT / "docs" / "reference" / name
    assert written.exists(), f"docs/reference/{name} is missing; run: linnet docs"
    assert written.read_text(encoding="utf-8") == pages()[name], f"docs/reference/{name} is not so; run: linnet docs"


def test_decisions_are_numbered_and_listed() -> None:
    decisions = sorted(p.name for p in (ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert decisions
    numbers = [name[:4] for name in decisions]  # with gaps, for those that are written side by side
    assert len(set(numbers)) == len(numbers)
    index = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    assert [name for name in decisions if name not in index] == []
