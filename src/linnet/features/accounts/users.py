"""Users: who may sign in and with which role, as the operator and the sign-in form see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from linnet.features.accounts.models import Role
from linnet.features.accounts.passwords import PasswordRules, check_password, hash_password, verify_password
from linnet.features.accounts.store import users as store
from linnet.platform.changes import Kind, change
from linnet.platform.engines import Engines
from linnet.platform.errors import Forbidden, Invalid, NotFound, Unauthenticated

IDENTIFIER_CHARS_MAX: Final = 320
USERS_MAX: Final = 1000

WRONG = "That name and password do not belong together. Check both, and mind capital letters in the password."
PENDING = "Your login is currently pending approval"
DISABLED = "This account has been locked. Write to the operator of this server to have it opened again."


@dataclass(frozen=True, slots=True)
class User:
    """An account with its private half, for the operator."""

    account_id: int
    username: str
    email: str
    role: Role
    created_at: datetime
    is_approved: bool
    is_locked: bool
    is_suspended: bool
    is_deleted: bool


async def recognise(engines: Engines, identifier: str, password: str) -> int:
    """The account of whoever has this user name or e-mail address, and this password.

    Raises `Unauthenticated` with one sentence, after one time, for names nobody has and wrong passwords; with the
    right password `Forbidden` when the account waits for approval or was locked.
    """
    name = identifier.strip().removeprefix("@")
    sane = len(name) <= IDENTIFIER_CHARS_MAX and "\0" not in name
    row = await store.with_identifier(engines.db, name) if sane and name else None
    hash_ = row["password_hash"] if row is not None else None
    if not await verify_password(engines.config(PasswordRules), password, hash_) or row is None:
        raise Unauthenticated(WRONG)
    if not row["open"]:
        raise Forbidden(DISABLED)
    if not row["admitted"]:
        raise Forbidden(PENDING)
    return row["account_id"]


async def user_named(engines: Engines, username: str) -> User:
    """The user with this name, in any case; raises `NotFound`."""
    found = await users(engines, username=username, limit=1)
    if not found:
        raise NotFound(f"There is no account called {username}")
    return found[0]


async def users(
    engines: Engines, *, above_id: int = 0, limit: int = USERS_MAX, username: str | None = None
) -> Sequence[User]:
    """Up to `limit` users by account id, oldest first, beginning above `above_id`; deleted ones too."""
    rows = await store.page(engines.db, above_id=above_id, limit=min(limit, USERS_MAX), username=username)
    return [
        User(
            account_id=row["id"],
            username=row["username"],
            email=row["email"],
            role=Role(row["role"]),
            created_at=row["created_at"],
            is_approved=row["approved_at"] is not None,
            is_locked=row["disabled_at"] is not None,
            is_suspended=row["suspended_at"] is not None,
            is_deleted=row["deleted_at"] is not None,
        )
        for row in rows
    ]


async def set_role(engines: Engines, account_id: int, role: Role) -> None:
    """Give an account another role; it counts at once. Raises `NotFound`."""
    _found(await store.set_role(engines.db, account_id, role))
    await engines.changes.tell([change(Kind.ACCOUNT, account_id), change(Kind.ACCESS, account_id)])


async def set_password(engines: Engines, account_id: int, password: str) -> None:
    """Set a new password for the operator; its strength is the operator's business. Raises `Invalid`, `NotFound`."""
    rules = engines.config(PasswordRules)
    found = [one for one in await check_password(rules, password, ()) if one.code != "ERR_TOO_WEAK"]
    if found:
        raise Invalid.of({"password": found})
    _found(await store.set_password_hash(engines.db, account_id, await hash_password(rules, password)))


async def lock(engines: Engines, account_id: int) -> None:
    """Keep an account from signing in, and end its access at once. Raises `NotFound`."""
    _found(await store.set_disabled(engines.db, account_id, engines.clock.now()))
    await engines.changes.tell([change(Kind.ACCESS, account_id)])


async def unlock(engines: Engines, account_id: int) -> None:
    """Let a locked account sign in again; sessions and tokens that have not expired work again. Raises `NotFound`."""
    _found(await store.set_disabled(engines.db, account_id, None))


async def approve(engines: Engines, account_id: int) -> None:
    """Let an account in that waits for approval; again is no mistake. Raises `NotFound`."""
    _found(await store.set_approved(engines.db, account_id, engines.clock.now()))


def _found(rows: int) -> None:
    if rows == 0:
        raise NotFound("There is no such account")
