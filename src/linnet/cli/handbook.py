"""Pages for operators that are made from the code: every setting, every command."""

from collections.abc import Iterator, Sequence
from typing import Any

import click
from msgspec import inspect

from linnet.settings import LISTED, OTHER_NAMES, PREFIX

_KINDS = {
    inspect.BoolType: "on or off",
    inspect.IntType: "number",
    inspect.FloatType: "number",
    inspect.StrType: "text",
}

_SETTINGS = """\
# Settings

Made from `src/linnet/settings.py` and what it leans on by `linnet docs`; `linnet settings` shows those of a server.

Every setting is an environment variable; an empty one counts as not set. What is secret, such as an address with a
password in it, may come from a file instead: `LINNET_DATABASE_URL_FILE=/run/secrets/database`, and so for every other
name. A name that begins with `LINNET_` and is none of these is a warning in the log.

"""

_CLI = """\
# Commands

Made from the commands themselves by `linnet docs`. In a checkout `linnet` is `.venv/bin/linnet`.

Commands go by the same settings as the server. They work beside a running `linnet serve` on the same data folder, and
when nothing runs: then the folder's engines run for that one command. Results are on stdout, everything else on stderr.

| exit code | means |
| --- | --- |
| 0 | done |
| 1 | it could not be done; stderr says why |
| 2 | the command line or a setting is wrong |
| 3 | an engine cannot be started or does not answer |
| 130 | stopped by Ctrl-C |

"""


def handbook(root: click.Group) -> dict[str, str]:
    """File name in `docs/` → text."""
    return {"settings.md": _SETTINGS + _settings(), "cli.md": _CLI + "\n\n".join(_commands(root)) + "\n"}


def _settings() -> str:
    rows: list[Sequence[str]] = [("setting", "takes", "default", "meaning"), ("---",) * 4]
    for field in LISTED:
        names = f"`{PREFIX}{field.name.upper()}`"
        if other := OTHER_NAMES.get(field.name):
            names += f" or `{other}`"
        kind = inspect.type_info(field.type)
        described: dict[str, str] = getattr(kind, "extra_json_schema", None) or {}
        rows.append((names, _takes(kind), _default(field.default), described.get("description", "")))
    return (
        "\n".join(
            "| " + " | ".join(cell.replace("|", "\\|").replace("<", "&lt;") for cell in row) + " |" for row in rows
        )
        + "\n"
    )


def _takes(kind: inspect.Type) -> str:
    inner = kind.type if isinstance(kind, inspect.Metadata) else kind
    if isinstance(inner, inspect.LiteralType):
        return ", ".join(f"`{value}`" for value in inner.values)
    limits = (("from", "ge"), ("over", "gt"), ("to", "le"))
    found = [(word, getattr(inner, limit, None)) for word, limit in limits]
    kinds = (kind for kind_of, kind in _KINDS.items() if isinstance(inner, kind_of))
    return " ".join([next(kinds), *(f"{word} {bound:g}" for word, bound in found if bound is not None)])


def _default(value: Any) -> str:  # noqa: ANN401 -- a setting may be of any type
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"`{value}`" if value != "" else ""


def _commands(root: click.Group) -> Iterator[str]:
    context = click.Context(root, info_name="linnet", terminal_width=100, **root.context_settings)
    for name in root.list_commands(context):
        command = root.get_command(context, name)
        assert command is not None
        yield from _pages_of(command, click.Context(command, context, info_name=name, terminal_width=100))


def _pages_of(command: click.Command, context: click.Context) -> Iterator[str]:
    level = "##" if context.parent and context.parent.parent is None else "###"
    yield f"{level} {context.command_path}\n\n```text\n{command.get_help(context).strip()}\n```"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from _pages_of(inner, click.Context(inner, context, info_name=name, terminal_width=100))
