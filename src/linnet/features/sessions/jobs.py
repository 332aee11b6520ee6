"""Later work about signing in: what has ended is forgotten, with the addresses it held."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from linnet.features.accounts.events import AccountDeleted
from linnet.features.sessions.devices import KEPT_UNUSED
from linnet.features.sessions.store import attempts, devices, oauth, sessions
from linnet.platform.changes import Kind, change
from linnet.platform.engines import Engines
from linnet.platform.ids import first_id_at
from linnet.platform.jobs import Job, Periodic

SLICE_ROWS: Final = 1000
KEPT_AFTER_END: Final = timedelta(days=7)
"""Ended sessions and used codes stay so long, so that a stolen secret which comes again is recognised."""

FAILED_KEPT: Final = timedelta(days=90)
"""As long as an owner or a moderator may ask who tried."""

UNKNOWN_KEPT: Final = timedelta(days=7)
"""For names that nobody has, which nobody will ask about."""


async def forget_ended(engines: Engines) -> None:
    """Delete sessions and codes that ended a week ago, failed sign-ins and devices of long ago; slice by slice."""
    before = engines.clock.now() - KEPT_AFTER_END
    while await sessions.forget_ended(engines.db, before, SLICE_ROWS) == SLICE_ROWS:
        pass
    while await oauth.forget_codes(engines.db, before, SLICE_ROWS) == SLICE_ROWS:
        pass
    now = engines.clock.now()
    failed, unknown = first_id_at(now - FAILED_KEPT), first_id_at(now - UNKNOWN_KEPT)
    while await attempts.forget(engines.db, failed, unknown, SLICE_ROWS) == SLICE_ROWS:
        pass
    while await devices.forget_unused(engines.db, now - KEPT_UNUSED, SLICE_ROWS) == SLICE_ROWS:
        pass


async def forget_accounts(engines: Engines, works: Sequence[AccountDeleted]) -> None:
    """Delete the sessions, codes and tokens of deleted accounts, their devices and who tried their passwords."""
    for work in works:
        await devices.forget_all(engines.db, work.account_id)
        while await attempts.forget_account(engines.db, work.account_id, SLICE_ROWS):
            pass
        while await sessions.forget_account(engines.db, work.account_id, SLICE_ROWS):
            pass
        while await oauth.forget_account(engines.db, work.account_id, SLICE_ROWS):
            pass
        await engines.changes.tell([change(Kind.ACCESS, work.account_id)])


FORGET_ACCOUNT: Final = Job("sessions.forget_account", AccountDeleted, forget_accounts, queue="maintenance")
FORGET_ENDED: Final = Periodic("sessions.forget_ended", 3600.0, forget_ended)
