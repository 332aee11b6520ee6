"""`linnet token …`: access for scripts and bots."""

import click

from linnet.cli.output import json_option, print_json
from linnet.cli.reach import act
from linnet.features.accounts.users import user_named
from linnet.features.sessions import scopes as scope_rules
from linnet.features.sessions.apps import create_token
from linnet.features.sessions.models import IssuedToken
from linnet.platform.engines import Engines


@click.group()
def token() -> None:
    """Make tokens for scripts and bots."""


@token.command()
@click.argument("name")
@click.option("--scopes", default="read", show_default=True, help="What it may do, divided by spaces.")
@json_option
def create(name: str, scopes: str, *, as_json: bool) -> None:
    """Make a token that speaks for the account NAME, and print it on the last line.

    It does not expire. It is shown this once; afterwards the server knows only a hash of it.

    \b
    Example:
      TOKEN=$(linnet token create ada --scopes "read write" | tail -n 1)
      curl -H "Authorization: Bearer $TOKEN" http://127.0.0.1:8000/api/v1/timelines/home
    """

    async def work(engines: Engines) -> IssuedToken:
        user = await user_named(engines, name)
        return await create_token(engines, user.account_id, scope_rules.parse(scopes))

    issued = act(work)
    if as_json:
        print_json({"token": issued.token, "scopes": list(issued.scopes), "created_at": issued.created_at})
        return
    click.echo(f"Token of {name} for {' '.join(issued.scopes)}:")
    click.echo(issued.token)
