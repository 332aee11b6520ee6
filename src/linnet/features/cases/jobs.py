"""Later work of casework: who is told, what is erased. Every job here may run twice."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from linnet.features.accounts import reads as accounts
from linnet.features.accounts.events import AccountDeleted
from linnet.features.accounts.permissions import OPERATOR
from linnet.features.cases.actions import act
from linnet.features.cases.events import CaseOpened, Struck
from linnet.features.cases.models import EVIDENCE_KEPT, Act, Action
from linnet.features.cases.store import erasing
from linnet.features.cases.store import reports as store
from linnet.features.moderation.events import AccountToLimit
from linnet.features.notifications import staff as notifications
from linnet.platform.engines import Engines
from linnet.platform.errors import Forbidden, NotFound
from linnet.platform.jobs import Job, Periodic

SLICE: Final = 1_000
HOURLY_S: Final = 3600.0

LIMITED_BY_POLICY: Final = (
    "Something you wrote was not published, and is of a kind for which this server limits accounts until a moderator "
    "has looked. If this is a mistake, you can appeal."
)


async def _notify_opened(engines: Engines, works: Sequence[CaseOpened]) -> None:
    """Tell the staff who reported somebody; of an open case they have been told."""
    found = await store.load(engines.db, [work.report_id for work in works])
    await notifications.tell_of_reports(engines, [(one.account_id, one.target_id, one.id) for one in found.values()])


async def _notify_struck(engines: Engines, works: Sequence[Struck]) -> None:
    await notifications.tell_of_strikes(engines, [(work.account_id, work.strike_id) for work in works])


async def _limit(engines: Engines, works: Sequence[AccountToLimit]) -> None:
    """Limit accounts as a policy says, until somebody has looked; who is limited already is not struck again."""
    for work in works:
        account = (await accounts.load(engines.db, [work.account_id])).get(work.account_id)
        if account is not None and not account.limited:
            with suppress(NotFound, Forbidden):  # deleted since, or outranked by nobody
                limit = Act(account_id=work.account_id, action=Action.LIMIT, text=LIMITED_BY_POLICY)
                await act(engines, OPERATOR, limit)


async def _erase(engines: Engines, works: Sequence[AccountDeleted]) -> None:
    for work in works:
        while await erasing.of_account(engines.db, work.account_id, SLICE):
            pass


async def forget_words(engines: Engines) -> None:
    """Forget what was reported once its case has been closed for 180 days; that there was a case stays."""
    before = engines.clock.now() - EVIDENCE_KEPT
    while await erasing.words_of_closed(engines.db, before, SLICE):
        pass


NOTIFY_OPENED: Final = Job("cases.notify_opened", CaseOpened, _notify_opened, queue="notifications")
NOTIFY_STRUCK: Final = Job("cases.notify_struck", Struck, _notify_struck, queue="notifications")
LIMIT: Final = Job("cases.limit", AccountToLimit, _limit, queue="maintenance", batch_max=1)
ERASE: Final = Job("cases.erase", AccountDeleted, _erase, queue="maintenance")

PERIODICS: Final = (Periodic("cases.forget_words", HOURLY_S, forget_words),)
