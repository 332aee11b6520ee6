"""`linnet invite …`: codes that let people in."""

import click

from linnet.cli.output import json_option, plain, print_json, print_table
from linnet.cli.reach import act
from linnet.features.accounts import invites
from linnet.features.accounts.invites import Invite
from linnet.features.accounts.permissions import OPERATOR
from linnet.platform.engines import Engines
from linnet.platform.paging import Window
from linnet.platform.site import Site
from linnet.settings import seconds

LISTED_MAX = 1_000


@click.group()
def invite() -> None:
    """Make, list and take back invitations: codes with which people join."""


@invite.command()
@click.option("--uses", type=click.IntRange(1), help="How often it lets somebody in. Without: as often as they come.")
@click.option("--expires", metavar="TIME", help="How long it works: 12h, 7d. Without: until it is revoked.")
@json_option
def create(uses: int | None, expires: str | None, *, as_json: bool) -> None:
    """Make an invitation, and print the address to send around on the last line.

    \b
    Example:
      linnet invite create --uses 5 --expires 7d
    """
    lifetime_s = None if expires is None else seconds("expires", expires)

    async def work(engines: Engines) -> tuple[Invite, str]:
        made = await invites.create(engines, OPERATOR, uses_max=uses, lifetime_s=lifetime_s)
        return made, f"{engines.config(Site).public_url}/signup?invite_code={made.code}"

    made, address = act(work)
    if as_json:
        print_json(_plain(made) | {"url": address})
        return
    click.echo(f"Invitation {made.code} lets in {uses or 'as many as come'}:")
    click.echo(address)


@invite.command("list")
@json_option
def list_invites(*, as_json: bool) -> None:
    """List invitations, newest first, with how often they were used.

    \b
    Example:
      linnet invite list
    """

    async def work(engines: Engines) -> list[Invite]:
        return list(await invites.page(engines, OPERATOR, Window(limit=LISTED_MAX), everybodys=True))

    found = act(work)
    if as_json:
        print_json([_plain(one) for one in found])
        return
    rows = [(one.code, one.uses, one.uses_max, one.expires_at, one.is_alive) for one in found]
    print_table(("code", "uses", "at most", "until", "works"), rows, empty="There are no invitations.")


@invite.command()
@click.argument("code")
def revoke(code: str) -> None:
    """Take the invitation with this CODE back. Who came in with it stays.

    \b
    Example:
      linnet invite revoke abcd2345efgh6789
    """

    async def work(engines: Engines) -> None:
        await invites.revoke(engines, OPERATOR, (await invites.invite_with(engines, OPERATOR, code)).id)

    act(work)
    click.echo(f"Nobody comes in with {code} any more.")


def _plain(one: Invite) -> dict[str, object]:
    account_id = None if one.account_id is None else str(one.account_id)
    return {**plain(one), "id": str(one.id), "account_id": account_id}
