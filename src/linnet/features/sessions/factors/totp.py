"""Authenticator apps: six digits that change every half minute (TOTP, RFC 6238), each good once."""

import hmac
from datetime import datetime, timedelta
from typing import Final

from pyotp import random_base32
from pyotp.totp import TOTP

from linnet.features.accounts import reads as accounts
from linnet.features.sessions.factors import recovery
from linnet.features.sessions.factors.events import FactorsChanged
from linnet.features.sessions.factors.models import Enrolment
from linnet.features.sessions.factors.sealing import Sealed, current_key_id, seal, unseal
from linnet.features.sessions.factors.store import proofs
from linnet.features.sessions.factors.store import totp as store
from linnet.features.sessions.tokens import TokenRules
from linnet.platform.engines import Engines
from linnet.platform.errors import Conflict, Invalid, NotFound, Problem
from linnet.platform.site import Site

STEP_S: Final = 30
DIGITS: Final = 6
CONFIRM_WITHIN: Final = timedelta(hours=1)
SLICE_ROWS: Final = 500

ALREADY: Final = "There is an authenticator app for this account already. Remove it first, then add the other one."


async def enrol(engines: Engines, account_id: int) -> Enrolment:
    """A new secret for an authenticator app; it counts, and is not shown again, when `confirm` gets a code of it.

    Raises `Conflict` while another app is confirmed.
    """
    secret = random_base32()
    sealed = seal(engines.config(TokenRules), account_id, secret)
    if not await store.enrol(engines.db, account_id, sealed.key_id, sealed.box, engines.clock.now()):
        raise Conflict(ALREADY)
    return await _shown(engines, account_id, secret)


async def enrolling(engines: Engines, account_id: int) -> Enrolment | None:
    """The secret that waits for its first code, for who mistyped that; None when there is none."""
    row = await store.find(engines.db, account_id)
    if row is None or row["confirmed_at"] is not None or row["created_at"] < engines.clock.now() - CONFIRM_WITHIN:
        return None
    secret = unseal(engines.config(TokenRules), account_id, Sealed(row["key_id"], row["sealed"]))
    return None if secret is None else await _shown(engines, account_id, secret)


async def confirm(engines: Engines, account_id: int, code: str, *, session_id: int) -> list[str]:
    """Let the enrolled app count, by a code of it; new recovery codes when there were none left, else an empty list.

    Whoever is at another session than this one proves themselves anew: they may have had no more than the password.
    Raises `NotFound` when nothing waits to be confirmed, `Conflict` when it is already, `Invalid` for a wrong code.
    """
    row = await store.find(engines.db, account_id)
    now = engines.clock.now()
    if row is not None and row["confirmed_at"] is not None:
        raise Conflict(ALREADY)
    if row is None or row["created_at"] < now - CONFIRM_WITHIN:
        raise NotFound("No authenticator app waits to be confirmed. Please begin again.")
    secret = unseal(engines.config(TokenRules), account_id, Sealed(row["key_id"], row["sealed"]))
    step = None if secret is None else matching_step(secret, code, now)
    if step is None:
        problem = "is not what the app shows now. Check that the clock of your phone is right"
        raise Invalid.of({"code": [Problem("ERR_INVALID", problem)]})
    async with engines.transaction() as tx:
        await proofs.hold(tx, account_id)
        if not await store.confirm(tx, account_id, row["sealed"], step, now):
            raise Conflict("Another code was sent at the same time. Please look again.")
        await proofs.distrust_others(tx, account_id, session_id)
        codes = await recovery.make_first(engines, tx, account_id)
        await tx.record(FactorsChanged(account_id, "totp_added"))
    return codes


async def verify(engines: Engines, account_id: int, code: str) -> bool:
    """Whether this is a code that the account's app shows now (or half a minute off) and that was not used yet."""
    row = await store.find(engines.db, account_id)
    if row is None or row["confirmed_at"] is None:
        return False
    rules = engines.config(TokenRules)
    secret = unseal(rules, account_id, Sealed(row["key_id"], row["sealed"]))
    step = None if secret is None else matching_step(secret, code, engines.clock.now())
    if secret is None or step is None or not await store.use(engines.db, account_id, step):
        return False
    if row["key_id"] != current_key_id(rules):
        await _reseal(engines, account_id, row["sealed"], secret)
    return True


async def remove(engines: Engines, account_id: int) -> None:
    """Let the app no longer count. Raises `NotFound` when there is none."""
    async with engines.transaction() as tx:
        await proofs.hold(tx, account_id)
        if not await store.remove(tx, account_id):
            raise NotFound("There is no authenticator app to remove.")
        await recovery.forget_unneeded(tx, account_id)
        await tx.record(FactorsChanged(account_id, "totp_removed"))


async def reseal_all(engines: Engines) -> None:
    """Bring every secret under the current key, so that an old signing secret can be dropped some time."""
    rules, above_id = engines.config(TokenRules), 0
    while rows := await store.under_other_keys(engines.db, current_key_id(rules), above_id=above_id, limit=SLICE_ROWS):
        for row in rows:
            above_id = row["account_id"]
            secret = unseal(rules, above_id, Sealed(row["key_id"], row["sealed"]))
            if secret is not None:
                await _reseal(engines, above_id, row["sealed"], secret)


def matching_step(secret: str, code: str, at: datetime) -> int | None:
    """The time step, of the current one and its two neighbours, whose code this is; the latest if it is of several.

    Every step is compared, each in constant time.
    """
    sent = "".join(code.split()).encode(errors="replace")
    app = TOTP(secret, digits=DIGITS, interval=STEP_S)
    now = int(at.timestamp()) // STEP_S
    matches = [step for step in (now - 1, now, now + 1) if hmac.compare_digest(app.generate_otp(step).encode(), sent)]
    return max(matches, default=None)


async def _shown(engines: Engines, account_id: int, secret: str) -> Enrolment:
    """The secret as an app takes it, which will list it under the person's whole handle."""
    site, names = engines.config(Site), await accounts.usernames(engines.db, [account_id])
    app = TOTP(secret, digits=DIGITS, interval=STEP_S)
    return Enrolment(secret, app.provisioning_uri(name=f"{names[account_id]}@{site.domain}", issuer_name=site.title))


async def _reseal(engines: Engines, account_id: int, was: bytes, secret: str) -> None:
    sealed = seal(engines.config(TokenRules), account_id, secret)
    await store.reseal(engines.db, account_id, was=was, key_id=sealed.key_id, sealed=sealed.box)
