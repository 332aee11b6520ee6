"""Accounts that the engine limits: a strike as any other, told to its person, appealed and undone as those."""

from collections.abc import Sequence
from typing import Final

from linnet.features.accounts import reads as accounts
from linnet.features.accounts.acting import Acting, acting
from linnet.features.accounts.permissions import OPERATOR, Permission
from linnet.features.accounts.restrictions import Restriction, restrict
from linnet.features.cases.actions import undo_within
from linnet.features.cases.appeals import store
from linnet.features.cases.events import Struck
from linnet.features.cases.models import Act, Action
from linnet.features.cases.store import strikes
from linnet.features.moderation import decisions
from linnet.features.moderation.events import AccountToLimit
from linnet.platform.engines import Engines
from linnet.platform.errors import Forbidden, NotFound
from linnet.platform.jobs import Job

TEXT: Final = (
    "What you were about to publish was refused, and until a moderator has looked at it only who follows you meets what"
    " you post. What was found in it, and where, is among the decisions about your texts."
)


async def _limit(engines: Engines, works: Sequence[AccountToLimit]) -> None:
    for work in works:
        try:
            await _limit_one(engines, work)
        except (NotFound, Forbidden):  # it was deleted meanwhile, or is the last admin's
            continue


async def _limit_one(engines: Engines, work: AccountToLimit) -> None:
    """Limit an account; who is limited already is not struck again."""
    async with acting(engines, OPERATOR, work.account_id, Permission.MANAGE_REPORTS) as doing:
        decision = await decisions.by_id(doing.tx, work.decision_id)
        account = (await accounts.load(doing.tx, [work.account_id])).get(work.account_id)
        if decision is None or decision.upheld is False or account is None or account.limited:
            return
        await restrict(doing, Restriction.SILENCED)
        act = Act(account_id=work.account_id, action=Action.LIMIT, text=TEXT)
        strike_id = await strikes.insert(doing.tx, act, (), None, doing.clock.now())
        await store.note_decision(doing.tx, strike_id, work.decision_id)
        detail = {"strike": str(strike_id), "decision": str(work.decision_id)}
        await doing.note(f"strike.{Action.LIMIT}", detail)
        await doing.tx.record(Struck(strike_id=strike_id, account_id=work.account_id, by_mail=True))


async def unlimit(doing: Acting, decision_id: int) -> None:
    """Undo what the engine did about an account for this decision, unless somebody did."""
    strike_id = await store.strike_for(doing.tx, decision_id)
    if strike_id is None:
        return
    strike = (await strikes.load(doing.tx, [strike_id]))[strike_id]
    if strike.undone_at is None:
        await undo_within(doing, strike)


LIMIT: Final = Job("appeals.limit_account", AccountToLimit, _limit, queue="maintenance", batch_max=10)
