"""Later work about subscriptions: those that ended are forgotten."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from linnet.features.accounts.events import AccountDeleted
from linnet.features.notifications.subscriptions import store
from linnet.platform.engines import Engines
from linnet.platform.jobs import Job, Periodic

FAILING_MAX: Final = timedelta(days=7)
"""A subscription that nothing has got through to for so long is dropped."""

SLICE_ROWS: Final = 1_000


async def forget_ended(engines: Engines) -> None:
    """Delete subscriptions without a token or session, and those that fail for a week; slice by slice."""
    before, after_id, more = engines.clock.now() - FAILING_MAX, 0, True
    while more:
        after_id, more = await store.forget_ended(engines.db, after_id, before, SLICE_ROWS)


async def _forget_accounts(engines: Engines, works: Sequence[AccountDeleted]) -> None:
    for work in works:
        await store.forget_account(engines.db, work.account_id)


FORGET_ACCOUNT: Final = Job("subscriptions.forget_account", AccountDeleted, _forget_accounts, queue="maintenance")
FORGET_ENDED: Final = Periodic("subscriptions.forget_ended", 3600.0, forget_ended)
