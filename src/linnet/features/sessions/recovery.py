"""What guards an account, changed by its owner: password, address, and whether there is an account at all."""

from typing import Final

from linnet.features.accounts import actions as accounts
from linnet.features.accounts import addresses, proofs, users
from linnet.features.accounts.events import PasswordChanged, PasswordResetAsked
from linnet.features.accounts.passwords import PasswordRules, check_password, hash_password
from linnet.features.accounts.proofs import Purpose
from linnet.features.accounts.recipients import Recipient, recipient
from linnet.features.sessions import actions, attempts, devices, factors
from linnet.features.sessions.factors.step_up import require_recent
from linnet.features.sessions.factors.store import steps
from linnet.features.sessions.models import Access, Origin
from linnet.features.sessions.store import oauth as oauth_store
from linnet.features.sessions.store import recovery as store
from linnet.platform.changes import Kind
from linnet.platform.engines import Engines, Transaction
from linnet.platform.errors import Forbidden, Invalid, Problem, Unauthenticated

STALE: Final = "This link was used already, is too old, or a newer letter is on its way. You can ask for another one."
NOT_BY_APPS: Final = "Only the person who is signed in can do this, not an app"
NEVER: Final = 0
"""A session's id that no session has."""


async def forgot(engines: Engines, identifier: str) -> None:
    """Have a letter sent to whoever has this user name or address, if anybody; a job finds out who.

    So it takes the same time and gives the same answer for names that nobody has.
    """
    readable = identifier.replace("\0", "").encode(errors="replace").decode()[: users.IDENTIFIER_CHARS_MAX]
    async with engines.transaction() as tx:
        await tx.record(PasswordResetAsked(identifier=readable))


async def resettable(engines: Engines, token: str) -> str | None:
    """The user name whose password a letter's token would replace, without spending it; None when no one's."""
    person = await _holder(engines, token)
    return person.username if person else None


async def reset(engines: Engines, token: str, password: str, origin: Origin) -> str:
    """Set the password of who got a letter: ends every session and every app's token, and all other letters.

    Nobody is signed in by it, so a second factor is asked for as ever. Only this device is known from then on, by the
    token returned: else whoever goes on guessing would keep the owner out again at once. Raises `Forbidden` for a
    token that is spent or too old, `Invalid` for a weak password, which leaves the token as it was.
    """
    person = await _holder(engines, token)
    if person is None:
        raise Forbidden(STALE)
    new_hash = await _hash(engines, person, password, field="password")
    async with engines.transaction() as tx:
        if await proofs.spend(tx, token, Purpose.RESET, engines.clock.now()) is None:
            raise Forbidden(STALE)
        await users.put_password(tx, person.account_id, new_hash)
        await _shut_all(tx, engines, person.account_id)
        device_token = await devices.trust(tx, person.account_id, origin, engines)
        await tx.record(PasswordChanged(account_id=person.account_id))
    await attempts.unlock(engines, person.account_id)
    return device_token


async def give_password(engines: Engines, account_id: int, password: str) -> None:
    """Set a password for the operator: whoever was in is out, apps too, as after `reset`. Raises `Invalid`, `NotFound`.

    It is how an operator takes an account back from a thief.
    """
    new_hash = await users.hash_given(engines, password)
    async with engines.transaction() as tx:
        await users.give_password(tx, engines, account_id, new_hash)
        await _shut_all(tx, engines, account_id)
        await tx.record(PasswordChanged(account_id=account_id))


async def change_password(engines: Engines, access: Access, current: str, new: str, origin: Origin) -> None:
    """Set another password: every other session ends, apps keep their tokens. Raises `Invalid`, `TooMany`."""
    account_id = await _proved(engines, access, current, origin, field="current")
    person = await recipient(engines.db, account_id)
    assert person is not None, "who is signed in has a user"
    new_hash = await _hash(engines, person, new, field="new")
    async with engines.transaction() as tx:
        await users.put_password(tx, account_id, new_hash)
        await _shut(tx, engines, account_id, but=access.session_id or NEVER)
        await devices.forget_others(tx, account_id, access.session_id or NEVER)
        await tx.record(PasswordChanged(account_id=account_id))


