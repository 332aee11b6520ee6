"""What staff say of decisions: that they stay, or that they were mistakes, which takes back what they did."""

from typing import Final

from linnet.features.accounts.acting import Acting, acting
from linnet.features.accounts.permissions import Actor, Operator, Permission, require
from linnet.features.cases.appeals import store
from linnet.features.cases.appeals.events import DecisionReviewed
from linnet.features.cases.appeals.models import Against
from linnet.features.moderation import decisions, reviewing
from linnet.features.moderation.measures import About, Decision, Measure
from linnet.features.statuses import withholding
from linnet.platform.engines import Engines
from linnet.platform.errors import Conflict, NotFound

UPHOLD: Final = "decision.uphold"
OVERTURN: Final = "decision.overturn"

APPEALED: Final = "Somebody appealed against this decision: answer the appeal, which says what they have to say."
TAKEN_BACK: Final = "This decision was taken back already, and its author was told so"


async def review(engines: Engines, actor: Actor | Operator, decision_id: int, *, upheld: bool) -> Decision:
    """Say that a decision stays, or take back what it did; its author is told. The same again makes no difference.

    Raises `NotFound`; `Conflict` when it was taken back before and is to stay now, or an appeal against it waits;
    `Forbidden` for whoever may not, for one's own texts, and for those of who is not outranked.
    """
    require(actor, Permission.MANAGE_APPEALS)
    decision = await decisions.by_id(engines.db, decision_id)
    if decision is None:
        raise NotFound
    async with acting(engines, actor, decision.ruling.account_id, Permission.MANAGE_APPEALS) as doing:
        if await store.waits_against(doing.tx, Against.DECISION, decision_id):
            raise Conflict(APPEALED)
        before = await decisions.by_id(doing.tx, decision_id)
        if before is None:
            raise NotFound
        if before.upheld is upheld:
            return before
        if before.upheld is False:
            raise Conflict(TAKEN_BACK)
        settled = await settle(doing, before, upheld=upheld)
        event = DecisionReviewed(decision_id=decision_id, account_id=doing.account_id, upheld=upheld)
        await doing.tx.record(event)
    return settled


async def settle(doing: Acting, decision: Decision, *, upheld: bool) -> Decision:
    """Write down what was said of a decision, and take back what it did where it was a mistake."""
    by, at = doing.actor.account_id, doing.clock.now()
    settled = await decisions.review(doing.tx, decision.id, by, at, upheld=upheld, again=True)
    if not upheld:
        await _reverse(doing, decision)
    await doing.note(UPHOLD if upheld else OVERTURN, {"decision": str(decision.id), "measure": decision.ruling.measure})
    return settled or decision


async def _reverse(doing: Acting, decision: Decision) -> None:
    """Undo what the decision did, unless a later one about the same thing holds."""
    subject_id = decision.ruling.subject_id
    if decision.ruling.about is not About.STATUS or subject_id is None:
        return
    if not await reviewing.is_last(doing.tx, decision):
        return
    match decision.ruling.measure:
        case Measure.HOLD:
            await withholding.release(doing.tx, subject_id)
        case Measure.LIMIT_REACH:
            await withholding.unlimit(doing.tx, subject_id)
        case Measure.LABEL:
            await withholding.label(doing.tx, subject_id, ())
        case _:
            pass
