"""Whether what a person answers with proves that they own the account."""

from linnet.features.sessions import actions, attempts
from linnet.features.sessions.attempts import FACTOR, Outcome
from linnet.features.sessions.factors import passkeys, recovery, totp
from linnet.features.sessions.factors.ceremonies import Purpose
from linnet.features.sessions.factors.models import Answer
from linnet.features.sessions.models import Origin
from linnet.platform.engines import Engines
from linnet.platform.errors import Unauthenticated


async def proves_factor(
    engines: Engines, account_id: int, answer: Answer, purpose: Purpose, *, bound_to: str, origin: Origin
) -> bool:
    """Whether a passkey, a code of the app or a recovery code is right; whichever was sent first in this order counts.

    Six digits can be guessed, so tries are counted: raises `TooMany`. The other two cannot, so an owner still comes in
    with them while somebody guesses.
    """
    if answer.totp and answer.passkey is None:
        return await _proves_code(engines, account_id, answer.totp, origin)
    if answer.passkey is not None:
        right = await passkeys.recognise(engines, answer.passkey, purpose, bound_to=bound_to) == account_id
    else:
        right = bool(answer.recovery_code) and await recovery.spend(engines, account_id, answer.recovery_code)
    if not right:
        await attempts.witness(engines, account_id, origin)
    return right


async def _proves_code(engines: Engines, account_id: int, code: str, origin: Origin) -> bool:
    attempt = await attempts.allow(engines, account_id, FACTOR, origin)
    right = await totp.verify(engines, account_id, code)
    await attempts.note(engines, attempt, Outcome.RIGHT if right else Outcome.WRONG)
    return right


async def proves_password(engines: Engines, account_id: int, password: str, origin: Origin) -> bool:
    """Whether this is the account's password; raises `TooMany` when it was tried too often."""
    try:
        await actions.confirm(engines, account_id, password, origin)
    except Unauthenticated:
        return False
    return True
