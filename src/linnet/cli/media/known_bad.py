"""`linnet media known-bad …`: pictures that nobody may upload."""

import csv
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TextIO

import click

from linnet.cli.output import json_option, plain, print_json, print_table
from linnet.cli.reach import act
from linnet.features.accounts.permissions import OPERATOR
from linnet.features.media.known_bad import actions
from linnet.features.media.known_bad.actions import NewKnownBad
from linnet.features.media.known_bad.models import KnownBad, hash_of, hash_text
from linnet.platform.engines import Engines
from linnet.platform.errors import Invalid
from linnet.platform.paging import Window

LISTED_MAX: Final = 1_000
COLUMNS: Final = ("hash", "reason", "expires_at")


@click.group("known-bad")
def known_bad() -> None:
    """Refuse pictures that are known, and whatever looks like them.

    A picture is known by its perceptual hash: 64 bits that differ little between pictures that look alike.
    LINNET_MEDIA_KNOWN_BAD_DISTANCE says how little counts as the same one.
    """


@known_bad.command()
@click.argument("hash_", metavar="HASH", required=False)
@click.option("--media", "media_id", type=int, help="Instead of HASH: an upload that looks like it.")
@click.option("--reason", default="", help="Why; moderators read it, who uploads the picture does not.")
@click.option("--days", type=click.IntRange(min=1), help="For how long; without it for ever.")
def add(hash_: str | None, media_id: int | None, reason: str, days: int | None) -> None:
    """Refuse the picture with this HASH (16 hexadecimal digits) from now on.

    \b
    Example:
      linnet media known-bad add 8f3b1c0e77d2a915 --reason "Sent around to harass people."
      linnet media known-bad add --media 117706174331810888
    """
    if (hash_ is None) == (media_id is None):
        raise click.UsageError("Say which picture: HASH or --media, one of them.")

    async def work(engines: Engines) -> KnownBad:
        until = None if days is None else engines.clock.now() + timedelta(days=days)
        if media_id is not None:
            return await actions.add_upload(engines, OPERATOR, media_id, reason, until)
        return await actions.add(engines, OPERATOR, NewKnownBad(hash_of(hash_ or ""), reason, until))

    click.echo(f"Pictures that look like {hash_text(act(work).hash)} are refused.")


@known_bad.command("list")
@json_option
def list_known_bad(*, as_json: bool) -> None:
    """List the pictures that are refused, newest first, up to a thousand; `export` has them all.

    \b
    Example:
      linnet media known-bad list
    """

    async def work(engines: Engines) -> list[KnownBad]:
        return list(await actions.page(engines, OPERATOR, Window(limit=LISTED_MAX)))

    found = act(work)
    if as_json:
        print_json([_plain(one) for one in found])
        return
    rows = [(hash_text(one.hash), one.created_at, one.expires_at, one.reason) for one in found]
    print_table(("hash", "since", "until", "reason"), rows, empty="No picture is refused here.")


@known_bad.command()
@click.argument("hash_", metavar="HASH")
def remove(hash_: str) -> None:
    """Take the picture with this HASH off the list.

    \b
    Example:
      linnet media known-bad remove 8f3b1c0e77d2a915
    """

    async def work(engines: Engines) -> KnownBad:
        known = await actions.by_hash(engines, OPERATOR, hash_of(hash_))
        return await actions.remove(engines, OPERATOR, known.id)

    click.echo(f"Pictures that look like {hash_text(act(work).hash)} are taken again.")


@known_bad.command("import")
@click.argument("file", type=click.File(encoding="utf-8-sig"))
def import_known_bad(file: TextIO) -> None:
    """Refuse all pictures of a CSV FILE (- for standard input) whose first line is hash,reason,expires_at.

    The last two columns may be missing. What is on the list already stays as it is, and so nothing is wrong with
    bringing the same file twice.

    \b
    Example:
      linnet media known-bad import shared-list.csv
    """

    async def work(engines: Engines) -> int:
        return await actions.add_many(engines, OPERATOR, _rows(file))

    click.echo(f"{act(work):,} pictures were added.")


@known_bad.command()
def export() -> None:
    """Print the whole list as CSV that `import` reads.

    \b
    Example:
      linnet media known-bad export > list.csv
    """
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)

    async def work(engines: Engines) -> None:
        async for one in actions.everything(engines, OPERATOR):
            until = "" if one.expires_at is None else one.expires_at.isoformat()
            writer.writerow((hash_text(one.hash), one.reason, until))

    act(work)


def _rows(file: TextIO) -> Iterator[NewKnownBad]:
    reader = csv.DictReader(file)
    if "hash" not in (reader.fieldnames or ()):
        raise Invalid("The first line of the file must name its columns, and one of them must be hash")
    for row in reader:
        try:
            yield NewKnownBad(hash_of(row["hash"] or ""), row.get("reason") or "", _moment(row.get("expires_at") or ""))
        except (Invalid, ValueError):
            raise Invalid(
                f"Line {reader.line_num} is none of this list: it needs a hash of 16 hexadecimal digits, and a date "
                "in ISO 8601 if it has one. What is before it was added."
            ) from None


def _moment(text: str) -> datetime | None:
    if not text.strip():
        return None
    moment = datetime.fromisoformat(text.strip())
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _plain(one: KnownBad) -> dict[str, Any]:
    return plain(one) | {"id": str(one.id), "hash": hash_text(one.hash)}
