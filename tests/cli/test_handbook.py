"""Pages for operators say what the code says, and every command helps whoever calls it."""

from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from linnet.cli import COMMANDS, root
from linnet.cli.handbook import handbook
from linnet.settings import LISTED, PREFIX

ROOT = Path(__file__).parents[2]


def commands(command: click.Command, path: str = "linnet") -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, with what one types to call it."""
    if not isinstance(command, click.Group):
        yield path, command
        return
    for name in command.list_commands(click.Context(command)):
        inner = command.get_command(click.Context(command), name)
        assert inner is not None
        yield from commands(inner, f"{path} {name}")


EVERY = dict(commands(root))


@pytest.mark.parametrize("name", ["settings.md", "cli.md"])
def test_the_page_is_what_the_code_says(name: str) -> None:
    """When this fails: `linnet docs` writes the pages anew."""
    assert isinstance(root, click.Group)
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == handbook(root)[name]


@pytest.mark.parametrize("path", EVERY)
def test_every_command_explains_itself_with_an_example_of_itself(path: str) -> None:
    explanation = EVERY[path].help or ""
    _, _, example = explanation.partition("Example:\n")
    assert path in example
    assert f"## {path}\n" in (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")


def test_every_command_of_the_table_is_there_under_its_name() -> None:
    for name in COMMANDS:
        command = root.get_command(click.Context(root), name)
        assert command is not None
        assert command.name == name


def test_every_setting_says_what_it_is() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for field in LISTED:
        (line,) = [line for line in page.splitlines() if line.startswith(f"| `{PREFIX}{field.name.upper()}`")]
        assert len(line.rstrip(" |").rpartition("|")[2].strip()) > 10


def test_the_lock_of_the_image_is_part_of_the_whole_lock() -> None:
    whole = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    server = (ROOT / "requirements-server.lock").read_text(encoding="utf-8")
    pinned = [line.split(" ")[0] for line in server.splitlines() if "==" in line]
    assert len(pinned) > 20
    assert [one for one in pinned if f"\n{one} " not in f"\n{whole}"] == []
    assert "pytest" not in server
    assert "http://" not in server + whole
    assert "https://" not in server + whole
