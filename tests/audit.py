"""Looks up every locked dependency in the public list of known vulnerabilities (PyPI's, by pip-audit): `make check`.

Fails on a finding that is not accepted below. Where the list cannot be reached, as in a build without a network, it
says so and fails nothing: what was not checked is named, never taken for clean.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final

LOCK: Final = "requirements.lock"
TIMEOUT_S: Final = 120
ACCEPTED: Final[Mapping[str, str]] = {}
"""Findings that do not concern us, by id, each with the reason."""

Dependency = Mapping[str, Any]
"""As pip-audit tells of one: `name`, `version` and `vulns`, or `name` and `skip_reason`."""


def main() -> int:
    """Look up the lock file, and say what was found; 1 when that is anything that must be done."""
    dependencies, trouble = look_up()
    lines, urgent = verdict(dependencies, trouble, ACCEPTED)
    sys.stdout.writelines(f"audit: {line}\n" for line in lines)
    return int(urgent)


def look_up() -> tuple[Sequence[Dependency], str]:
    """What pip-audit says of each dependency, and what kept it from saying anything."""
    command = [sys.executable, "-m", "pip_audit", "-r", LOCK, "--no-deps", "--disable-pip"]
    options = ["--format", "json", "--progress-spinner", "off", "--timeout", "10"]
    try:
        done = subprocess.run([*command, *options], capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired:
        return [], f"no answer within {TIMEOUT_S} s"
    try:
        return json.loads(done.stdout)["dependencies"], ""
    except ValueError:
        return [], (done.stderr.strip().splitlines() or ["pip-audit said nothing"])[-1][:160]


def verdict(
    dependencies: Sequence[Dependency], trouble: str, accepted: Mapping[str, str]
) -> tuple[Sequence[str], bool]:
    """What is to be said of these dependencies, and whether something must be done."""
    unknown = [one["name"] for one in dependencies if "vulns" not in one]
    checked = len(dependencies) - len(unknown)
    if not checked:
        reason = trouble or f"it knows none of the {len(unknown)} dependencies"
        return [f"NOT CHECKED: the list of known vulnerabilities could not be reached: {reason}"], False
    lines = list[str]()
    urgent = False
    findings = [(one, finding) for one in dependencies for finding in one.get("vulns", ())]
    for one, finding in findings:
        fixed = ", ".join(finding["fix_versions"]) or "no version yet"
        reason = accepted.get(finding["id"])
        urgent = urgent or reason is None
        told = "upgrade it" if reason is None else f"accepted: {reason}"
        lines.append(f"{one['name']} {one['version']} has {finding['id']}, fixed in {fixed}; {told}")
    if unknown:
        lines.append(f"not checked, because the list does not know them: {', '.join(unknown)}")
    return [*lines, f"{checked} dependencies looked up"], urgent


if __name__ == "__main__":
    sys.exit(main())