async def change_email(engines: Engines, access: Access, password: str, email: str, origin: Origin) -> None:
    """Ask for another address, which counts once a letter there is answered. Raises `Invalid`, `TooMany`."""
    account_id = await _proved(engines, access, password, origin, field="password")
    await addresses.change(engines, account_id, email, proved=True)


async def delete_account(engines: Engines, access: Access, password: str, origin: Origin) -> None:
    """Delete the account of the person who is signed in, for good. Raises `Invalid`, `TooMany`, `Forbidden`."""
    await accounts.delete(engines, await _proved(engines, access, password, origin, field="password"))


async def unlock(engines: Engines, token: str, origin: Origin) -> str:
    """Let unknown devices of who got a letter try again at once, and know this one, by the token returned.

    Raises `Forbidden` for a token that is spent.
    """
    proof = await proofs.spend(engines.db, token, Purpose.UNLOCK, engines.clock.now())
    if proof is None:
        raise Forbidden(STALE)
    await attempts.unlock(engines, proof.account_id)
    return await devices.trust(engines.db, proof.account_id, origin, engines)


async def unlockable(engines: Engines, token: str) -> bool:
    """Whether a letter's token is still good to let its owner in, without spending it."""
    return await proofs.look(engines.db, token, Purpose.UNLOCK, engines.clock.now()) is not None


async def check_recent(engines: Engines, access: Access) -> None:
    """Raise `StepUpRequired` when who has a second factor has not proved themselves lately; a password is asked anyway.

    A stolen password and a session left open together are not enough to take an account from who has more than these.
    """
    if access.viewer is not None and await factors.wanted(engines, access.viewer.account_id):
        await require_recent(engines, access)


async def _proved(engines: Engines, access: Access, password: str, origin: Origin, *, field: str) -> int:
    """The account of who is signed in and typed their password, and lately a second factor if they have one."""
    if access.viewer is None or access.session_id is None:
        raise Forbidden(NOT_BY_APPS)
    account_id = access.viewer.account_id
    if not password:
        raise Invalid.of({field: [Problem("ERR_BLANK", "can't be blank")]})
    await check_recent(engines, access)
    try:
        await actions.confirm(engines, account_id, password, origin)
    except Unauthenticated:
        raise Invalid.of({field: [Problem("ERR_INVALID", "is not your password")]}) from None
    return account_id


async def _holder(engines: Engines, token: str) -> Recipient | None:
    proof = await proofs.look(engines.db, token, Purpose.RESET, engines.clock.now())
    return await recipient(engines.db, proof.account_id) if proof else None


async def _hash(engines: Engines, person: Recipient, password: str, *, field: str) -> str:
    rules = engines.config(PasswordRules)
    if problems := await check_password(rules, password, [person.username, person.email]):
        raise Invalid.of({field: problems})
    await engines.db.let_go()
    return await hash_password(rules, password)


async def _shut_all(tx: Transaction, engines: Engines, account_id: int) -> None:
    """End also what apps have, and know no device any more."""
    await _shut(tx, engines, account_id)
    await oauth_store.revoke_all(tx, account_id, engines.clock.now())
    await devices.forget_all(tx, account_id)


async def _shut(tx: Transaction, engines: Engines, account_id: int, *, but: int = NEVER) -> None:
    """End what the old password may have opened: sessions but one; codes, second steps, letters, a new address."""
    now = engines.clock.now()
    await store.revoke_others(tx, account_id, but, now)
    await store.drop_codes(tx, account_id)
    await steps.forget_account(tx, account_id)
    await proofs.end_all(tx, account_id)
    await addresses.drop_new(tx, account_id)
    tx.changed(Kind.ACCESS, account_id)
