"""`linnet migrate`."""

import asyncio
import json

import click

from linnet.cli.reach import urls_at_hand
from linnet.environment import load
from linnet.platform import migrations


@click.command()
@click.option("--phase", type=click.Choice(["pre", "post"]), help="Only migrations of this phase; otherwise all.")
@click.option("--json", "as_json", is_flag=True, help="Print the names of what was applied as a JSON list.")
def migrate(phase: migrations.Phase | None, *, as_json: bool) -> None:
    """Bring the database's schema up to date.

    For an upgrade without a pause: `--phase pre` while the old version runs, then start the new one everywhere, then
    `--phase post`. `linnet serve` applies all of them by itself. Several at a time wait for each other.

    \b
    Example:
      LINNET_DATABASE_URL=postgresql://… linnet migrate --phase pre
    """
    applied = asyncio.run(_migrate(phase))
    if as_json:
        click.echo(json.dumps(applied))
    else:
        click.echo(f"Migrations applied: {', '.join(applied)}." if applied else "The schema is up to date.")


async def _migrate(phase: migrations.Phase | None) -> list[str]:
    settings = load()
    if settings.database_url:  # Valkey may be away
        return await migrations.migrate(settings.database_url, phase=phase, progress=_say)
    async with urls_at_hand(settings) as reached:
        return await migrations.migrate(reached.settings.database_url, phase=phase, progress=_say)


def _say(name: str) -> None:
    click.echo(f"Applying {name}", err=True)
