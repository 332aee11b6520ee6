"""What staff do with the lists of words and domains: add, remove, and exchange them as CSV with other servers."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from linnet.features.accounts.audit import note_act
from linnet.features.accounts.permissions import Actor, Operator, Permission, require
from linnet.features.moderation import listings
from linnet.features.moderation.listed import LISTED_MAX, Listed, ListedKind, NewListed, checked
from linnet.features.moderation.measures import Measure
from linnet.platform.engines import Engines
from linnet.platform.errors import Invalid
from linnet.platform.paging import Window

COLUMNS: Final = ("kind", "value", "measure", "comment", "expires_at")
FILE_BYTES_MAX: Final = 4 * 1024 * 1024


class Act(StrEnum):
    """What is written into the audit log."""

    ADD = "listed.add"
    REMOVE = "listed.remove"
    IMPORT = "listed.import"


async def add(engines: Engines, actor: Actor | Operator, new: NewListed) -> Listed:
    """List something; what is listed already is meant anew. Raises `Invalid`, `Forbidden`."""
    require(actor, Permission.MANAGE_BLOCKS)
    now = engines.clock.now()
    one = checked(new, now)
    async with engines.transaction() as tx:
        (listed_id,) = await listings.put(tx, [one], actor.account_id, now)
        await note_act(tx, engines.clock, actor, Act.ADD, None, {"kind": one.kind, "measure": one.measure})
    return await show(engines, actor, listed_id)


async def remove(engines: Engines, actor: Actor | Operator, listed_id: int) -> None:
    """Take something off its list. Raises `NotFound`, `Forbidden`."""
    require(actor, Permission.MANAGE_BLOCKS)
    async with engines.transaction() as tx:
        kind = await listings.remove(tx, listed_id)
        await note_act(tx, engines.clock, actor, Act.REMOVE, None, {"kind": kind, "id": str(listed_id)})


async def bring(engines: Engines, actor: Actor | Operator, text: str) -> int:
    """List what a CSV file says, all of it or nothing; how many. Raises `Forbidden`, `Invalid` naming the line."""
    require(actor, Permission.MANAGE_BLOCKS)
    now = engines.clock.now()
    new = {(one.kind, one.value): one for one in _read(text, now)}
    async with engines.transaction() as tx:
        await listings.put(tx, list(new.values()), actor.account_id, now)
        await note_act(tx, engines.clock, actor, Act.IMPORT, None, {"number": len(new)})
    return len(new)


async def take(engines: Engines, actor: Actor | Operator) -> str:
    """All that is listed as a CSV file that `bring` reads. Raises `Forbidden`."""
    require(actor, Permission.MANAGE_BLOCKS)
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in await listings.everything(engines.db, engines.clock.now()):
        ends = "" if one.expires_at is None else one.expires_at.isoformat()
        writer.writerow((one.kind, one.value, one.measure, one.comment, ends))
    return file.getvalue()


async def page(engines: Engines, actor: Actor | Operator, kind: ListedKind, window: Window) -> Sequence[Listed]:
    """A page of one list, newest first. Raises `Forbidden`."""
    require(actor, Permission.MANAGE_BLOCKS)
    return await listings.page(engines.db, kind, window)


async def show(engines: Engines, actor: Actor | Operator, listed_id: int) -> Listed:
    """One thing that is listed. Raises `NotFound`, `Forbidden`."""
    require(actor, Permission.MANAGE_BLOCKS)
    return await listings.show(engines.db, listed_id)


def _read(text: str, now: datetime) -> Iterator[NewListed]:
    """What each line says; raises `Invalid` that names the first that cannot be read."""
    lines = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    if not {"kind", "value", "measure"} <= set(lines.fieldnames or ()):
        raise Invalid(f"Validation failed: The file must begin with the line {','.join(COLUMNS)}")
    for number, line in enumerate(lines, 2):
        if number > LISTED_MAX + 1:
            raise Invalid(f"Validation failed: The file may have at most {LISTED_MAX} lines")
        try:
            ends = (line.get("expires_at") or "").strip()
            new = NewListed(
                ListedKind((line["kind"] or "").strip()),
                line["value"] or "",
                Measure((line["measure"] or "").strip()),
                line.get("comment") or "",
                datetime.fromisoformat(ends).astimezone(UTC) if ends else None,
            )
            yield checked(new, now)
        except (ValueError, Invalid) as error:
            raise Invalid(f"Validation failed: Line {number} cannot be used: {error}") from None
