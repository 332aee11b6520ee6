"""`linnet moderation …`: policies of moderation, what another one would have changed, and how accounts stand."""

import click

from linnet.cli.moderation.policy import policy
from linnet.cli.moderation.replay import replay
from linnet.cli.moderation.standing import standing


@click.group()
def moderation() -> None:
    """Write, try and activate policies, replay one on what was decided, and see how accounts stand."""


for command in (policy, replay, standing):
    moderation.add_command(command)
