"""`linnet moderation policy …`: show, check, activate, history."""

from datetime import timedelta
from pathlib import Path

import click

from linnet.cli.moderation.replay import SINCE, print_replayed, tried
from linnet.cli.output import json_option, print_json, print_table
from linnet.cli.reach import act
from linnet.features.accounts.permissions import OPERATOR
from linnet.features.cases.policies import actions, reads
from linnet.features.cases.policies.reads import Overview, Replayed
from linnet.features.moderation import policy as writing
from linnet.features.moderation.policies import Version
from linnet.platform.engines import Engines
from linnet.settings import seconds


@click.group()
def policy() -> None:
    """What follows from what is found in texts. docs/moderation.md says how a policy is written."""


@policy.command()
@click.option("--version", "number", type=click.IntRange(0), help="An earlier one; 0 is what Linnet comes with.")
def show(number: int | None) -> None:
    """Print the policy that holds, as it is written, to begin another one with.

    \b
    Example:
      linnet moderation policy show > policy.toml
    """

    async def work(engines: Engines) -> Version:
        if number is None:
            return await reads.active(engines, OPERATOR)
        return await reads.show(engines, OPERATOR, number)

    click.echo(act(work).source, nl=False)


@policy.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(file: Path) -> None:
    """Say what is wrong with the policy in FILE, all of it; needs no server.

    \b
    Example:
      linnet moderation policy check policy.toml
    """
    rules = writing.read(file.read_text(encoding="utf-8")).rules
    click.echo(f"The policy can be used. It has {len(rules)} rules.")


@policy.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--version", "number", type=click.IntRange(0), help="Instead of a file: a version that there is already.")
@click.option("--note", default="", help="What is new in it, for those who read the history.")
@click.option("--since", metavar="TIME", default=SINCE, show_default=True, help="The time that it is tried on first.")
@click.option("--yes", is_flag=True, help="Do not ask after it was tried.")
def activate(file: Path | None, number: int | None, note: str, since: str, *, yes: bool) -> None:
    """Try the policy in FILE on what was decided lately, show what it would have changed, ask, and let it hold.

    It is kept as a new version; none is ever changed. With --version an earlier one holds again.

    \b
    Example:
      linnet moderation policy activate policy.toml --note "Fewer holds for links"
    """
    if (file is None) == (number is None):
        raise click.UsageError("Say which: a file, or --version of one that there is.")
    lately = timedelta(seconds=seconds("since", since))

    written = "" if file is None else file.read_text(encoding="utf-8")

    async def source_of(engines: Engines) -> str:
        return written if number is None else (await reads.show(engines, OPERATOR, number)).source

    async def trial(engines: Engines) -> Replayed:
        return await tried(engines, await source_of(engines), lately)

    print_replayed(act(trial))
    if not yes:
        click.confirm("Let it hold from now on?", abort=True)

    async def work(engines: Engines) -> Version:
        added = None if number is not None else await actions.add(engines, OPERATOR, await source_of(engines), note)
        return await actions.activate(engines, OPERATOR, added.number if added else number or 0)

    click.echo(f"Version {act(work).number} holds from now on.")


@policy.command()
@json_option
def history(*, as_json: bool) -> None:
    """List all versions, the latest first, and from when on each held.

    \b
    Example:
      linnet moderation policy history
    """

    async def work(engines: Engines) -> Overview:
        return await reads.overview(engines, OPERATOR)

    overview = act(work)
    if as_json:
        print_json({"active": overview.active.number, "versions": overview.versions, "held": overview.activations})
        return
    held = {one.number: one.activated_at for one in reversed(overview.activations)}
    rows = [
        (one.number, one.made_at, held.get(one.number), one.number == overview.active.number, one.note)
        for one in (*overview.versions, Version(0, "", "What Linnet comes with"))
    ]
    print_table(("version", "written", "last activated", "holds", "note"), rows, empty="There are none.")
