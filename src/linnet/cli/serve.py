"""`linnet serve`, and each role as a process of its own: `api`, `worker`, `scheduler`."""

import socket

import click

from linnet.roles import api as api_role
from linnet.roles import everything
from linnet.roles import scheduler as scheduler_role
from linnet.roles import worker as worker_role
from linnet.settings import BadSetting, Settings, load


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


@click.command()
@click.option("--fd", type=int, help="Listen on this inherited socket instead of LINNET_HOST and LINNET_PORT.")
def api(fd: int | None) -> None:
    """Run one process that answers HTTP, on engines that run elsewhere.

    \b
    Example:
      LINNET_DATABASE_URL=postgresql://… LINNET_VALKEY_URL=valkey://… linnet api
    """
    api_role.run(_with_engines(), None if fd is None else socket.socket(fileno=fd))


@click.command()
@click.option("--queue", "queues", multiple=True, help="Run only jobs of this queue; may be given several times.")
def worker(queues: tuple[str, ...]) -> None:
    """Run one process that does later work, on engines that run elsewhere. Start as many as you want.

    \b
    Example:
      linnet worker --queue fanout --queue default
    """
    worker_role.run(_with_engines(), queues or None)


@click.command()
def scheduler() -> None:
    """Run one process that keeps the clock, on engines that run elsewhere. Of several, one leads.

    \b
    Example:
      LINNET_DATABASE_URL=postgresql://… LINNET_VALKEY_URL=valkey://… linnet scheduler
    """
    scheduler_role.run(_with_engines())


def _with_engines() -> Settings:
    settings = load()
    for name in ("database_url", "valkey_url"):
        if not getattr(settings, name):
            raise BadSetting(
                f"LINNET_{name.upper()} is not set. A process of its own needs engines that run elsewhere; "
                "`linnet serve` brings its own."
            )
    return settings
