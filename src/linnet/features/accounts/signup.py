"""Signing up: every problem of a form at once, then an account in one transaction, exact under concurrency."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import asyncpg

from linnet.features.accounts.addresses import AddressRules
from linnet.features.accounts.audit import Act, note
from linnet.features.accounts.events import SignedUp
from linnet.features.accounts.models import Role
from linnet.features.accounts.names import EMAIL_LENGTH_MAX, USERNAME_LENGTH_MAX, check_email, check_username
from linnet.features.accounts.passwords import PasswordRules, check_password, hash_password
from linnet.features.accounts.store import users as store
from linnet.platform.engines import Engines
from linnet.platform.errors import Forbidden, Invalid, Problem

REASON_CHARS_MAX: Final = 500
LOCALE_CHARS_MAX: Final = 20


class SignupMode(StrEnum):
    """Who may sign up."""

    OPEN = "open"
    APPROVAL = "approval"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class SignupRules:
    """How new people come in. Without a mail server an address counts as confirmed at once."""

    mode: SignupMode = SignupMode.OPEN


@dataclass(frozen=True, slots=True)
class SignUp:
    """What a person fills in."""

    username: str
    email: str
    password: str
    agreement: bool
    locale: str = "en"
    reason: str = ""


async def sign_up(engines: Engines, form: SignUp) -> int:
    """Make an account for the person who filled in `form`; its id. It may still wait for approval.

    Raises `Invalid` with every field's problems, `Forbidden` when nobody can sign up here.
    """
    mode = engines.config(SignupRules).mode
    if mode is SignupMode.CLOSED:
        raise Forbidden("This server does not take new members")
    problems = await _problems(engines, form)
    if not form.agreement:
        problems["agreement"] = [Problem("ERR_ACCEPTED", "must be accepted")]
    if mode is SignupMode.APPROVAL and not form.reason.strip():
        problems["reason"] = [Problem("ERR_BLANK", "can't be blank")]
    if len(form.reason) > REASON_CHARS_MAX:
        problems["reason"] = [Problem("ERR_TOO_LONG", f"is too long (maximum is {REASON_CHARS_MAX} characters)")]
    if len(form.locale) > LOCALE_CHARS_MAX:
        problems["locale"] = [Problem("ERR_INVALID", "must be the code of a language, such as en or pt-BR")]
    if problems:
        raise Invalid.of(problems)
    return await _create(engines, form, role=Role.USER, approved=mode is SignupMode.OPEN)


async def create_account(engines: Engines, *, username: str, email: str, password: str, role: Role) -> int:
    """Make an account that can sign in at once, for the operator; its id. Raises `Invalid`.

    The operator may take reserved names and weak passwords: `reserved` and strength are rules for strangers.
    """
    form = SignUp(username, email, password, agreement=True)
    found = await _problems(engines, form)
    waived = {"ERR_RESERVED", "ERR_TOO_WEAK"}
    kept = {name: [one for one in problems if one.code not in waived] for name, problems in found.items()}
    if problems := {name: rest for name, rest in kept.items() if rest}:
        raise Invalid.of(problems)
    return await _create(engines, form, role=role, approved=True, by_operator=True)


async def _problems(engines: Engines, form: SignUp) -> dict[str, list[Problem]]:
    """What is wrong with name, address and password, by field; fields without problems are absent."""
    own_words = [form.username[:USERNAME_LENGTH_MAX], form.email[:EMAIL_LENGTH_MAX]]
    found = {
        "username": list(check_username(form.username)),
        "email": list(check_email(form.email)),
        "password": await check_password(engines.config(PasswordRules), form.password, own_words),
    }
    if not (found["username"] and found["email"]):
        name_taken, email_taken = await store.taken(engines.db, form.username, form.email)
        if name_taken and not found["username"]:
            found["username"] = [_NAME_TAKEN]
        if email_taken and not found["email"]:
            found["email"] = [_EMAIL_TAKEN]
    return {name: problems for name, problems in found.items() if problems}


async def _create(engines: Engines, form: SignUp, *, role: Role, approved: bool, by_operator: bool = False) -> int:
    await engines.db.let_go()
    password_hash = await hash_password(engines.config(PasswordRules), form.password)
    now = engines.clock.now()
    try:
        async with engines.transaction() as tx:
            account_id = await store.insert(
                tx,
                form.username,
                form.email,
                password_hash=password_hash,
                role=role,
                locale=form.locale or "en",
                reason=form.reason.strip(),
                approved_at=now if approved else None,
                confirmed_at=now if by_operator or not engines.config(AddressRules).proved else None,
                at=now,
            )
            if by_operator:
                await note(tx, None, Act.ACCOUNT_CREATE, account_id, {"role": role}, at=now)
            await tx.record(SignedUp(account_id=account_id))
    except asyncpg.UniqueViolationError as error:  # somebody else was faster, between the check and the insert
        if error.constraint_name == "users_email":
            raise Invalid.of({"email": [_EMAIL_TAKEN]}) from None
        raise Invalid.of({"username": [_NAME_TAKEN]}) from None
    return account_id


_NAME_TAKEN: Final = Problem("ERR_TAKEN", "is taken; please choose another one")
_EMAIL_TAKEN: Final = Problem("ERR_TAKEN", "belongs to an account already; sign in instead?")
