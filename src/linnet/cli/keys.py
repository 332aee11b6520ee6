"""`linnet keys …`: the secrets that sign access tokens."""

import time
from datetime import UTC, datetime

import click

from linnet.cli.output import print_table
from linnet.environment import load
from linnet.features.sessions.tokens import TokenRules
from linnet.roles import signing


@click.group()
def keys() -> None:
    """List, rotate and drop the secrets that sign access tokens. Nobody is signed out by a rotation.

    These are about the secrets that Linnet made in the data folder, not about a configured JWT_SECRET.
    """


@keys.command("list")
def list_keys() -> None:
    """List signing keys by their id (`kid` in a token's header), never the secrets themselves.

    \b
    Example:
      linnet keys list
    """
    settings, now_s = load(), time.time()
    accepted = signing.signing_secrets(settings, now_s)
    since = {} if settings.jwt_secret else {one.secret: one.since_s for one in signing.kept(settings)}
    rows = [
        (key_id, _state(index, since.get(secret, 0), now_s), _moment(since.get(secret, 0)))
        for index, (secret, key_id) in enumerate(zip(accepted, TokenRules(accepted).keys, strict=True))
    ]
    print_table(("key", "state", "signs from"), rows, empty="There are no keys.")


@keys.command()
def rotate() -> None:
    """Make a new signing key. Every running process knows it within a second, and signs with it ten seconds later.

    What former keys signed stays valid; a key goes a week after another took its place, at the next rotation.

    \b
    Example:
      linnet keys rotate
    """
    stay = signing.rotate(load(), time.time())
    click.echo(f"A new key signs from {_moment(stay[-1].since_s)} on. Keys accepted: {len(stay)}.")


@keys.command()
def drop() -> None:
    """Accept no former key any more, because somebody may have seen one. People's clients get new tokens by themselves.

    Rotate first, and give the server an hour: authenticator apps whose secret a former key sealed are sealed anew.

    \b
    Example:
      linnet keys rotate && sleep 3600 && linnet keys drop
    """
    number = signing.drop_former(load(), time.time())
    click.echo(f"Former keys dropped: {number}.")


def _state(index: int, since_s: int, now_s: float) -> str:
    if index == 0:
        return "signs"
    return "signs soon" if since_s > now_s else "verifies"


def _moment(since_s: int) -> str:
    return f"{datetime.fromtimestamp(since_s, UTC):%Y-%m-%d %H:%M:%S} UTC" if since_s else "the beginning"
