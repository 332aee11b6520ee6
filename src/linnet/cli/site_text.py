"""`linnet site-text …`: the texts that are the server's word."""

from datetime import date, datetime
from pathlib import Path

import click

from linnet.cli.output import json_option, plain, print_json, print_table
from linnet.cli.reach import act
from linnet.features.accounts.permissions import OPERATOR
from linnet.features.announcements import texts
from linnet.features.announcements.models import SiteText, SiteTextName
from linnet.platform.engines import Engines

LISTED_MAX = 1_000

_NAME = click.Choice([name.replace("_", "-") for name in SiteTextName])
_DAY = click.DateTime(["%Y-%m-%d"])


@click.group("site-text")
def site_text() -> None:
    """Publish and list the server's texts: long description, privacy policy, terms of service."""


@site_text.command()
@click.argument("name", type=_NAME)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--on", "on", type=_DAY, help="The day from which on it holds. Without: today.")
def publish(name: str, file: Path, on: datetime | None) -> None:
    """Publish what is in FILE, in Markdown, as the server's text of this NAME.

    The wording that held before is kept, and can be read by its day. To publish again for the same day replaces it.

    \b
    Example:
      linnet site-text publish terms-of-service terms.md --on 2027-01-01
    """
    written = file.read_text(encoding="utf-8")

    async def work(engines: Engines) -> SiteText:
        return await texts.publish(engines, OPERATOR, _name(name), written, _day(on))

    click.echo(f"This {name} holds from {act(work).effective_on.isoformat()} on.")


@site_text.command()
@click.argument("name", type=_NAME)
@click.argument("on", type=_DAY)
def withdraw(name: str, on: datetime) -> None:
    """Remove the wording of NAME that holds from the day ON.

    \b
    Example:
      linnet site-text withdraw terms-of-service 2027-01-01
    """

    async def work(engines: Engines) -> None:
        await texts.withdraw(engines, OPERATOR, _name(name), on.date())

    act(work)
    click.echo(f"The {name} of {on.date().isoformat()} is gone.")


@site_text.command("list")
@json_option
def list_texts(*, as_json: bool) -> None:
    """List every wording of the server's texts, the last that comes into force first.

    \b
    Example:
      linnet site-text list
    """

    async def work(engines: Engines) -> list[SiteText]:
        return await texts.newest(engines, OPERATOR, LISTED_MAX)

    found = act(work)
    if as_json:
        print_json([plain(one) for one in found])
        return
    rows = [(one.name.replace("_", "-"), one.effective_on, one.succeeded_on, len(one.text)) for one in found]
    print_table(("name", "holds from", "until", "characters"), rows, empty="The server has no texts of its own.")


def _name(name: str) -> SiteTextName:
    return SiteTextName(name.replace("-", "_"))


def _day(on: datetime | None) -> date | None:
    return None if on is None else on.date()
