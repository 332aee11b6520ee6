"""`linnet scheduler`."""

import click

from linnet.cli.elsewhere import settings_with_engines
from linnet.roles import scheduler as role


@click.command()
def scheduler() -> None:
    """Run one process that keeps the clock, on engines that run elsewhere. Of several, one leads.

    \b
    Example:
      LINNET_DATABASE_URL=postgresql://… LINNET_VALKEY_URL=valkey://… linnet scheduler
    """
    role.run(settings_with_engines())
