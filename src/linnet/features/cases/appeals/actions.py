"""What people do about decisions and strikes: appeal, once; and staff answer."""

from linnet.features.accounts.acting import Acting, acting
from linnet.features.accounts.models import Viewer
from linnet.features.accounts.permissions import Actor, Operator, Permission, require
from linnet.features.cases import reads as cases
from linnet.features.cases.actions import undo_within
from linnet.features.cases.appeals import reads, store
from linnet.features.cases.appeals.events import AppealAnswered, Appealed
from linnet.features.cases.appeals.models import (
    ALREADY,
    ANSWERED,
    APPEAL_WITHIN,
    LATE,
    NOTHING_LOST,
    UNDONE,
    Against,
    Appeal,
    tidied,
)
from linnet.features.cases.appeals.reviewing import settle
from linnet.features.cases.models import Action
from linnet.features.cases.store import strikes
from linnet.features.moderation import decisions
from linnet.features.moderation.telling import APPEALABLE
from linnet.platform.engines import Engines
from linnet.platform.errors import Conflict, Invalid, NotFound


async def appeal_decision(engines: Engines, viewer: Viewer, decision_id: int, text: str) -> Appeal:
    """Say why a decision about a text of one's own is a mistake.

    Raises `NotFound` for what is not one's own; `Invalid` for no text or a long one, a second appeal, after 20 days,
    when it was taken back, and for a measure that takes nothing.
    """
    shown = await reads.own_one(engines, viewer, decision_id)
    if shown.decision.ruling.measure not in APPEALABLE:
        raise Invalid(NOTHING_LOST)
    if shown.decision.upheld is False:
        raise Invalid(UNDONE)
    if engines.clock.now() >= shown.decision.decided_at + APPEAL_WITHIN:
        raise Invalid(LATE)
    return await _appeal(engines, viewer, Against.DECISION, decision_id, text)


async def appeal_strike(engines: Engines, viewer: Viewer, strike_id: int, text: str) -> Appeal:
    """Say why something that staff did about oneself is a mistake. Raises as `appeal_decision`."""
    strike = await cases.own_strike(engines, viewer, strike_id)
    if strike.action is Action.NONE:
        raise Invalid(NOTHING_LOST)
    if strike.undone_at is not None:
        raise Invalid(UNDONE)
    if engines.clock.now() >= strike.at + APPEAL_WITHIN:
        raise Invalid(LATE)
    return await _appeal(engines, viewer, Against.STRIKE, strike_id, text)


async def answer(
    engines: Engines, actor: Actor | Operator, appeal_id: int, *, approved: bool, text: str = ""
) -> Appeal:
    """Answer an appeal: approved, what it is against is taken back, and its person is told either way.

    The same again makes no difference. Raises `NotFound`; `Conflict` when it was answered otherwise; `Invalid` for a
    long text; `Forbidden` for whoever may not, for one's own appeal, and for that of who is not outranked.
    """
    require(actor, Permission.MANAGE_APPEALS)
    words = tidied(text, may_be_empty=True)
    waits = await store.load(engines.db, appeal_id)
    if waits is None:
        raise NotFound
    async with acting(engines, actor, waits.account_id, Permission.MANAGE_APPEALS) as doing:
        at = engines.clock.now()
        appeal = await store.answer(doing.tx, appeal_id, actor.account_id, at, words, approved=approved)
        if appeal is None:
            return await _answered(doing, appeal_id, approved=approved)
        if appeal.against is Against.DECISION:
            decision = await decisions.by_id(doing.tx, appeal.subject_id)
            if decision is not None:
                await settle(doing, decision, upheld=not approved)
        elif approved:
            await _take_back(doing, appeal.subject_id)
        detail = {"appeal": str(appeal_id), str(appeal.against): str(appeal.subject_id)}
        await doing.note("appeal.approve" if approved else "appeal.reject", detail)
        await doing.tx.record(AppealAnswered(appeal_id=appeal_id, account_id=appeal.account_id))
    return appeal


async def _answered(doing: Acting, appeal_id: int, *, approved: bool) -> Appeal:
    """The appeal, if it was answered in this way; raises `Conflict` if not, and `NotFound` when it is gone."""
    appeal = await store.load(doing.tx, appeal_id)
    if appeal is None:
        raise NotFound
    if appeal.approved is not approved:
        raise Conflict(ANSWERED)
    return appeal


async def _take_back(doing: Acting, strike_id: int) -> None:
    """Undo a strike, unless somebody did so while its appeal waited."""
    strike = (await strikes.load(doing.tx, [strike_id])).get(strike_id)
    if strike is not None and strike.undone_at is None:
        await undo_within(doing, strike)


async def _appeal(engines: Engines, viewer: Viewer, against: Against, subject_id: int, text: str) -> Appeal:
    words, at = tidied(text), engines.clock.now()
    async with engines.transaction() as tx:
        appeal = await store.insert(tx, viewer.account_id, against, subject_id, words, at)
        if appeal is None:
            raise Invalid(ALREADY)
        await tx.record(Appealed(appeal_id=appeal.id, account_id=viewer.account_id))
    return appeal
