"""`linnet api`."""

import socket

import click

from linnet.cli.elsewhere import settings_with_engines
from linnet.roles import api as role


@click.command()
@click.option("--fd", type=int, help="Listen on this inherited socket instead of LINNET_HOST and LINNET_PORT.")
@click.option("--streams-fd", type=int, help="Hand connections that ask for streams over to this inherited socket.")
def api(fd: int | None, streams_fd: int | None) -> None:
    """Run one process that answers HTTP, on engines that run elsewhere.

    \b
    Example:
      LINNET_DATABASE_URL=postgresql://… LINNET_VALKEY_URL=valkey://… linnet api
    """
    role.run(
        settings_with_engines(),
        None if fd is None else socket.socket(fileno=fd),
        None if streams_fd is None else socket.socket(fileno=streams_fd),
    )
