"""Erasing suspended accounts once the time is over in which they could have been brought back."""

from typing import Final

from linnet.features.accounts.audit import Act, note
from linnet.features.accounts.events import AccountDeleted
from linnet.features.accounts.store import profiles
from linnet.features.accounts.store import staff as store
from linnet.platform.changes import Kind
from linnet.platform.engines import Engines

AT_ONCE_MAX: Final = 20
"""Accounts of one transaction: what follows is jobs, each of which works through all that an account left."""


async def erase_suspended(engines: Engines) -> None:
    """Delete the accounts whose suspension has lasted `restrictions.GRACE`; the audit log says that nobody did."""
    while await _erase_some(engines) == AT_ONCE_MAX:
        pass


async def _erase_some(engines: Engines) -> int:
    at = engines.clock.now()
    async with engines.transaction() as tx:
        due = await store.due_for_erasing(tx, at, AT_ONCE_MAX)
        for account_id in due:
            await profiles.bury(tx, account_id, at)
            await note(tx, None, Act.ACCOUNT_DELETE, account_id, {"after": "suspension"}, at=at)
            tx.changed(Kind.ACCOUNT, account_id)
            tx.changed(Kind.ACCESS, account_id)
            await tx.record(AccountDeleted(account_id=account_id))
    return len(due)
