"""Commands find the engines of a data folder, whether or not a server runs on it."""

import subprocess
import sys
import tempfile
from pathlib import Path

from cli.conftest import Linnet, plain_environment


def test_commands_work_without_a_server_and_beside_one(runner: "subprocess.Popen[str]") -> None:
    with tempfile.TemporaryDirectory(prefix="linnet-", dir="/tmp") as folder:
        Path(folder).chmod(0o711)  # run by root, the engines are somebody else, who must come through here
        linnet = Linnet(runner, {"LINNET_DATA_DIR": f"{folder}/data", "LINNET_PORT": "0", "LINNET_BCRYPT_COST": "4"})
        alone = linnet.run("account", "create", "ada", "--email", "ada@example.org", "--password", "pw-of-ada-1")
        assert "its engines run for this command only" in alone.stderr
        serving = subprocess.Popen(
            [sys.executable, "-m", "linnet", "serve"],
            env={**plain_environment(), **linnet.env, "LINNET_API_PROCESSES": "1"},
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert serving.stderr is not None
            assert any("all_children_ready" in line for line in serving.stderr)
            beside = linnet.run("account", "list")
            assert "ada@example.org" in beside.stdout
            assert "for this command only" not in beside.stderr
            assert "is in use by process" in linnet.error("serve", code=3)
        finally:
            serving.terminate()
            assert serving.wait(60) == 0
        assert list(Path(folder, "data", "engines", "sockets").iterdir()) == []


def test_the_command_of_the_installation_is_quick_to_help() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "linnet", "--help"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert "Usage: linnet" in done.stdout
    for heavy in ("linnet.roles", "linnet.reactions", "asyncpg", "uvicorn", "rich.table"):
        assert f" {heavy}\n" not in done.stderr, f"--help loads {heavy}"
