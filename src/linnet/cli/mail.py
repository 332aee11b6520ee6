"""`linnet mail …`: letters that nobody took along, and whether letters arrive."""

import click

from linnet.cli.output import json_option, plain, print_json
from linnet.cli.reach import act
from linnet.features.accounts.names import check_email
from linnet.platform.engines import Engines
from linnet.platform.errors import Invalid
from linnet.platform.site import Site
from linnet.push.mail import delivery
from linnet.push.mail.delivery import KeptLetter
from linnet.push.mail.letters import Writer
from linnet.push.mail.rules import MailRules, SmtpServer


@click.group()
def mail() -> None:
    """Read letters that were not sent, for want of a mail server; try whether letters arrive.

    With LINNET_SMTP_URL letters go out, and new members confirm their address. Without it they stay in the outbox, for
    30 days and the newest 1,000: whoever runs the server can pass their links on.
    """


@mail.command("outbox")
@click.option("--limit", type=click.IntRange(1, delivery.OUTBOX_MAX), default=50, show_default=True)
@json_option
def show_outbox(limit: int, *, as_json: bool) -> None:
    """List letters that no mail server took along, newest first, with the links in them.

    The links open accounts: hand each only to the person it is for.

    \b
    Example:
      linnet mail outbox --json | jq -r '.[0].links[0]'
    """

    async def work(engines: Engines) -> list[KeptLetter]:
        return await delivery.outbox(engines, limit)

    letters = act(work)
    if as_json:
        print_json([plain(letter) for letter in letters])
        return
    for letter in letters:
        click.echo(f"{letter.made_at:%Y-%m-%d %H:%M}  {letter.to}  {letter.subject}")
        for link in letter.links:
            click.echo(f"    {link}")
    if not letters:
        click.echo("There are no letters in the outbox.")


@mail.command("test")
@click.argument("address")
def send_test(address: str) -> None:
    """Send a letter to ADDRESS now, and say what happened.

    \b
    Example:
      linnet mail test me@example.org
    """
    if problems := check_email(address):
        raise Invalid.of({"address": problems})

    async def work(engines: Engines) -> SmtpServer | None:
        letter = Writer(engines.config(Site), "", address).trial()
        await delivery.hand_over(engines, letter)
        return engines.config(MailRules).server

    server = act(work)
    if server is None:
        click.echo("There is no mail server (LINNET_SMTP_URL is not set): the letter is in `linnet mail outbox`.")
    else:
        click.echo(
            f"{server.host}:{server.port} has taken the letter. Look whether it arrives, and where it is sorted."
        )
