"""The real command in a process of its own, on real engines."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from linnet.platform.embedded import EmbeddedEngines

RUNNER = Path(__file__).with_name("runner.py")


def plain_environment() -> dict[str, str]:
    """This process's environment without any setting."""
    return {name: value for name, value in os.environ.items() if not name.startswith("LINNET_")}


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    stdout: str
    stderr: str


class Linnet:
    """`linnet` with these settings and no others."""

    def __init__(self, runner: "subprocess.Popen[str]", env: dict[str, str]) -> None:
        self.runner = runner
        self.env = env

    def run(self, *args: str, code: int = 0, **settings: str) -> Ran:
        """Run one command, which must exit with `code`, and never with a traceback."""
        assert self.runner.stdin is not None
        assert self.runner.stdout is not None
        env = {**plain_environment(), **self.env, **settings}
        self.runner.stdin.write(json.dumps({"args": args, "env": env}) + "\n")
        self.runner.stdin.flush()
        ran = Ran(**json.loads(self.runner.stdout.readline()))
        assert "Traceback" not in ran.stderr, ran.stderr
        assert ran.code == code, f"{args}: {ran}"
        return ran

    def json(self, *args: str) -> Any:
        """What a command prints with --json."""
        return json.loads(self.run(*args, "--json").stdout)

    def error(self, *args: str, code: int, **settings: str) -> str:
        """The last line on stderr of a command that fails."""
        return self.run(*args, code=code, **settings).stderr.strip().splitlines()[-1]


@pytest.fixture(scope="session")
def runner() -> "Iterator[subprocess.Popen[str]]":
    """The process that runs commands."""
    with subprocess.Popen(
        [sys.executable, str(RUNNER)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


@pytest.fixture(scope="session")
def linnet(
    runner: "subprocess.Popen[str]", servers: EmbeddedEngines, tmp_path_factory: pytest.TempPathFactory
) -> Linnet:
    """Commands on the engines of this test process."""
    return Linnet(
        runner,
        {
            "LINNET_DATABASE_URL": servers.database_url,
            "LINNET_VALKEY_URL": servers.valkey_url,
            "LINNET_DATA_DIR": str(tmp_path_factory.mktemp("data")),
            "LINNET_BCRYPT_COST": "4",
        },
    )
