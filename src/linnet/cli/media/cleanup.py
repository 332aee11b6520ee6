"""`linnet media cleanup`: what is needed no more goes now, not when its time comes."""

from collections import Counter

import click
from rich.console import Console

from linnet.cli.media.sizes import size_text
from linnet.cli.output import json_option, print_json
from linnet.cli.reach import act
from linnet.features.media.cleaning.actions import clean_up
from linnet.features.media.cleaning.models import Waste, Why
from linnet.platform.engines import Engines


@click.command()
@click.option("--dry-run", is_flag=True, help="Only list what would go, and why.")
@json_option
def cleanup(*, dry_run: bool, as_json: bool) -> None:
    """Let go of uploads that nothing has used for a day, and of files that nothing knows.

    The server does so by itself: uploads every half hour, and the whole store once a day. It is safe beside it, and
    beside uploads that are under way: nothing goes that is not a day old. It may be stopped at any time and begun anew.

    \b
    Example:
      linnet media cleanup --dry-run
      linnet media cleanup
    """
    progress = Console(stderr=True).status("Looking for uploads that nothing uses …")

    def looked(number: int) -> None:
        progress.update(f"{number:,} files in the store were looked at …")

    async def work(engines: Engines) -> list[Waste]:
        found: list[Waste] = []
        async for waste in clean_up(engines, dry=dry_run, looked=looked):
            if as_json:
                found.append(waste)
            else:
                click.echo(f"{waste.name}  {size_text(waste.bytes)}  {waste.why}")
            numbers[waste.why] += 1
            sizes[waste.why] += waste.bytes
        return found

    numbers: Counter[Why] = Counter()
    sizes: Counter[Why] = Counter()
    with progress:
        found = act(work)
    if as_json:
        print_json([{"why": one.why.name.lower(), "name": one.name, "bytes": one.bytes} for one in found])
        return
    for why in numbers:
        click.echo(f"{numbers[why]:,} × {why}: {size_text(sizes[why])}", err=True)
    verb = "would go" if dry_run else "went"
    click.echo(f"{size_text(sum(sizes.values()))} {verb}." if numbers else "There is nothing to clean up.")
