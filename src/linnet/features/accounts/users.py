"""Users: who may sign in and with which role, as the operator and the sign-in form see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import asyncpg

from linnet.features.accounts.audit import Act, note
from linnet.features.accounts.models import Role
from linnet.features.accounts.passwords import (
    PasswordRules,
    check_password,
    hash_password,
    is_outdated,
    verify_password,
)
from linnet.features.accounts.store import users as store
from linnet.platform.engines import Engines, Transaction
from linnet.platform.errors import Forbidden, Invalid, NotFound

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


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who signs in, as far as a name says; all empty for a name that nobody has."""

    account_id: int | None = None
    password_hash: str | None = None
    is_open: bool = True
    """False for the disabled, the suspended and the deleted."""
    is_admitted: bool = True
    """False while it waits for approval. One that has not confirmed its address yet may sign in, to do just that."""


async def candidate(engines: Engines, identifier: str) -> Candidate:
    """Whoever has this user name or e-mail address; in one time for names that nobody has, too."""
    name = identifier.strip().removeprefix("@")
    sane = 0 < len(name) <= IDENTIFIER_CHARS_MAX and "\0" not in name
    return _candidate(await store.with_identifier(engines.db, name if sane else ""))


async def candidate_with(engines: Engines, account_id: int) -> Candidate:
    """The candidate that this account is, for somebody who is signed in and types their password again."""
    return _candidate(await store.with_id(engines.db, account_id))


async def proof_of(engines: Engines, who: Candidate, password: str, *, trusted: bool = False) -> str | None:
    """The hash that proves this to be the candidate's password, None for a wrong one or no candidate, in one time.

    Count the try before you ask. A right one whose hash was made by older rules is hashed anew. `trusted` ones are
    served when strangers wait in vain. Raises `TooMany` when so many wait that this would come too late.
    """
    rules = engines.config(PasswordRules)
    await engines.db.let_go()
    if not await verify_password(rules, password, who.password_hash, trusted=trusted):
        return None
    assert who.account_id is not None
    assert who.password_hash is not None
    if not is_outdated(rules, who.password_hash):
        return who.password_hash
    fresh = await hash_password(rules, password)
    await store.replace_password_hash(engines.db, who.account_id, who.password_hash, fresh)
    return fresh


async def is_proved_by(tx: Transaction, account_id: int, proof: str) -> bool:
    """Whether what `proof_of` gave still is the hash of the account's password; nobody changes it until the end."""
    return await store.holds_password_hash(tx, account_id, proof)


def admit(who: Candidate) -> int:
    """The account of a candidate whose password was right; raises `Forbidden` when it may not sign in (yet)."""
    assert who.account_id is not None
    if not who.is_open:
        raise Forbidden(DISABLED)
    if not who.is_admitted:
        raise Forbidden(PENDING)
    return who.account_id


def _candidate(row: asyncpg.Record | None) -> Candidate:
    if row is None:
        return Candidate()
    return Candidate(row["account_id"], row["password_hash"], row["open"], row["admitted"])


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


async def hash_given(engines: Engines, password: str) -> str:
    """The hash of a password that the operator gives; its strength is their business. Raises `Invalid`."""
    rules = engines.config(PasswordRules)
    found = [one for one in await check_password(rules, password, ()) if one.code != "ERR_TOO_WEAK"]
    if found:
        raise Invalid.of({"password": found})
    return await hash_password(rules, password)


async def give_password(tx: Transaction, engines: Engines, account_id: int, password_hash: str) -> None:
    """Store what `hash_given` made, as part of what else that means; it is in the audit log. Raises `NotFound`."""
    _found(await store.set_password_hash(tx, account_id, password_hash))
    await note(tx, None, Act.ACCOUNT_PASSWORD, account_id, at=engines.clock.now())


async def put_password(tx: Transaction, account_id: int, password_hash: str) -> None:
    """Store the hash of a password that its owner chose, as part of what else that means."""
    await store.set_password_hash(tx, account_id, password_hash)


def _found(rows: int) -> None:
    if rows == 0:
        raise NotFound("There is no such account")
