"""`linnet moderation …`: what follows from what is found in texts, and what another policy would have changed."""

import click

from linnet.cli.moderation.policy import policy
from linnet.cli.moderation.replay import replay


@click.group()
def moderation() -> None:
    """Write, try and activate policies of moderation; replay one on what was decided."""


for command in (policy, replay):
    moderation.add_command(command)
