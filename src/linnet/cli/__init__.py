"""The `linnet` command: the way in for operators. Each command is loaded when it is called, so that `--help` is quick."""

import sys
from importlib import import_module
from typing import Final, NoReturn

import click

from linnet import __version__
from linnet.cli.exits import exit_code_of

COMMANDS: Final = {
    "serve": ("linnet.cli.serve:serve", "Run everything in one place: engines, API, worker, scheduler."),
    "api": ("linnet.cli.serve:api", "Run one process that answers HTTP."),
    "worker": ("linnet.cli.serve:worker", "Run one process that does later work, such as fan-out."),
    "scheduler": ("linnet.cli.serve:scheduler", "Run one process that keeps the clock."),
    "migrate": ("linnet.cli.migrate:migrate", "Bring the database's schema up to date."),
}
"""Name → where it is and what it does in one line, in the order of `--help`."""


class Commands(click.Group):
    """A group that imports a command's module only when that command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        """Every command's name, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of this name, or None."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command = getattr(import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Names and sentences out of the table, without importing what they are about."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Settings come from the environment as LINNET_…; `linnet settings` lists them. Exit codes: 0 done; 1 it could "
    "not be done; 2 the command line or a setting is wrong; 3 an engine cannot be started or does not answer.",
)
@click.version_option(__version__, prog_name="linnet")
def root() -> None:
    """Linnet, a social network server.

    `linnet serve` is all it takes to start one. Every command has a --help of its own.
    """


def main() -> NoReturn:
    """Run the command line of this process; whatever a person can act on becomes one sentence on stderr."""
    try:
        code = root.main(prog_name="linnet", standalone_mode=False)
    except (Exception, KeyboardInterrupt) as error:
        sys.exit(exit_code_of(error))
    sys.exit(code if isinstance(code, int) else 0)
