"""`linnet ip-block …`: networks that may not join, or not come at all."""

import click

from linnet.cli.output import json_option, plain, print_json, print_table
from linnet.cli.reach import act
from linnet.features.accounts.ip_blocks import actions as feature
from linnet.features.accounts.ip_blocks.actions import Wanted
from linnet.features.accounts.ip_blocks.models import BLOCKS_MAX, IpBlock, Severity
from linnet.features.accounts.permissions import OPERATOR
from linnet.platform.engines import Engines
from linnet.platform.paging import Window

DAY_S = 86_400


@click.group("ip-block")
def ip_block() -> None:
    """Shut networks out, or keep them from signing up. It counts at once, in every process."""


@ip_block.command()
@click.argument("network")
@click.option(
    "--severity",
    type=click.Choice([str(one) for one in Severity]),
    default=Severity.SIGN_UP_BLOCK.value,
    show_default=True,
    help="What the network may not do.",
)
@click.option("--days", type=click.IntRange(0, 36_500), default=0, show_default=True, help="How long; 0 for ever.")
@click.option("--comment", default="", help="Why, for your colleagues.")
def add(network: str, severity: str, days: int, comment: str) -> None:
    """Block NETWORK, an address or a network.

    \b
    Example:
      linnet ip-block add 203.0.113.0/24 --severity no_access --days 7
    """

    async def work(engines: Engines) -> IpBlock:
        return await feature.create(engines, OPERATOR, Wanted(network, severity, comment, days * DAY_S))

    made = act(work)
    click.echo(f"{made.network} is blocked: {made.severity}.")


@ip_block.command()
@click.argument("network")
def remove(network: str) -> None:
    """Let NETWORK in again; also what to do when you have locked yourself out.

    \b
    Example:
      linnet ip-block remove 203.0.113.0/24
    """

    async def work(engines: Engines) -> IpBlock:
        block = await feature.by_network(engines, OPERATOR, network)
        await feature.delete(engines, OPERATOR, block.id)
        return block

    click.echo(f"{act(work).network} is no longer blocked.")


@ip_block.command("list")
@json_option
def list_blocks(*, as_json: bool) -> None:
    """List the networks that are blocked, newest first.

    \b
    Example:
      linnet ip-block list
    """

    async def work(engines: Engines) -> list[IpBlock]:
        return list(await feature.page(engines, OPERATOR, Window(limit=BLOCKS_MAX)))

    found = act(work)
    if as_json:
        print_json([plain(one) | {"id": str(one.id), "network": str(one.network)} for one in found])
        return
    rows = [(str(one.network), one.severity, one.expires_at or "never", one.comment) for one in found]
    print_table(("network", "severity", "ends", "comment"), rows, empty="No network is blocked here.")
