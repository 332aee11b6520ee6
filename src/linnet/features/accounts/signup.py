"""Signing up: every problem of a form at once, then an account in one transaction, exact under concurrency."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import asyncpg

from linnet.features.accounts import challenges, invites
from linnet.features.accounts.addresses import AddressRules
from linnet.features.accounts.ages import check_age
from linnet.features.accounts.audit import Act, note
from linnet.features.accounts.canonical_emails import check_mailbox
from linnet.features.accounts.events import SignedUp
from linnet.features.accounts.invites import Invitation
from linnet.features.accounts.ip_blocks.gate import gate_now
from linnet.features.accounts.ip_blocks.models import Severity
from linnet.features.accounts.likenesses import check_username_likeness
from linnet.features.accounts.mail_domains import check_mail_domain
from linnet.features.accounts.models import Role
from linnet.features.accounts.names import EMAIL_LENGTH_MAX, USERNAME_LENGTH_MAX, check_email, check_username
from linnet.features.accounts.passwords import PasswordRules, check_password, hash_password
from linnet.features.accounts.store import users as store
from linnet.features.moderation import standings
from linnet.features.moderation.standing import Origin
from linnet.platform.engines import Engines
from linnet.platform.errors import Forbidden, Invalid, Problem

Details = dict[str, list[Problem]]

REASON_CHARS_MAX: Final = 500
LOCALE_CHARS_MAX: Final = 20


class SignupMode(StrEnum):
    """Who may sign up."""

    OPEN = "open"
    APPROVAL = "approval"
    """Whoever a moderator lets in, or brings an invitation of staff."""
    INVITE = "invite"
    """Whoever brings an invitation."""
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class SignupRules:
    """How new people come in. Without a mail server an address counts as confirmed at once."""

    mode: SignupMode = SignupMode.OPEN
    age_minimum: int = 0
    """Years; 0 when nobody is asked."""
    message: str = ""
    """What people read while nobody can join."""


@dataclass(frozen=True, slots=True)
class SignUp:
    """What a person fills in."""

    username: str
    email: str
    password: str
    agreement: bool
    locale: str = "en"
    reason: str = ""
    invite_code: str = ""
    date_of_birth: str = ""
    """As 2001-12-31."""
    challenge_answer: str = ""
    """Base64 of ALTCHA's JSON, where newcomers solve a puzzle. Who brings an invitation need not."""


async def sign_up(engines: Engines, form: SignUp, address: str = "", *, app_id: int | None = None) -> int:
    """Make an account for the person who filled in `form` at an IP address; its id. It may still wait for approval.

    `app_id`: the app that they filled it in with.

    Raises `Invalid` with every field's problems, `Forbidden` when nobody can sign up here or there, `TooMany`.
    """
    rules = engines.config(SignupRules)
    if rules.mode is SignupMode.CLOSED:
        raise Forbidden("This server does not take new members")
    block = (await gate_now(engines)).hardest(address, engines.clock.now())
    if block is not None and block.severity is not Severity.SIGN_UP_REQUIRES_APPROVAL:
        raise Forbidden("This server does not take new members from your network. Please ask its operator.")
    code = form.invite_code.strip()
    invitation = await invites.find(engines, code) if code else None
    problems = await _problems(engines, form, engines.config(PasswordRules))
    problems |= await _strangers_problems(engines, form, problems)
    problems |= _form_problems(form)
    problems |= await _entry_problems(engines, form, invitation)
    if problems:
        raise Invalid.of(problems)
    if _must_solve(engines, invitation):
        await challenges.spend(engines, form.challenge_answer)
    return await _create(engines, form, role=Role.USER, invite_code=code, watched=block is not None, app_id=app_id)


async def create_account(engines: Engines, *, username: str, email: str, password: str, role: Role) -> int:
    """Make an account that can sign in at once, for the operator; its id. Raises `Invalid`.

    The operator may take reserved names and weak passwords: `reserved` and strength are rules for strangers.
    """
    form = SignUp(username, email, password, agreement=True)
    found = await _problems(engines, form, replace(engines.config(PasswordRules), strength_checked=False))
    kept = {name: [one for one in problems if one.code != "ERR_RESERVED"] for name, problems in found.items()}
    if problems := {name: rest for name, rest in kept.items() if rest}:
        raise Invalid.of(problems)
    return await _create(engines, form, role=role, by_operator=True)


async def _problems(engines: Engines, form: SignUp, rules: PasswordRules) -> Details:
    """What is wrong with name, address and password, by field; fields without problems are absent."""
    own_words = [form.username[:USERNAME_LENGTH_MAX], form.email[:EMAIL_LENGTH_MAX]]
    found = {
        "username": list(check_username(form.username)),
        "email": list(check_email(form.email)),
        "password": await check_password(rules, form.password, own_words, trusted=False),
    }
    if not (found["username"] and found["email"]):
        name_taken, email_taken = await store.taken(engines.db, form.username, form.email)
        if name_taken and not found["username"]:
            found["username"] = [_NAME_TAKEN]
        if email_taken and not found["email"]:
            found["email"] = [_EMAIL_TAKEN]
    return {name: problems for name, problems in found.items() if problems}


