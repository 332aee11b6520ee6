"""`linnet jobs …`: the queue of later work, and what is held in it."""

from collections.abc import Sequence

import click

from linnet.cli.output import json_option, plain, print_json, print_table
from linnet.cli.reach import act
from linnet.platform.engines import Engines
from linnet.platform.errors import NotFound, ProductError
from linnet.platform.jobs import admin
from linnet.platform.jobs.admin import Depth, HeldJob
from linnet.platform.jobs.periodic import LastRun, last_runs

IDS = click.argument("ids", type=int, nargs=-1)
ALL = click.option("--all", "all_of_them", is_flag=True, help="All dead jobs.")


@click.group()
def jobs() -> None:
    """Look at the queue of later work; retry or drop what failed for good.

    A job that fails is tried again, later and later. One that has failed too often is dead: it waits here until
    somebody retries or drops it.
    """


@jobs.command("list")
@click.option(
    "--state", type=click.Choice(["dead", "ready", "claimed", "suspect", "any"]), default="dead", show_default=True
)
@click.option("--queue", help="Only of this queue.")
@click.option("--name", help="Only of this kind, such as timelines.fan_out.")
@click.option("--limit", type=click.IntRange(1, admin.LIST_MAX), default=50, show_default=True)
@json_option
def list_jobs(state: str, queue: str | None, name: str | None, limit: int, *, as_json: bool) -> None:
    """List jobs, newest first: the dead ones, unless told otherwise.

    \b
    Example:
      linnet jobs list --name timelines.fan_out
    """

    async def work(engines: Engines) -> list[HeldJob]:
        return await admin.list_jobs(
            engines.db, state=None if state == "any" else state, queue=queue, name=name, limit=limit
        )

    found = act(work)
    if as_json:
        print_json([plain(job) for job in found])
        return
    rows = [(str(job.id), job.name, job.state, job.attempts, job.made_at, job.work, job.last_error) for job in found]
    print_table(
        ("id", "job", "state", "attempts", "made", "about", "last error"), rows, empty="There are no such jobs."
    )


@jobs.command()
@IDS
@ALL
def retry(ids: tuple[int, ...], *, all_of_them: bool) -> None:
    """Put dead jobs back in the queue: those with these IDS, or --all.

    \b
    Example:
      linnet jobs retry 4711 4712
    """
    chosen = _chosen(ids, all_of_them=all_of_them)

    async def work(engines: Engines) -> int:
        return await admin.retry(engines.db, chosen)

    _say(act(work), chosen, "back in the queue")


@jobs.command()
@IDS
@ALL
def drop(ids: tuple[int, ...], *, all_of_them: bool) -> None:
    """Forget dead jobs: those with these IDS, or --all. What they were to do is not done.

    \b
    Example:
      linnet jobs drop --all
    """
    chosen = _chosen(ids, all_of_them=all_of_them)

    async def work(engines: Engines) -> int:
        return await admin.drop(engines.db, chosen)

    _say(act(work), chosen, "dropped")


@jobs.command()
@json_option
def stats(*, as_json: bool) -> None:
    """Count jobs by kind and state, with how long the oldest has been due, and list the last run of periodic work.

    \b
    Example:
      linnet jobs stats --json
    """

    async def work(engines: Engines) -> tuple[list[Depth], list[LastRun]]:
        return await admin.depths(engines.db), await last_runs(engines.db)

    depths, runs = act(work)
    if as_json:
        print_json({"queue": [plain(depth) for depth in depths], "periodic": [plain(run) for run in runs]})
        return
    print_table(
        ("queue", "job", "state", "jobs", "oldest s"),
        [(depth.queue, depth.name, depth.state, depth.jobs, depth.oldest_s) for depth in depths],
        empty="The queue is empty.",
    )
    click.echo()
    print_table(
        ("periodic work", "began", "ended", "error"),
        [(run.name, run.started_at, run.finished_at, run.error) for run in runs],
        empty="No periodic work has run yet.",
    )


def _chosen(ids: Sequence[int], *, all_of_them: bool) -> list[int] | None:
    """The ids to act on; None for all."""
    if bool(ids) == all_of_them:
        raise click.UsageError("Give either ids or --all.")
    return None if all_of_them else list(ids)


def _say(count: int, chosen: Sequence[int] | None, what: str) -> None:
    if chosen is not None and count == 0:
        raise NotFound("None of these jobs is dead. `linnet jobs list` shows those that are.")
    if chosen is not None and count < len(set(chosen)):
        raise ProductError(f"{count} of {len(set(chosen))} jobs {what}; the others are not dead.")
    click.echo(f"{count} jobs {what}.")
