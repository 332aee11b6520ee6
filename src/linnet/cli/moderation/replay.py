"""`linnet moderation replay`: what another policy would have changed, before it goes live."""

from datetime import timedelta
from pathlib import Path
from typing import Final

import click
from rich.console import Console

from linnet.cli.output import json_option, print_json, print_table
from linnet.cli.reach import act
from linnet.features.accounts.permissions import OPERATOR
from linnet.features.cases.policies import reads
from linnet.features.cases.policies.reads import Replayed
from linnet.features.moderation.measures import joined
from linnet.features.moderation.replaying import SAMPLES, SAMPLES_MAX, Sample
from linnet.mastodon.presenters.policies import present_replay
from linnet.platform.engines import Engines
from linnet.settings import seconds

SINCE: Final = "7d"
WORDS_MAX: Final = 100


@click.command()
@click.option(
    "--policy",
    "file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The policy to try, in TOML.",
)
@click.option("--since", metavar="TIME", default=SINCE, show_default=True, help="Of the last: 12h, 7d; up to 180d.")
@click.option("--samples", type=click.IntRange(0, SAMPLES_MAX), default=SAMPLES, show_default=True)
@json_option
def replay(file: Path, since: str, samples: int, *, as_json: bool) -> None:
    """Show what the policy in a file would have changed about what was decided lately, with samples.

    Nothing is changed by it. It tries the policy on what was found then and on the reputation of then; detectors are
    not run again. Texts in which nothing worth keeping was found are not among them: every policy lets those through.

    \b
    Example:
      linnet moderation replay --policy policy.toml --since 7d
    """
    source = file.read_text(encoding="utf-8")
    lately = timedelta(seconds=seconds("since", since))

    async def work(engines: Engines) -> Replayed:
        return await tried(engines, source, lately, samples)

    replayed = act(work)
    if as_json:
        print_json(present_replay(replayed))
        return
    print_replayed(replayed)


async def tried(engines: Engines, source: str, since: timedelta, samples: int = SAMPLES) -> Replayed:
    """What a policy would have changed; how far it is stands on stderr meanwhile."""
    status = Console(stderr=True).status("Looking …")

    def told(seen: int, share: float) -> None:
        status.update(f"{seen:,} decisions tried, {share:.0%} of the time …")

    with status:
        return await reads.replay(engines, OPERATOR, source, since, samples=samples, progress=told)


def print_replayed(replayed: Replayed) -> None:
    """Print what would have changed: a table of all changes, then samples of each."""
    trial = replayed.replay
    changed = sum(change.number for change in trial.changes.values())
    left_out = f" {trial.left_out:,} were not made by a policy alone, and are left out." if trial.left_out else ""
    click.echo(
        f"{trial.seen:,} decisions since {replayed.since:%Y-%m-%d %H:%M}: "
        f"{changed:,} would have been others, {trial.same.total():,} the same.{left_out}"
    )
    kinds = sorted(trial.changes, key=lambda kind: (-trial.changes[kind].number, kind))
    if not kinds:
        return
    rows = [
        (
            kind.surface.value,
            kind.before.value,
            kind.after.value,
            trial.changes[kind].number,
            ", ".join(f"{name} ({number:,})" for name, number in trial.changes[kind].rules.most_common()),
        )
        for kind in kinds
    ]
    click.echo()
    print_table(("surface", "was", "would be", "texts", "because of"), rows, empty="")
    for kind in kinds:
        samples = trial.changes[kind].samples.values()
        if samples:
            click.echo(f"\n{kind.surface}: {kind.before} → {kind.after}")
        for sample in samples:
            click.echo(f"  {_line(replayed, sample)}")


def _line(replayed: Replayed, sample: Sample) -> str:
    words = " ".join(joined(replayed.words.get(sample.decision.id, ())).split())
    shown = f"“{words[:WORDS_MAX]}{'…' if len(words) > WORDS_MAX else ''}”" if words else "(words not kept)"
    signs = ", ".join(f"{one.name} {one.score:.3f} (from {one.least:.3f} on)" for one in sample.signs)
    return f"{sample.decision.id}  {shown}  {signs}"
