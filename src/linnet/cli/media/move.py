"""`linnet media move`: from the configured store of files to another."""

from collections import Counter

import click
from rich.console import Console

from linnet.cli.media.sizes import size_text
from linnet.cli.reach import act
from linnet.environment import load
from linnet.features.media.moving import Done, copy_all
from linnet.platform.engines import Engines
from linnet.roles.media import blobs_at


@click.command()
@click.option("--to", "url", required=True, help="Where to: an address as LINNET_MEDIA_STORE_URL takes them.")
@click.option("--compare", is_flag=True, help="Compare the contents of files that are there already, not their sizes.")
def move(url: str, *, compare: bool) -> None:
    """Copy all files of the media store to another one, and read each again to compare it.

    A bucket is opened with the region, endpoint and keys of the settings. What is there already is not copied again, so
    stop and begin as you like: once beside the running server, once more after it was stopped, for what came meanwhile;
    then set LINNET_MEDIA_STORE_URL and start it. Nothing is deleted from the old store.

    \b
    Example:
      linnet media move --to s3://linnet-media/files
    """
    numbers: Counter[Done] = Counter()
    sizes: Counter[Done] = Counter()
    progress = Console(stderr=True).status("Looking …")

    def begun(name: str) -> None:
        progress.update(f"{numbers[Done.COPIED]:,} files copied, {numbers[Done.THERE]:,} there already; {name} …")

    async def work(engines: Engines) -> None:
        target = blobs_at(load(), url)
        await target.try_out()
        async for moved in copy_all(engines.blobs, target, compares=compare, begun=begun):
            numbers[moved.done] += 1
            sizes[moved.done] += moved.bytes

    with progress:
        act(work)
    for done in Done:
        if numbers[done]:
            click.echo(f"{numbers[done]:,} files {done}: {size_text(sizes[done])}")
    click.echo(f"All files are at {url}. Stop the server, run this once more, and set LINNET_MEDIA_STORE_URL to it.")
