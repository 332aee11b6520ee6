"""Later work about second factors: what expired or belonged to a deleted account goes, and old keys are left behind."""

from collections.abc import Sequence
from typing import Final

from linnet.features.accounts.events import AccountDeleted
from linnet.features.sessions.factors import totp
from linnet.features.sessions.factors.resetting import erase
from linnet.features.sessions.factors.store import passkeys, steps
from linnet.platform.engines import Engines
from linnet.platform.jobs import Job, Periodic

SLICE_ROWS: Final = 1000


async def forget_expired(engines: Engines) -> None:
    """Delete challenges and steps that nobody answered in time, and those that were answered."""
    now = engines.clock.now()
    while await passkeys.forget_challenges(engines.db, now, SLICE_ROWS) == SLICE_ROWS:
        pass
    while await steps.forget_expired(engines.db, now, SLICE_ROWS) == SLICE_ROWS:
        pass


async def forget_accounts(engines: Engines, works: Sequence[AccountDeleted]) -> None:
    """Delete the factors of deleted accounts."""
    for work in works:
        await erase(engines.db, work.account_id)


FORGET_ACCOUNT: Final = Job("factors.forget_account", AccountDeleted, forget_accounts, queue="maintenance")
PERIODICS: Final = (
    Periodic("factors.forget_expired", 3600.0, forget_expired),
    Periodic("factors.reseal", 3600.0, totp.reseal_all),
)
