"""`linnet streaming`."""

import socket

import click

from linnet.cli.elsewhere import settings_with_engines
from linnet.roles import streaming as role


@click.command()
@click.option("--handed-fd", type=int, help="Take connections from this inherited socket instead of listening.")
def streaming(handed_fd: int | None) -> None:
    """Run one process that streams (WebSocket and server-sent events), on engines that run elsewhere.

    \b
    Example:
      LINNET_DATABASE_URL=postgresql://… LINNET_VALKEY_URL=valkey://… LINNET_PORT=4000 linnet streaming
    """
    role.run(settings_with_engines(), None if handed_fd is None else socket.socket(fileno=handed_fd))
