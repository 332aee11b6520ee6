"""The `linnet` command: the way in for operators. Each command is loaded when it is called, for a quick `--help`."""

import sys
from importlib import import_module
from typing import Final, NoReturn

import click

from linnet import __version__
from linnet.cli.exits import exit_code_of

COMMANDS: Final = {
    "serve": "Run everything in one place: engines, API, streaming, worker, scheduler.",
    "demo": "Fill an empty server with a small living network.",
    "doctor": "Find what is wrong with this server, and say what to do.",
    "account": "Create, list, approve, reject, lock, suspend and delete accounts; set roles and passwords.",
    "invite": "Make, list and take back invitations.",
    "mail-domains": "Refuse mail domains to new members.",
    "ip-block": "Shut networks out, or keep them from signing up.",
    "announcement": "Tell every member something, now or later.",
    "site-text": "Publish the server's texts: long description, privacy policy, terms of service.",
    "audit": "Read who did what for this server: the audit log.",
    "token": "Make tokens for scripts and bots.",
    "media": "Look after what people upload: list, show, retry, usage, cleanup, move, known pictures.",
    "mail": "Read letters that were not sent; try whether letters arrive.",
    "keys": "List, rotate and drop the secrets that sign access tokens.",
    "jobs": "Look at the queue of later work; retry or drop what failed for good.",
    "migrate": "Bring the database's schema up to date.",
    "settings": "List every setting with its value here.",
    "api": "Run one process that answers HTTP.",
    "streaming": "Run one process that streams what happens, over WebSocket and server-sent events.",
    "worker": "Run one process that does later work, such as fan-out.",
    "scheduler": "Run one process that keeps the clock.",
    "docs": "Write the pages that are made from the code.",
}
"""Each is a file here and an object in it; what it does in one line. In the order of `--help`."""


class Commands(click.Group):
    """A group that imports a command's module only when that command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        """Every command's name, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of this name, or None."""
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_")
        command = getattr(import_module(f"linnet.cli.{name}"), name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Names and sentences out of the table, without importing what they are about."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Settings come from the environment as LINNET_…; `linnet settings` lists them. Exit codes: 0 done; 1 it "
    "could not be done; 2 the command line or a setting is wrong; 3 an engine cannot be started or does not answer.",
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
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 -- it is raised again unless somebody can act on it
        sys.exit(exit_code_of(error))
    sys.exit(code if isinstance(code, int) else 0)
