"""`linnet audit`: who did what for this server."""

from collections.abc import Mapping

import click

from linnet.cli.output import json_option, plain, print_json, print_table
from linnet.cli.reach import act
from linnet.features.accounts import reads
from linnet.features.accounts.audit import About, Entry, page
from linnet.features.accounts.permissions import OPERATOR
from linnet.features.accounts.users import user_named
from linnet.platform.engines import Engines
from linnet.platform.paging import Window

ENTRIES_MAX = 1_000


@click.command()
@click.option("--by", metavar="NAME", help="Only what this member did.")
@click.option("--about", metavar="NAME", help="Only what was done to this account.")
@click.option("--action", metavar="ACTION", help="Only this, such as account.suspend.")
@click.option("--limit", type=click.IntRange(1, ENTRIES_MAX), default=50, show_default=True)
@json_option
def audit(by: str | None, about: str | None, action: str | None, limit: int, *, as_json: bool) -> None:
    """Read who did what for this server, newest first. Nothing in this log can be changed or removed.

    \b
    Example:
      linnet audit --about mallory --json | jq -r '.[].action'
    """

    async def work(engines: Engines) -> tuple[list[Entry], Mapping[int, str]]:
        asked = About(await _id_of(engines, by), await _id_of(engines, about), action)
        entries = list(await page(engines, OPERATOR, Window(limit=limit), asked))
        ids = {one for entry in entries for one in (entry.actor_id, entry.target_id) if one is not None}
        return entries, await reads.usernames(engines.db, ids)

    entries, names = act(work)
    if as_json:
        print_json([_with_strings(entry) for entry in entries])
        return
    rows = [
        (
            entry.made_at,
            "operator" if entry.actor_id is None else names.get(entry.actor_id, entry.actor_id),
            entry.action,
            None if entry.target_id is None else names.get(entry.target_id, entry.target_id),
            ", ".join(f"{name}: {value}" for name, value in entry.detail.items()),
            entry.address,
        )
        for entry in entries
    ]
    headings = ("when", "who", "what", "whom", "detail", "address")
    print_table(headings, rows, empty="Nothing of that kind has been done yet.")


async def _id_of(engines: Engines, name: str | None) -> int | None:
    return None if name is None else (await user_named(engines, name)).account_id


def _with_strings(entry: Entry) -> Mapping[str, object]:
    shown = plain(entry)
    names = ("actor_id", "target_id")
    return shown | {"id": str(entry.id)} | {name: None for name in names if getattr(entry, name) is None}
