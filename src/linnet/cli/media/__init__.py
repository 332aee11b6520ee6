"""`linnet media …`: what people uploaded, how much it takes, and what nobody may upload."""

import click

from linnet.cli.media.known_bad import known_bad


@click.group()
def media() -> None:
    """Look after what people upload."""


media.add_command(known_bad)
