"""`linnet worker`."""

import click

from linnet.cli.elsewhere import settings_with_engines
from linnet.reactions import JOBS
from linnet.roles import worker as role


@click.command()
@click.option(
    "--queue",
    "queues",
    multiple=True,
    type=click.Choice(sorted({job.queue for job in JOBS})),
    help="Run only jobs of this queue; may be given several times.",
)
def worker(queues: tuple[str, ...]) -> None:
    """Run one process that does later work, on engines that run elsewhere. Start as many as you want.

    \b
    Example:
      linnet worker --queue fanout --queue default
    """
    role.run(settings_with_engines(), queues or None)
