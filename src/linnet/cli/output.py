"""What commands print: tables for people, JSON for scripts; results on stdout, everything else on stderr."""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import click
import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
"""The option that every command has whose result a script may read."""


def print_json(value: object) -> None:
    """Print a value as indented JSON; a dataclass becomes an object, a moment ISO 8601."""
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def print_table(headings: Sequence[str], rows: Sequence[Sequence[object]], *, empty: str) -> None:
    """Print rows under headings, or the sentence `empty` when there are none. Numbers stand to the right."""
    if not rows:
        click.echo(empty)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for place, heading in enumerate(headings):
        numeric = all(isinstance(row[place], int | float) for row in rows)
        table.add_column(heading, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(_words(cell)) for cell in row))
    Console(soft_wrap=not _is_terminal()).print(table)


def plain(value: Any) -> dict[str, Any]:  # noqa: ANN401 -- any dataclass
    """A dataclass as a dict whose ids are strings, as everywhere in the API."""
    fields = asdict(value)
    return {name: str(field) if name.endswith("_id") else field for name, field in fields.items()}


def _is_terminal() -> bool:
    return sys.stdout.isatty()


def _words(cell: object) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else ""
        case datetime():
            return f"{cell:%Y-%m-%d %H:%M}"
        case float():
            return f"{cell:.1f}"
        case _:
            return str(cell)
