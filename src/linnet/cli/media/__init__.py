"""`linnet media …`: what people uploaded, how much it takes, what goes, and what nobody may upload."""

import click

from linnet.cli.media.cleanup import cleanup
from linnet.cli.media.known_bad import known_bad
from linnet.cli.media.move import move
from linnet.cli.media.uploads import list_uploads, retry, show, usage


@click.group()
def media() -> None:
    """Look after what people upload: list, show, retry, usage, cleanup, move, and known pictures."""


for command in (list_uploads, show, retry, usage, cleanup, move, known_bad):
    media.add_command(command)
