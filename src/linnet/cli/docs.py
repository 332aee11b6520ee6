"""`linnet docs`."""

from pathlib import Path

import click

from linnet.cli.handbook import handbook
from linnet.cli.reference import pages
from linnet.platform.errors import ProductError


@click.command()
@click.option("--folder", type=click.Path(path_type=Path), default=Path("docs"), show_default=True)
@click.pass_context
def docs(context: click.Context, folder: Path) -> None:
    """Write the pages anew that are made from the code: endpoints, events, jobs, settings, commands.

    For those who work on Linnet; run it in a checkout.

    \b
    Example:
      linnet docs
    """
    if not (folder / "reference").is_dir():
        raise ProductError(f"{folder.absolute()} is not the docs folder of a checkout of Linnet.")
    root = context.find_root().command
    assert isinstance(root, click.Group)
    texts = {**{f"reference/{name}": text for name, text in pages().items()}, **handbook(root)}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
        click.echo(f"Wrote {folder / name}")
