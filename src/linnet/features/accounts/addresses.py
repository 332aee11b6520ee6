"""E-mail addresses: confirmed by an answered letter, changed only when the new one is, and the old one is told."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import asyncpg

from linnet.features.accounts import proofs
from linnet.features.accounts.canonical_emails import check_mailbox
from linnet.features.accounts.events import AccountDeleted, AddressConfirmed, ConfirmationAsked, EmailChanged
from linnet.features.accounts.mail_domains import check_mail_domain
from linnet.features.accounts.names import check_email
from linnet.features.accounts.proofs import Proof, Purpose
from linnet.features.accounts.store import addresses as store
from linnet.features.moderation import standings
from linnet.features.moderation.standing import What
from linnet.platform.changes import Kind
from linnet.platform.engines import Engines, Transaction
from linnet.platform.errors import Forbidden, Invalid, Problem

STALE: Final = "This link was used already, is too old, or a newer letter is on its way. You can ask for another one."
UNCONFIRMED_KEPT: Final = timedelta(days=7)
SLICE_ROWS: Final = 100
NOTHING_TO_CONFIRM: Final = "This method is only available while the e-mail is awaiting confirmation"


@dataclass(frozen=True, slots=True)
class AddressRules:
    """Whether an address counts only once a letter sent there was answered: wherever letters are sent at all."""

    proved: bool = False


@dataclass(frozen=True, slots=True)
class Address:
    """An account's address as its owner sees it."""

    email: str
    is_confirmed: bool
    new_email: str | None
    """Asked for, and waiting for its letter to be answered."""


async def address_of(engines: Engines, account_id: int) -> Address:
    """The address of an account whose owner asks."""
    row = await store.address(engines.db, account_id)
    assert row is not None, "who has access has a user"
    return Address(row["email"], row["is_confirmed"], row["new_email"])


async def ask_again(engines: Engines, account_id: int, email: str | None = None) -> None:
    """Send the letter again that waits for an answer; a new member may name another address for it.

    Raises `Forbidden` when no letter waits for an answer, `Invalid` for an address that cannot be used.
    """
    address = await address_of(engines, account_id)
    if address.is_confirmed and (address.new_email is None or email is not None):
        raise Forbidden(NOTHING_TO_CONFIRM)
    if email is not None:
        await change(engines, account_id, email, proved=False)
        return
    async with engines.transaction() as tx:
        await tx.record(ConfirmationAsked(account_id=account_id))


async def change(engines: Engines, account_id: int, email: str, *, proved: bool) -> None:
    """Ask for another address: a letter goes there, and it counts once that is answered. Raises `Invalid`.

    Where no letters are sent it counts at once. A new member's first address was never theirs, and is replaced at once.
    To ask for the present one takes an earlier wish back. Unless it is `proved` by a password that the owner asks,
    only new members may: a token alone would let an app lead the letters to itself. Raises `Forbidden`.
    """
    email = email.strip()
    problems = check_email(email) or await check_mail_domain(engines, email) or await check_mailbox(engines, email)
    if problems:
        raise Invalid.of({"email": problems})
    try:
        async with engines.transaction() as tx:
            row = await store.address_to_change(tx, account_id)
            assert row is not None, "who has access has a user"
            if row["is_confirmed"] and not proved:
                raise Forbidden(NOTHING_TO_CONFIRM)
            if row["is_confirmed"] and email == row["email"]:
                await store.set_new(tx, account_id, None)
                return
            if await store.taken_by_another(tx, account_id, email):
                raise Invalid.of({"email": [_TAKEN]})
            if row["is_confirmed"] and engines.config(AddressRules).proved:
                await store.set_new(tx, account_id, email)
                await tx.record(ConfirmationAsked(account_id=account_id))
            elif row["is_confirmed"]:
                await _put(tx, account_id, email, row["email"])
            else:
                await store.put(tx, account_id, email)
                await tx.record(ConfirmationAsked(account_id=account_id))
    except asyncpg.UniqueViolationError:
        raise Invalid.of({"email": [_TAKEN]}) from None


async def drop_new(tx: Transaction, account_id: int) -> None:
    """Forget the address that was asked for: whoever asked may not have been the owner."""
    await store.set_new(tx, account_id, None)


async def confirm(engines: Engines, token: str) -> int:
    """Spend the proof from a letter: its address counts from now on. The account; raises `Forbidden`, `Invalid`."""
    now = engines.clock.now()
    try:
        async with engines.transaction() as tx:
            proof = await proofs.spend(tx, token, Purpose.CONFIRM, now)
            row = await store.address_to_change(tx, proof.account_id) if proof else None
            if proof is None or row is None:
                raise Forbidden(STALE)
            await store.confirm(tx, proof.account_id, now)
            await standings.note(tx, proof.account_id, What.MAIL_CONFIRMED, now)
            tx.changed(Kind.ACCESS, proof.account_id)
            if proof.detail == row["new_email"]:
                await _put(tx, proof.account_id, proof.detail, row["email"])
            elif proof.detail == row["email"]:
                await tx.record(AddressConfirmed(account_id=proof.account_id))
            else:
                raise Forbidden(STALE)
    except asyncpg.UniqueViolationError:  # somebody else signed up with it meanwhile
        raise Invalid.of({"email": [_TAKEN]}) from None
    return proof.account_id


async def forget_unconfirmed(engines: Engines) -> None:
    """Take away accounts whose address nobody confirmed within a week: name and address are free again."""
    before = engines.clock.now() - UNCONFIRMED_KEPT
    gone = SLICE_ROWS
    while gone == SLICE_ROWS:
        async with engines.transaction() as tx:
            account_ids = await store.forget_unconfirmed(tx, before, SLICE_ROWS)
            for account_id in account_ids:
                tx.changed(Kind.ACCOUNT, account_id)
                tx.changed(Kind.ACCESS, account_id)
                await tx.record(AccountDeleted(account_id=account_id))
        gone = len(account_ids)


async def confirmable(engines: Engines, token: str) -> Proof | None:
    """What the proof from a letter would confirm, without spending it; None when nothing."""
    return await proofs.look(engines.db, token, Purpose.CONFIRM, engines.clock.now())


async def _put(tx: Transaction, account_id: int, email: str, former_email: str) -> None:
    """Let another address count; letters to the former one open nothing any more."""
    await store.put(tx, account_id, email)
    await proofs.end_all(tx, account_id)
    await tx.record(EmailChanged(account_id=account_id, former_email=former_email))


_TAKEN = Problem("ERR_TAKEN", "belongs to an account already")
