"""`linnet demo`: a small living network for an empty server."""

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from linnet.cli.demo.filling import Filled, fill
from linnet.cli.output import json_option, plain, print_json
from linnet.cli.reach import act
from linnet.platform.engines import Engines

PEOPLE_MIN = 20


@click.command()
@click.option(
    "--people", type=click.IntRange(PEOPLE_MIN, 1_000), default=300, show_default=True, help="How many people."
)
@click.option("--statuses", type=click.IntRange(0, 20_000), default=5_000, show_default=True, help="How many posts.")
@click.option("--seed", type=int, default=7, show_default=True, help="The same seed makes the same network.")
@click.option("--force", is_flag=True, help="Also when there are accounts already.")
@json_option
def demo(people: int, statuses: int, seed: int, *, force: bool, as_json: bool) -> None:
    """Fill an empty server with a small living network, and say who to sign in as.

    People with names and interests, a follow graph with hubs, two weeks of posts, replies, reblogs, quotes, favourites,
    bookmarks, pins and notifications; some locked accounts with people waiting to be let in. It works while the
    server runs.

    \b
    Example:
      linnet demo
      linnet demo --people 50 --statuses 500
    """
    columns = (TextColumn("{task.description:<14}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, TaskID] = {}

        def step(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=total)
            bars.advance(tasks[name], done)

        async def work(engines: Engines) -> Filled:
            return await fill(engines, people=people, statuses=statuses, seed=seed, force=force, step=step)

        filled = act(work)
    if as_json:
        print_json(plain(filled))
        return
    click.echo(f"{filled.people} people have posted {filled.statuses} times.")
    click.echo(f"Sign in at {filled.url} as {filled.username} with the password {filled.password}")
