"""Proofs: secrets that a letter carries to a person's mailbox, good for one purpose, once, and not for long."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from linnet.features.accounts.store import proofs as store
from linnet.platform.engines import Engines
from linnet.platform.postgres import Queries

SECRET_BYTES: Final = 32
TOKEN_CHARS_MAX: Final = 100
SLICE_ROWS: Final = 1000


class Purpose(StrEnum):
    """What a proof is good for; one for another purpose is worth nothing there."""

    CONFIRM = "confirm"
    RESET = "reset"
    UNLOCK = "unlock"


LIFETIMES_S: Final = {Purpose.CONFIRM: 2 * 86_400, Purpose.RESET: 3600, Purpose.UNLOCK: 3600}
"""How long each kind is good for."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Whose mailbox was reached. `detail` is what the mint was told, such as the address it was sent to."""

    account_id: int
    detail: str


async def mint(
    db: Queries, account_id: int, purpose: Purpose, lifetime_s: float, *, at: datetime, detail: str = ""
) -> str:
    """A new secret, stored only as its hash, that ends the account's older one of this purpose."""
    token = secrets.token_urlsafe(SECRET_BYTES)
    expires_at = at + timedelta(seconds=lifetime_s)
    await store.put(db, account_id, purpose, _hash(token), detail=detail, at=at, expires_at=expires_at)
    return token


async def look(db: Queries, token: str, purpose: Purpose, at: datetime) -> Proof | None:
    """What a secret is worth, without using it up: for the page that asks before anything happens."""
    row = await store.look(db, _hash(token), purpose, at) if len(token) <= TOKEN_CHARS_MAX else None
    return Proof(*row) if row else None


async def spend(db: Queries, token: str, purpose: Purpose, at: datetime) -> Proof | None:
    """Use up a secret; None for one that is unknown, spent, too old or for something else. Of two at once one wins."""
    row = await store.take(db, _hash(token), purpose, at) if len(token) <= TOKEN_CHARS_MAX else None
    return Proof(*row) if row else None


async def end_all(db: Queries, account_id: int) -> None:
    """End every proof of an account: after a change of what guards it, older letters open nothing any more."""
    await store.end_all(db, account_id)


async def forget_expired(engines: Engines) -> None:
    """Delete proofs that nobody used in time."""
    while await store.forget_expired(engines.db, engines.clock.now(), SLICE_ROWS) == SLICE_ROWS:
        pass


def _hash(token: str) -> bytes:
    """256 random bits need no slow hash."""
    return hashlib.sha256(token.encode(errors="replace")).digest()
