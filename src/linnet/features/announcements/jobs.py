"""Later work of announcements: showing those whose time has come, ending those that are over."""

from collections.abc import Sequence

from linnet.features.accounts.events import AccountDeleted
from linnet.features.announcements.store import rows
from linnet.platform.engines import Engines
from linnet.platform.jobs import Job, Periodic
from linnet.platform.live import Live

TURN_EVERY_S = 10.0
AT_ONCE_MAX = 100
SLICE = 1_000


async def publish_due(engines: Engines) -> None:
    """Show the announcements whose time has come, and no more those that are over; tell those who look on."""
    now = engines.clock.now()
    async with engines.transaction() as tx:
        for announcement_id in await rows.publish_due(tx, now, AT_ONCE_MAX):
            tx.live(Live.ANNOUNCEMENT, announcement_id)
        for announcement_id in await rows.end_over(tx, now, AT_ONCE_MAX):
            tx.live(Live.ANNOUNCEMENT_DELETED, announcement_id)


async def _forget_account(engines: Engines, works: Sequence[AccountDeleted]) -> None:
    for work in works:
        while await rows.erase(engines.db, work.account_id, SLICE):
            pass


FORGET_ACCOUNT = Job("announcements.forget_account", AccountDeleted, _forget_account, queue="maintenance", batch_max=1)

PERIODICS = (Periodic("announcements.publish_due", TURN_EVERY_S, publish_due),)
"""Work that comes back by the clock."""
