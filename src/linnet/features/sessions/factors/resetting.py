"""Taking every factor away at once: the operator's last resort for who lost all of them, and the end of an account."""

from typing import Final

from linnet.features.accounts.audit import note_act
from linnet.features.accounts.permissions import OPERATOR
from linnet.features.sessions.factors.events import FactorsChanged
from linnet.features.sessions.factors.store import passkeys, recovery, steps, totp
from linnet.platform.engines import Engines
from linnet.platform.postgres import Queries

FACTORS_RESET: Final = "factors.reset"
"""In the audit log."""


async def reset(engines: Engines, account_id: int) -> bool:
    """Take all factors of an account away, for the operator; whether there were any. Its owner is told.

    The password still guards the account; whoever asks for this should have proved themselves to the operator. It is
    in the audit log.
    """
    async with engines.transaction() as tx:
        had_some = await erase(tx, account_id)
        if had_some:
            await note_act(tx, engines.clock, OPERATOR, FACTORS_RESET, account_id)
            await tx.record(FactorsChanged(account_id, "factors_reset"))
    return had_some


async def erase(db: Queries, account_id: int) -> bool:
    """Delete all that an account proves itself with besides its password; whether there was anything."""
    had_totp = await totp.remove(db, account_id)
    passkeys_removed = await passkeys.remove_all(db, account_id)
    await recovery.remove(db, account_id)
    await steps.forget_account(db, account_id)
    return had_totp or passkeys_removed > 0
