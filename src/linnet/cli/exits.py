"""Exit codes, and the sentence on stderr that goes with each."""

import os
import sys
from typing import Final

import click

from linnet.platform.errors import EngineDown, ProductError
from linnet.platform.processes import CannotStart
from linnet.settings import BadSetting

FAILED: Final = 1
"""It could not be done, for a reason that the sentence on stderr gives."""

WRONG_USAGE: Final = 2
"""The command line or a setting is wrong."""

ENGINES: Final = 3
"""PostgreSQL or Valkey cannot be started or does not answer."""

INTERRUPTED: Final = 130
"""Ctrl-C, as shells count it."""


def exit_code_of(error: BaseException) -> int:
    """Say on stderr what went wrong; the code to exit with. Raises `error` again when it is a bug of ours."""
    match error:
        case click.ClickException():
            error.show()
            return error.exit_code
        case click.Abort() | KeyboardInterrupt():
            click.echo("Stopped.", err=True)
            return INTERRUPTED
        case BrokenPipeError():  # `linnet jobs list | head`: whoever read has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        case ProductError():
            engine = _ENGINE_NAMES.get(error.engine, error.engine) if isinstance(error, EngineDown) else ""
            sentence = f"{engine} does not answer. `linnet doctor` finds out why." if engine else error.message
            click.echo(f"{click.style('Error:', fg='red', bold=True)} {sentence}", err=True)
            return next(code for kind, code in _CODES.items() if isinstance(error, kind))
        case _:
            raise error


_CODES: Final[dict[type[ProductError], int]] = {
    EngineDown: ENGINES,
    CannotStart: ENGINES,
    BadSetting: WRONG_USAGE,
    ProductError: FAILED,
}
_ENGINE_NAMES: Final = {"postgresql": "PostgreSQL", "valkey": "Valkey"}
