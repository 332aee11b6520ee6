"""`linnet announcement …`: what everybody is told."""

from datetime import UTC, datetime
from typing import Any

import click

from linnet.cli.output import json_option, plain, print_json, print_table
from linnet.cli.reach import act
from linnet.features.accounts.permissions import OPERATOR
from linnet.features.announcements import actions, reads
from linnet.features.announcements.models import Announcement
from linnet.platform.engines import Engines

LISTED_MAX = 1_000
TEXT_SHOWN = 60


class Moment(click.ParamType[datetime]):
    """A date and time in ISO 8601; UTC where it says nothing else."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:  # noqa: ANN401 -- click's signature
        """The moment, in UTC."""
        try:
            moment = datetime.fromisoformat(value)
        except (ValueError, TypeError):
            self.fail(f"{value!r} is not a time such as 2026-12-24T18:00 or 2026-12-24T18:00+01:00", param, ctx)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


MOMENT = Moment()


@click.group()
def announcement() -> None:
    """Publish, schedule, list and take back announcements: what every member is told."""


def _span(command: Any) -> Any:  # noqa: ANN401 -- a decorator of click's
    for option in (
        click.option("--all-day", is_flag=True, help="It is about whole days: apps show no times."),
        click.option("--ends", type=MOMENT, help="When what it is about ends; it is shown until then."),
        click.option("--starts", type=MOMENT, help="When what it is about starts."),
    ):
        command = option(command)
    return command


@announcement.command()
@click.argument("text")
@_span
def publish(text: str, starts: datetime | None, ends: datetime | None, *, all_day: bool) -> None:
    """Tell everybody TEXT, now: addresses, @names and #tags in it become links.

    \b
    Example:
      linnet announcement publish "Tonight at ten the server is away for an hour." --ends 2026-12-24T23:00
    """

    async def work(engines: Engines) -> int:
        return await actions.publish(engines, OPERATOR, text, starts_at=starts, ends_at=ends, all_day=all_day)

    click.echo(f"Announcement {act(work)} is published.")


@announcement.command()
@click.argument("text")
@click.option("--at", "at", type=MOMENT, required=True, help="When to publish it.")
@_span
def schedule(text: str, at: datetime, starts: datetime | None, ends: datetime | None, *, all_day: bool) -> None:
    """Tell everybody TEXT at a time to come.

    \b
    Example:
      linnet announcement schedule "Happy new year!" --at 2027-01-01T00:00 --ends 2027-01-02T00:00
    """

    async def work(engines: Engines) -> int:
        return await actions.publish(engines, OPERATOR, text, at=at, starts_at=starts, ends_at=ends, all_day=all_day)

    click.echo(f"Announcement {act(work)} will be published at {at:%Y-%m-%d %H:%M} UTC.")


@announcement.command()
@click.argument("announcement_id", type=int)
@click.argument("text")
def reword(announcement_id: int, text: str) -> None:
    """Give the announcement with this id another TEXT.

    \b
    Example:
      linnet announcement reword 117706174331810888 "Tonight at eleven the server is away for an hour."
    """

    async def work(engines: Engines) -> None:
        await actions.reword(engines, OPERATOR, announcement_id, text)

    act(work)
    click.echo(f"Announcement {announcement_id} has another text.")


@announcement.command()
@click.argument("announcement_id", type=int)
def unpublish(announcement_id: int) -> None:
    """Show the announcement with this id no more, nor later if it was scheduled.

    \b
    Example:
      linnet announcement unpublish 117706174331810888
    """

    async def work(engines: Engines) -> None:
        await actions.unpublish(engines, OPERATOR, announcement_id)

    act(work)
    click.echo(f"Announcement {announcement_id} is not shown any more.")


@announcement.command("list")
@json_option
def list_announcements(*, as_json: bool) -> None:
    """List announcements, newest first, with what became of them.

    \b
    Example:
      linnet announcement list
    """

    async def work(engines: Engines) -> list[Announcement]:
        return await reads.newest(engines, OPERATOR, LISTED_MAX)

    found = act(work)
    if as_json:
        print_json([plain(one) | {"id": str(one.id)} for one in found])
        return
    rows = [(one.id, one.published_at, one.scheduled_at, one.ends_at, _short(one.text)) for one in found]
    print_table(("id", "published", "scheduled", "until", "text"), rows, empty="There are no announcements.")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= TEXT_SHOWN else line[: TEXT_SHOWN - 1] + "…"
