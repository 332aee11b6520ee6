"""What letters say of appeals and decisions: each read anew when it is written."""

from dataclasses import dataclass
from typing import Final

from linnet.features.cases.appeals import reads, store
from linnet.features.cases.appeals.models import Against
from linnet.features.cases.models import Action
from linnet.features.cases.store import strikes
from linnet.features.moderation import decisions
from linnet.features.moderation.measures import Decision, Measure
from linnet.features.moderation.telling import DECIDED, THINGS
from linnet.platform.engines import Engines

STRUCK: Final = {
    Action.WARN: "you were warned.",
    Action.MARK_SENSITIVE: "posts of yours were put behind a warning.",
    Action.DELETE_POSTS: "posts of yours were deleted.",
    Action.SENSITIVE: "what you post is put behind a warning.",
    Action.FREEZE: "your account was frozen: you could read, and write nothing.",
    Action.LIMIT: "your account was limited: only who follows you met what you post.",
    Action.SUSPEND: "your account was suspended.",
}
"""What was done, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of an appeal."""

    what: str
    """What it was against, in a sentence."""
    answer: str
    approved: bool


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What came of looking at a decision."""

    decision_id: int
    what: str
    upheld: bool
    may_appeal: bool


async def answered(engines: Engines, appeal_id: int) -> Answered | None:
    """What to tell the person behind an appeal; None when it is not answered, or gone."""
    appeal = await store.load(engines.db, appeal_id)
    if appeal is None or appeal.approved is None:
        return None
    if appeal.against is Against.DECISION:
        decision = await decisions.by_id(engines.db, appeal.subject_id)
        what = "a decision about something that you wrote." if decision is None else _what(decision)
    else:
        strike = (await strikes.load(engines.db, [appeal.subject_id])).get(appeal.subject_id)
        what = "something that moderators did." if strike is None else STRUCK.get(strike.action, "you were warned.")
    return Answered(what, appeal.answer, appeal.approved)


async def reviewed(engines: Engines, decision_id: int) -> Reviewed | None:
    """What to tell the author of a text about which somebody looked at the decision; None when there is no need to.

    Who waits for somebody is told either way, everybody else only that something was taken back.
    """
    decision = await decisions.by_id(engines.db, decision_id)
    if decision is None or decision.upheld is None:
        return None
    measure = decision.ruling.measure
    if measure is Measure.ALLOW or (decision.upheld and measure is not Measure.HOLD):
        return None
    return Reviewed(decision_id, _what(decision), decision.upheld, reads.until_of(engines, decision, None) is not None)


def _what(decision: Decision) -> str:
    return DECIDED[decision.ruling.measure].format(thing=THINGS[decision.ruling.about])