async def _strangers_problems(engines: Engines, form: SignUp, found: Details) -> Details:
    """What is wrong with a name and an address for somebody who is not the operator, if nothing else is."""
    problems: Details = {}
    if "username" not in found:
        problems["username"] = await check_username_likeness(engines.db, form.username)
    if "email" not in found:
        problems["email"] = await check_mail_domain(engines, form.email) or await check_mailbox(engines, form.email)
    return {name: some for name, some in problems.items() if some}


def _form_problems(form: SignUp) -> Details:
    """What is wrong with the rest of the form."""
    problems: Details = {}
    if not form.agreement:
        problems["agreement"] = [Problem("ERR_ACCEPTED", "must be accepted")]
    if len(form.reason) > REASON_CHARS_MAX:
        problems["reason"] = [Problem("ERR_TOO_LONG", f"is too long (maximum is {REASON_CHARS_MAX} characters)")]
    if len(form.locale) > LOCALE_CHARS_MAX:
        problems["locale"] = [Problem("ERR_INVALID", "must be the code of a language, such as en or pt-BR")]
    return problems


async def _entry_problems(engines: Engines, form: SignUp, invitation: Invitation | None) -> Details:
    """What this server asks of newcomers that is missing or wrong."""
    rules, problems = engines.config(SignupRules), Details()
    if form.invite_code.strip() and invitation is None:
        problems["invite_code"] = [_INVITE_ENDED]
    elif rules.mode is SignupMode.INVITE and invitation is None:
        problems["invite_code"] = [Problem("ERR_BLANK", "can't be blank: ask a member for an invitation")]
    needs_reason = rules.mode is SignupMode.APPROVAL and not (invitation and invitation.admits)
    if needs_reason and not form.reason.strip():
        problems["reason"] = [Problem("ERR_BLANK", "can't be blank")]
    if rules.age_minimum:
        problems["date_of_birth"] = check_age(form.date_of_birth, rules.age_minimum, engines.clock.now().date())
    if _must_solve(engines, invitation):
        problems["altcha"] = await challenges.check_answer(engines, form.challenge_answer)
    return {name: some for name, some in problems.items() if some}


def _must_solve(engines: Engines, invitation: Invitation | None) -> bool:
    return engines.config(challenges.ChallengeRules).is_on and invitation is None


async def _create(
    engines: Engines,
    form: SignUp,
    *,
    role: Role,
    invite_code: str = "",
    by_operator: bool = False,
    watched: bool = False,
    app_id: int | None = None,
) -> int:
    """`watched`: the network it comes from needs approval, whatever the mode, and whoever invites."""
    rules, now = engines.config(SignupRules), engines.clock.now()
    password_hash = await hash_password(engines.config(PasswordRules), form.password, trusted=False)
    try:
        async with engines.transaction() as tx:
            invitation = await invites.use(tx, invite_code, now) if invite_code else None
            if invite_code and invitation is None:  # somebody else was faster
                raise Invalid.of({"invite_code": [_INVITE_ENDED]})
            admitted = rules.mode is not SignupMode.APPROVAL or (invitation and invitation.admits)
            account_id = await store.insert(
                tx,
                form.username,
                form.email,
                password_hash=password_hash,
                role=role,
                locale=form.locale or "en",
                reason=form.reason.strip(),
                approved_at=now if by_operator or (admitted and not watched) else None,
                confirmed_at=now if by_operator or not engines.config(AddressRules).proved else None,
                at=now,
            )
            if invitation is not None or app_id is not None or (rules.age_minimum and not by_operator):
                await store.note_entry(
                    tx,
                    account_id,
                    invite_id=invitation.invite_id if invitation else None,
                    invited_by=invitation.invited_by if invitation else None,
                    age_confirmed_at=now if rules.age_minimum else None,
                    app_id=app_id,
                )
            if by_operator:
                await note(tx, None, Act.ACCOUNT_CREATE, account_id, {"role": role}, at=now)
            came = Origin.INVITED if invitation is not None else Origin.OPEN
            await standings.begin(tx, account_id, Origin.OPERATOR if by_operator else came)
            await tx.record(SignedUp(account_id=account_id))
    except asyncpg.UniqueViolationError as error:  # somebody else was faster, between the check and the insert
        if error.constraint_name == "users_email":
            raise Invalid.of({"email": [_EMAIL_TAKEN]}) from None
        raise Invalid.of({"username": [_NAME_TAKEN]}) from None
    return account_id


_NAME_TAKEN: Final = Problem("ERR_TAKEN", "is taken; please choose another one")
_EMAIL_TAKEN: Final = Problem("ERR_TAKEN", "belongs to an account already; sign in instead?")
_INVITE_ENDED: Final = Problem("ERR_INVALID", "is not valid, or was used up; ask for another one")
