"""`linnet mail-domains …`: mail domains that nobody joins with."""

import click

from linnet.cli.output import json_option, plain, print_json, print_table
from linnet.cli.reach import act
from linnet.features.accounts import mail_domains as feature
from linnet.features.accounts.mail_domains import RefusedDomain
from linnet.features.accounts.permissions import OPERATOR
from linnet.platform.engines import Engines
from linnet.platform.paging import Window

LISTED_MAX = 10_000


@click.group("mail-domains")
def mail_domains() -> None:
    """Refuse mail domains to new members, and those below them. Who is a member stays."""


@mail_domains.command()
@click.argument("domain")
def block(domain: str) -> None:
    """Refuse DOMAIN and all below it.

    \b
    Example:
      linnet mail-domains block throwaway.example
    """

    async def work(engines: Engines) -> RefusedDomain:
        return await feature.block(engines, OPERATOR, domain)

    click.echo(f"Nobody joins with an address at {act(work).domain} any more.")


@mail_domains.command()
@click.argument("domain")
def unblock(domain: str) -> None:
    """Take DOMAIN again.

    \b
    Example:
      linnet mail-domains unblock throwaway.example
    """

    async def work(engines: Engines) -> None:
        await feature.unblock(engines, OPERATOR, domain)

    act(work)
    click.echo(f"Addresses at {domain} are taken again.")


@mail_domains.command("list")
@json_option
def list_domains(*, as_json: bool) -> None:
    """List the domains that were refused here, newest first; those of LINNET_MAIL_DOMAINS_REFUSED are not among them.

    \b
    Example:
      linnet mail-domains list
    """

    async def work(engines: Engines) -> list[RefusedDomain]:
        return list(await feature.page(engines, OPERATOR, Window(limit=LISTED_MAX)))

    found = act(work)
    if as_json:
        print_json([plain(one) | {"id": str(one.id)} for one in found])
        return
    print_table(("domain", "since"), [(one.domain, one.made_at) for one in found], empty="No domain is refused here.")
