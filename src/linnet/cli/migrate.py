"""`linnet migrate`."""

import asyncio

import click

from linnet.platform import migrations
from linnet.settings import load


@click.command()
@click.option("--phase", type=click.Choice(["pre", "post"]), help="Only migrations of this phase; otherwise all.")
def migrate(phase: migrations.Phase | None) -> None:
    """Bring the database's schema up to date.

    For an upgrade without a pause: `--phase pre` while the old version runs, then start the new one everywhere, then
    `--phase post`. `linnet serve` applies all of them by itself.

    \b
    Example:
      LINNET_DATABASE_URL=postgresql://… linnet migrate --phase pre
    """
    settings = load()
    applied = asyncio.run(migrations.migrate(settings.database_url, phase=phase, progress=click.echo))
    click.echo(f"Applied {len(applied)} migrations." if applied else "The schema is up to date.")
