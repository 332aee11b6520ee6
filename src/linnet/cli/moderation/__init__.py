"""`linnet moderation …`: how accounts stand, and what is decided about what they write."""

import click

from linnet.cli.moderation.standing import standing


@click.group()
def moderation() -> None:
    """See how accounts stand, and why."""


for command in (standing,):
    moderation.add_command(command)
