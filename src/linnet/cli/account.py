"""`linnet account …`: what an operator does with accounts."""

import secrets
import sys
from collections.abc import Awaitable, Callable

import click

from linnet.cli.output import json_option, plain, print_json, print_table
from linnet.cli.reach import act
from linnet.features.accounts import staff, users
from linnet.features.accounts.models import Role
from linnet.features.accounts.permissions import OPERATOR, Operator
from linnet.features.accounts.restrictions import GRACE
from linnet.features.accounts.signup import create_account
from linnet.features.accounts.users import User
from linnet.features.sessions import oversight, recovery
from linnet.features.sessions.factors import resetting
from linnet.platform.engines import Engines
from linnet.platform.errors import ProductError

PASSWORD_BYTES = 12
"""Random bytes in a password made here: 96 bits, 16 characters."""

ROLES = click.Choice([role.value for role in Role])
NAME = click.argument("name")


@click.group()
def account() -> None:
    """Create, list, approve, reject, lock, suspend and delete accounts; set roles and passwords.

    All of it works while the server runs, and counts within a second.
    """


@account.command()
@NAME
@click.option("--email", required=True, help="E-mail address; it counts as confirmed.")
@click.option("--password", help="Without it you are asked on a terminal; elsewhere one is made and printed.")
@click.option("--role", type=ROLES, default=Role.USER.value, show_default=True)
@json_option
def create(name: str, email: str, password: str | None, role: str, *, as_json: bool) -> None:
    """Create an account called NAME that can sign in at once.

    \b
    Example:
      linnet account create ada --email ada@example.org --role admin
    """
    chosen, made = _password(password, f"Password for {name}")

    async def work(engines: Engines) -> User:
        await create_account(engines, username=name, email=email, password=chosen, role=Role(role))
        return await users.user_named(engines, name)

    user = act(work)
    if as_json:
        print_json(plain(user) | ({"password": chosen} if made else {}))
        return
    click.echo(f"Account {user.username} ({user.role}) can sign in.")
    if made:
        click.echo(f"Password: {chosen}")


@account.command("list")
@json_option
def list_accounts(*, as_json: bool) -> None:
    """List accounts, oldest first.

    \b
    Example:
      linnet account list --json | jq -r '.[] | select(.role == "admin") | .username'
    """

    async def work(engines: Engines) -> list[User]:
        found: list[User] = []
        while page := await users.users(engines, above_id=found[-1].account_id if found else 0):
            found.extend(page)
        return found

    found = act(work)
    if as_json:
        print_json([plain(user) for user in found])
        return
    rows = [(user.username, user.email, user.role, _state(user), user.created_at) for user in found]
    print_table(("name", "e-mail", "role", "state", "since"), rows, empty="There are no accounts yet.")


@account.command()
@NAME
def lock(name: str) -> None:
    """Keep the account NAME from signing in, and end its access at once. Its posts stay.

    \b
    Example:
      linnet account lock mallory
    """
    _on(name, staff.lock)
    click.echo(f"{name} is locked out.")


@account.command()
@NAME
def unlock(name: str) -> None:
    """Let the account NAME sign in again, also where too many wrong passwords keep unknown devices out.

    \b
    Example:
      linnet account unlock mallory
    """
    _on(name, oversight.enable)
    click.echo(f"{name} can sign in again.")


@account.command()
@NAME
def approve(name: str) -> None:
    """Let the account NAME in, which waits for approval.

    \b
    Example:
      linnet account approve newcomer
    """
    _on(name, staff.approve)
    click.echo(f"{name} is in.")


@account.command()
@NAME
def reject(name: str) -> None:
    """Turn down the account NAME, which waits for approval. Nothing stays of it, and the name is free again.

    \b
    Example:
      linnet account reject spammer
    """
    _on(name, staff.reject)
    click.echo(f"{name} is turned down.")


@account.command()
@NAME
def suspend(name: str) -> None:
    """Hide the account NAME and all it posted from everybody, and keep it from signing in.

    After 30 days it is erased, unless you take that back before.

    \b
    Example:
      linnet account suspend mallory
    """
    _on(name, staff.suspend)
    click.echo(f"{name} is suspended, and will be erased in {GRACE.days} days unless you unsuspend it before.")


@account.command()
@NAME
def unsuspend(name: str) -> None:
    """Show the account NAME again, and let it sign in.

    \b
    Example:
      linnet account unsuspend mallory
    """
    _on(name, staff.unsuspend)
    click.echo(f"{name} is back.")


@account.command("role")
@NAME
@click.argument("role", type=ROLES)
def set_role(name: str, role: str) -> None:
    """Give the account NAME another role: user, moderator or admin.

    \b
    Example:
      linnet account role ada admin
    """

    async def work(engines: Engines) -> None:
        user = await users.user_named(engines, name)
        await staff.change_role(engines, OPERATOR, user.account_id, Role(role))

    act(work)
    click.echo(f"{name} is {role} now.")


@account.command("password")
@NAME
@click.option("--password", help="Without it you are asked on a terminal; elsewhere one is made and printed.")
def set_password(name: str, password: str | None) -> None:
    """Give the account NAME a new password: all its sessions end, and all tokens of apps. Its owner gets a letter.

    \b
    Example:
      linnet account password ada
    """
    chosen, made = _password(password, f"New password for {name}")

    async def work(engines: Engines) -> None:
        await recovery.give_password(engines, (await users.user_named(engines, name)).account_id, chosen)

    act(work)
    click.echo(f"Password: {chosen}" if made else f"{name} has a new password.")


@account.command("reset-factors")
@NAME
def reset_factors(name: str) -> None:
    """Take the authenticator app, passkeys and recovery codes of NAME away: for an owner who has lost all of them.

    The password stays. Be sure that it is the owner who asks you: they get a letter, and the audit log an entry.

    \b
    Example:
      linnet account reset-factors ada
    """

    async def work(engines: Engines) -> bool:
        return await resetting.reset(engines, (await users.user_named(engines, name)).account_id)

    had_some = act(work)
    click.echo(f"{name} signs in with the password alone now." if had_some else f"{name} has no second factor.")


@account.command()
@NAME
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete(name: str, *, yes: bool) -> None:
    """Delete the account NAME for good, with everything it posted. Nobody can bring it back; the name stays taken.

    \b
    Example:
      linnet account delete mallory --yes
    """
    if not yes:
        if not sys.stdin.isatty():
            raise ProductError("Nobody can be asked here: add --yes to delete the account for good.")
        click.confirm(f"Delete {name} and all it posted, for good?", abort=True)
    _on(name, staff.delete)
    click.echo(f"{name} is gone. A worker erases what it left.")


def _on(name: str, verb: Callable[[Engines, Operator, int], Awaitable[None]]) -> None:
    """Do to the account called `name` what a verb of the staff does."""

    async def work(engines: Engines) -> None:
        await verb(engines, OPERATOR, (await users.user_named(engines, name)).account_id)

    act(work)


def _password(given: str | None, question: str) -> tuple[str, bool]:
    """The password to set, and whether it was made here and must be shown."""
    if given is not None:
        return given, False
    if sys.stdin.isatty():
        return click.prompt(question, hide_input=True, confirmation_prompt=True, type=str), False
    return secrets.token_urlsafe(PASSWORD_BYTES), True


def _state(user: User) -> str:
    if user.is_deleted:
        return "deleted"
    if user.is_suspended:
        return "suspended"
    if user.is_locked:
        return "locked"
    return "active" if user.is_approved else "waits for approval"
