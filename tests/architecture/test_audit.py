"""The audit of dependencies fails on what must be done, and on nothing else."""

from audit import Dependency, verdict

CLEAN: Dependency = {"name": "kept", "version": "1.0", "vulns": []}
BROKEN: Dependency = {"name": "neglected", "version": "2.0", "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["2.1"]}]}
UNKNOWN: Dependency = {"name": "homemade", "skip_reason": "Dependency not found on PyPI"}


def test_a_known_vulnerability_fails_the_build_and_names_the_version_to_take() -> None:
    lines, urgent = verdict([CLEAN, BROKEN], "", {})
    assert urgent
    assert lines[0] == "neglected 2.0 has PYSEC-2026-1, fixed in 2.1; upgrade it"


def test_an_accepted_one_is_told_with_its_reason() -> None:
    lines, urgent = verdict([CLEAN, BROKEN], "", {"PYSEC-2026-1": "we do not call it"})
    assert not urgent
    assert "accepted: we do not call it" in lines[0]


def test_what_was_not_checked_is_said_and_never_taken_for_clean() -> None:
    for (line,), urgent in (verdict([], "no route to host", {}), verdict([UNKNOWN], "", {})):
        assert not urgent
        assert line.startswith("NOT CHECKED")
    lines, _ = verdict([CLEAN, UNKNOWN], "", {})
    assert "homemade" in lines[0]
    assert lines[-1] == "1 dependencies looked up"
