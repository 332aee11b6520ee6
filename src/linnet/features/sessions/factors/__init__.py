"""Second factors: what proves a person besides their password, and the step of signing in that asks for one."""

from datetime import timedelta
from typing import Final, Literal

from linnet.features.sessions.factors.store import steps
from linnet.features.sessions.models import Origin, SecondStep
from linnet.features.sessions.tokens import hash_of, new_secret
from linnet.platform.engines import Engines
from linnet.platform.errors import TooMany

STEP_LIFETIME_S: Final = 300
STEP_TRIES_MAX: Final = 5

WRONG_PER_HOUR_MAX: Final = 20
"""Over all steps of an account: who knows the password could begin a new step after every five wrong codes."""

Kind = Literal["api", "web"]
"""What begins when the step is answered: a session of an API client, or one of a browser."""


async def wanted(engines: Engines, account_id: int) -> tuple[str, ...]:
    """What an account must answer with besides its password: of `totp`, `recovery`, `passkey`; empty when nothing.

    Recovery codes stand in for a factor; by themselves they are none.
    """
    row = await steps.methods(engines.db, account_id)
    if not row["totp"] and not row["passkey"]:
        return ()
    return tuple(method for method in ("totp", "recovery", "passkey") if row[method])


async def begin_step(
    engines: Engines, account_id: int, methods: tuple[str, ...], origin: Origin, kind: Kind
) -> SecondStep:
    """Wait five minutes for a second factor of an account whose password was right.

    Raises `TooMany` while too many wrong factors came for the account. `origin` is where the password came from; the
    session that follows notes where the factor came from.
    """
    assert methods, "an account without a second factor is signed in at once"
    del origin
    now = engines.clock.now()
    if await steps.wrong_since(engines.db, account_id, now - timedelta(hours=1)) >= WRONG_PER_HOUR_MAX:
        raise TooMany("Too many wrong codes were sent for this account. Please wait an hour.", retry_after_s=3600)
    token = new_secret()
    expires_at = now + timedelta(seconds=STEP_LIFETIME_S)
    await steps.insert(
        engines.db, hash_of(token), account_id, kind=kind, methods=methods, at=now, expires_at=expires_at
    )
    return SecondStep(token, methods, STEP_LIFETIME_S)
