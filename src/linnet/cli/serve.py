"""`linnet serve`."""

import click

from linnet.environment import load
from linnet.roles import everything


@click.command()
def serve() -> None:
    """Run everything in one place: engines, API, worker, scheduler.

    Without LINNET_DATABASE_URL and LINNET_VALKEY_URL it runs PostgreSQL and Valkey of its own in the data folder
    (LINNET_DATA_DIR). It brings the schema up to date first, starts again whatever dies, and stops in order on Ctrl-C
    or SIGTERM.

    \b
    Example:
      LINNET_PORT=8080 LINNET_DATA_DIR=/var/lib/linnet linnet serve
    """
    everything.run(load())
