"""What a case that is closed means for the reputation of both sides, and that it does no longer when it is not."""

from datetime import datetime
from typing import Final

from linnet.features.cases.models import REPORTERS_NOTED_MAX, Case, Outcome
from linnet.features.cases.store import reports
from linnet.features.moderation.standing import What
from linnet.features.moderation.standings import note_all, take_back_all
from linnet.platform.engines import Transaction

OF_REPORTED: Final = {Outcome.UPHELD: What.REPORT_UPHELD, Outcome.DISMISSED: What.REPORT_DISMISSED}
OF_REPORTERS: Final = {Outcome.UPHELD: What.REPORTS_MADE_UPHELD, Outcome.DISMISSED: What.REPORTS_MADE_DISMISSED}


async def put_down(tx: Transaction, case: Case, outcome: Outcome, at: datetime) -> None:
    """Note it to the account, once, and to each of its reporters."""
    await note_all(tx, [(account_id, what, 1) for account_id, what in await _concerned(tx, case, outcome)], at)


async def take_out(tx: Transaction, case: Case, at: datetime) -> None:
    """Make undone what was noted when a case was closed that is opened again."""
    if case.outcome is not None and case.resolved_at is not None:
        await take_back_all(tx, await _concerned(tx, case, case.outcome), case.resolved_at, at)


async def _concerned(tx: Transaction, case: Case, outcome: Outcome) -> list[tuple[int, What]]:
    reporters = await reports.reporters(tx, case.id, REPORTERS_NOTED_MAX)
    return [(case.account_id, OF_REPORTED[outcome]), *((one, OF_REPORTERS[outcome]) for one in reporters)]
