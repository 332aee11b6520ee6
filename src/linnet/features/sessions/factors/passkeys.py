"""Passkeys: an account's own, and who somebody is that signs with one."""

from collections.abc import Sequence
from typing import Any, Final, cast

from webauthn.helpers.structs import CredentialDeviceType

from linnet.features.accounts import reads as accounts
from linnet.features.sessions.factors import ceremonies, recovery
from linnet.features.sessions.factors.ceremonies import ACCOUNT_BYTES, Purpose
from linnet.features.sessions.factors.events import FactorsChanged
from linnet.features.sessions.factors.models import Json, Passkey
from linnet.features.sessions.factors.store import passkeys as store
from linnet.features.sessions.factors.store import proofs
from linnet.platform.engines import Engines
from linnet.platform.errors import Conflict, Invalid, NotFound, Problem

PASSKEYS_MAX: Final = 20
NAME_CHARS_MAX: Final = 60
DEFAULT_NAME: Final = "Passkey"

_TRANSPORTS: Final = frozenset({"ble", "hybrid", "internal", "nfc", "smart-card", "usb"})

REFUSED: Final = "The passkey's answer is not valid (any more). Please try again."


async def ask_to_add(engines: Engines, account_id: int, *, bound_to: str) -> Json:
    """What the browser hands to `navigator.credentials.create`; `Conflict` when there are too many passkeys."""
    names = await accounts.usernames(engines.db, [account_id])
    known = await store.of_account(engines.db, account_id, PASSKEYS_MAX)
    _check_number(len(known))
    return await ceremonies.ask_to_register(
        engines,
        account_id,
        names[account_id],
        known=[row["credential_id"] for row in known],
        bound_to=bound_to,
    )


async def add(
    engines: Engines, account_id: int, credential: Json, name: str, *, bound_to: str, session_id: int
) -> tuple[Passkey, list[str]]:
    """Keep the passkey that answered `ask_to_add`; it, and new recovery codes when there were none left.

    As with an authenticator app, other sessions than this one are to prove themselves anew.
    Raises `Invalid` for an answer that is wrong, old or was used, `Conflict` for a credential that is known already.
    """
    name = _named(name)
    found = await ceremonies.registered(engines, credential, bound_to=bound_to)
    if found is None:
        raise Invalid(REFUSED, {"credential": [Problem("ERR_INVALID", "is not valid (any more)")]})
    now = engines.clock.now()
    async with engines.transaction() as tx:
        await proofs.hold(tx, account_id)
        _check_number(len(await store.of_account(tx, account_id, PASSKEYS_MAX)))
        passkey_id = await store.insert(
            tx,
            account_id,
            credential_id=found.credential_id,
            public_key=found.credential_public_key,
            sign_count=found.sign_count,
            name=name,
            transports=_transports(credential),
            backup_eligible=found.credential_device_type is CredentialDeviceType.MULTI_DEVICE,
            backed_up=found.credential_backed_up,
            at=now,
        )
        if passkey_id is None:
            raise Conflict("This passkey is known here already.")
        await proofs.distrust_others(tx, account_id, session_id)
        codes = await recovery.make_first(engines, tx, account_id)
        await tx.record(FactorsChanged(account_id, "passkey_added"))
    return Passkey(passkey_id, name, now, None, found.credential_backed_up), codes


async def of_account(engines: Engines, account_id: int) -> Sequence[Passkey]:
    """An account's passkeys, oldest first."""
    rows = await store.of_account(engines.db, account_id, PASSKEYS_MAX)
    return [Passkey(row["id"], row["name"], row["created_at"], row["used_at"], row["backed_up"]) for row in rows]


async def rename(engines: Engines, account_id: int, passkey_id: int, name: str) -> None:
    """Name a passkey anew. Raises `NotFound`, `Invalid`."""
    if not await store.rename(engines.db, account_id, passkey_id, _named(name)):
        raise NotFound


async def remove(engines: Engines, account_id: int, passkey_id: int) -> None:
    """Let a passkey no longer count. Raises `NotFound`."""
    async with engines.transaction() as tx:
        await proofs.hold(tx, account_id)
        if not await store.remove(tx, account_id, passkey_id):
            raise NotFound
        await recovery.forget_unneeded(tx, account_id)
        await tx.record(FactorsChanged(account_id, "passkey_removed"))


async def ask_to_sign(engines: Engines, account_id: int | None, purpose: Purpose, *, bound_to: str) -> Json:
    """What the browser hands to `navigator.credentials.get`; with no account any passkey of this server may answer."""
    rows = () if account_id is None else await store.of_account(engines.db, account_id, PASSKEYS_MAX)
    known = [bytes(row["credential_id"]) for row in rows]
    return await ceremonies.ask_to_sign(engines, purpose, known=known, bound_to=bound_to)


async def recognise(engines: Engines, credential: Json, purpose: Purpose, *, bound_to: str) -> int | None:
    """The account whose passkey answered `ask_to_sign`, or None.

    A passkey whose counter did not go up may be a copy: it is refused, and its owner is told.
    """
    named = ceremonies.credential_of(credential)
    row = await store.with_credential(engines.db, named[0]) if named is not None else None
    if named is None or row is None:
        return None
    account_id: int = row["account_id"]
    found = await ceremonies.signed(engines, credential, row["public_key"], purpose, bound_to=bound_to)
    if found is None or named[1] not in {None, account_id.to_bytes(ACCOUNT_BYTES, "big")}:
        return None
    if row["backup_eligible"] != (found.credential_device_type is CredentialDeviceType.MULTI_DEVICE):
        return None  # it never changes for a credential (WebAuthn, 7.2)
    if await store.use(
        engines.db,
        row["id"],
        sign_count=found.new_sign_count,
        backed_up=found.credential_backed_up,
        at=engines.clock.now(),
    ):
        return account_id
    async with engines.transaction() as tx:
        await tx.record(FactorsChanged(account_id, "passkey_suspect"))
    return None


def _named(name: str) -> str:
    name = " ".join(name.split()) or DEFAULT_NAME
    if len(name) > NAME_CHARS_MAX:
        too_long = Problem("ERR_TOO_LONG", f"is too long (maximum is {NAME_CHARS_MAX} characters)")
        raise Invalid.of({"name": [too_long]})
    return name


def _check_number(number: int) -> None:
    if number >= PASSKEYS_MAX:
        raise Conflict(f"An account has {PASSKEYS_MAX} passkeys at most. Remove one first.")


def _transports(credential: Json) -> list[str]:
    """How the authenticator says it can be reached: kept only as far as the words are known."""
    response = credential.get("response")
    said = cast("dict[str, Any]", response).get("transports") if isinstance(response, dict) else None
    words = cast("list[object]", said) if isinstance(said, list) else []
    return sorted({word for word in words if isinstance(word, str)} & _TRANSPORTS)
