"""Second factors: what proves a person besides their password, and the step of signing in that asks for one."""

from datetime import timedelta
from typing import Final, Literal

from linnet.features.sessions.factors.store import proofs, steps
from linnet.features.sessions.models import SecondStep
from linnet.features.sessions.tokens import hash_of, new_secret
from linnet.platform.engines import Engines

STEP_LIFETIME_S: Final = 300
STEP_TRIES_MAX: Final = 5

Kind = Literal["api", "web"]
"""What begins when the step is answered: a session of an API client, or one of a browser."""


async def wanted(engines: Engines, account_id: int) -> tuple[str, ...]:
    """What an account must answer with besides its password: of `totp`, `recovery`, `passkey`; empty when nothing.

    Recovery codes stand in for a factor; by themselves they are none.
    """
    row = await proofs.factors(engines.db, account_id)
    if not row["totp"] and not row["passkeys"]:
        return ()
    there = {"totp": row["totp"], "recovery": row["codes_left"] > 0, "passkey": row["passkeys"] > 0}
    return tuple(method for method, is_there in there.items() if is_there)


async def begin_step(engines: Engines, account_id: int, methods: tuple[str, ...], kind: Kind) -> SecondStep:
    """Wait five minutes for a second factor of an account whose password was right."""
    assert methods, "an account without a second factor is signed in at once"
    now = engines.clock.now()
    token = new_secret()
    expires_at = now + timedelta(seconds=STEP_LIFETIME_S)
    await steps.insert(
        engines.db, hash_of(token), account_id, kind=kind, methods=methods, at=now, expires_at=expires_at
    )
    return SecondStep(token, methods, STEP_LIFETIME_S)
