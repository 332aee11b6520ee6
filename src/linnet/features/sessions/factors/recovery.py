"""Recovery codes: ten, shown once, each good once instead of a second factor; never instead of the password."""

import re
import secrets
from typing import Final

from linnet.features.sessions.factors.events import FactorsChanged
from linnet.features.sessions.factors.store import proofs
from linnet.features.sessions.factors.store import recovery as store
from linnet.features.sessions.tokens import hash_of
from linnet.platform.engines import Engines, Transaction
from linnet.platform.errors import Conflict

CODES: Final = 10

_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: no i, l, o or u."""
_CHARS: Final = 24
"""120 bits: beyond guessing even where the database leaked, so a fast hash is enough (ASVS 6.5.2: 112)."""
_GROUP: Final = 6
_MISREAD: Final = str.maketrans("ilo", "110")


async def renew(engines: Engines, account_id: int) -> list[str]:
    """Ten new codes, in clear this once; the old ones stop working. Raises `Conflict` without a second factor."""
    async with engines.transaction() as tx:
        await proofs.hold(tx, account_id)
        found = await proofs.factors(tx, account_id)
        if not found["totp"] and not found["passkeys"]:
            raise Conflict("Recovery codes stand in for a second factor. Add an authenticator app or a passkey first.")
        codes = await make(engines, tx, account_id)
        await tx.record(FactorsChanged(account_id, "recovery_codes_made"))
    return codes


async def make_first(engines: Engines, tx: Transaction, account_id: int) -> list[str]:
    """Codes for whoever has just added a factor and has none left; else nothing. The account is held."""
    found = await proofs.factors(tx, account_id)
    return [] if found["codes_left"] else await make(engines, tx, account_id)


async def make(engines: Engines, tx: Transaction, account_id: int) -> list[str]:
    """Ten codes instead of those there were."""
    codes = [_new_code() for _ in range(CODES)]
    await store.remove(tx, account_id)
    await store.insert(tx, account_id, [hash_of(_plain(code)) for code in codes], engines.clock.now())
    return codes


async def forget_unneeded(tx: Transaction, account_id: int) -> None:
    """Drop the codes of an account that has no factor left which they could stand in for. The account is held."""
    found = await proofs.factors(tx, account_id)
    if not found["totp"] and not found["passkeys"]:
        await store.remove(tx, account_id)


async def spend(engines: Engines, account_id: int, code: str) -> bool:
    """Whether this is an unused code of the account, which it no longer is then; its owner is told."""
    async with engines.transaction() as tx:
        spent = await store.spend(tx, account_id, hash_of(_plain(code)), engines.clock.now())
        if spent:
            await tx.record(FactorsChanged(account_id, "recovery_code_used"))
    return spent


def _new_code() -> str:
    text = "".join(secrets.choice(_ALPHABET) for _ in range(_CHARS))
    return "-".join(text[start : start + _GROUP] for start in range(0, _CHARS, _GROUP))


def _plain(code: str) -> str:
    """A code as it was typed, without what people add or misread."""
    return re.sub(r"[\s-]", "", code).lower().translate(_MISREAD)
