"""Questions about decisions and appeals: what concerns oneself, and for staff what waits and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from linnet.features.accounts.models import Viewer
from linnet.features.accounts.permissions import Actor, Operator, Permission, require
from linnet.features.cases import reads as cases
from linnet.features.cases.appeals import store
from linnet.features.cases.appeals.models import APPEAL_WITHIN, Against, Appeal, Choice
from linnet.features.cases.appeals.wordings import wordings
from linnet.features.cases.models import Action, Strike
from linnet.features.cases.store import strikes
from linnet.features.moderation import decisions, reviewing
from linnet.features.moderation.measures import Decision, Measure, Part
from linnet.features.moderation.reviewed import Choice as DecisionChoice
from linnet.features.moderation.reviewed import Outcomes, Waiting
from linnet.features.moderation.telling import APPEALABLE
from linnet.platform.engines import Engines
from linnet.platform.errors import NotFound
from linnet.platform.paging import Window

TOLD: Final = tuple(measure for measure in Measure if measure is not Measure.ALLOW)
"""Decisions that their author sees: what was let through as it was needs no telling."""

APPEALS_MAX: Final = 10_000
"""Appeals that wait are counted up to this."""

MEASURED_DAYS: Final = 30
MEASURED_DAYS_MAX: Final = 180


@dataclass(frozen=True, slots=True)
class Shown:
    """A decision with the words that it is about, and the appeal against it."""

    decision: Decision
    parts: tuple[Part, ...]
    """None where the words are kept no longer."""
    appeal: Appeal | None
    appeal_until: datetime | None
    """Until when its author may appeal; None when they may not."""


@dataclass(frozen=True, slots=True)
class ShownStrike:
    """A strike with the appeal against it."""

    strike: Strike
    appeal: Appeal | None
    appeal_until: datetime | None


@dataclass(frozen=True, slots=True)
class Answering:
    """An appeal with what it is against, for who answers it."""

    appeal: Appeal
    decision: Shown | None
    strike: ShownStrike | None


@dataclass(frozen=True, slots=True)
class Measured:
    """How good decisions were, and what waits for somebody."""

    since: datetime
    outcomes: Outcomes
    waiting: Waiting
    appeals_waiting: Waiting
    appeals: dict[tuple[Against, bool], int]
    """How many were answered since then, by what they were against and whether they were approved."""


async def own(engines: Engines, viewer: Viewer, window: Window) -> list[Shown]:
    """A page of what was decided about the viewer's texts, newest first."""
    found = await decisions.of_account(engines.db, viewer.account_id, window, TOLD)
    return await _shown(engines, found, viewer)


async def own_one(engines: Engines, viewer: Viewer, decision_id: int) -> Shown:
    """One decision about a text of the viewer's. Raises `NotFound` for every other."""
    found = await decisions.by_id(engines.db, decision_id)
    if found is None or found.ruling.account_id != viewer.account_id or found.ruling.measure not in TOLD:
        raise NotFound
    return (await _shown(engines, [found], viewer))[0]


async def own_strikes(engines: Engines, viewer: Viewer, window: Window) -> list[ShownStrike]:
    """A page of what staff did about the viewer, newest first."""
    return await _with_appeals(engines, await cases.own_strikes(engines, viewer, window))


async def own_strike(engines: Engines, viewer: Viewer, strike_id: int) -> ShownStrike:
    """One thing that staff did about the viewer. Raises `NotFound`."""
    return (await _with_appeals(engines, [await cases.own_strike(engines, viewer, strike_id)]))[0]


async def page(engines: Engines, actor: Actor | Operator, window: Window, choice: DecisionChoice) -> list[Shown]:
    """A page of decisions, newest first. Raises `Forbidden`."""
    require(actor, Permission.MANAGE_APPEALS)
    return await _shown(engines, await reviewing.page(engines.db, window, choice))


async def queue(
    engines: Engines, actor: Actor | Operator, choice: DecisionChoice, after_id: int | None, limit: int
) -> list[Shown]:
    """The first that wait for somebody, or those after one: held first, each old first. Raises `Forbidden`."""
    require(actor, Permission.MANAGE_APPEALS)
    after = None if after_id is None else await decisions.by_id(engines.db, after_id)
    return await _shown(engines, await reviewing.queue(engines.db, choice, after, limit))


async def show(engines: Engines, actor: Actor | Operator, decision_id: int) -> Shown:
    """One decision, for staff. Raises `NotFound`, `Forbidden`."""
    require(actor, Permission.MANAGE_APPEALS)
    found = await decisions.by_id(engines.db, decision_id)
    if found is None:
        raise NotFound
    return (await _shown(engines, [found]))[0]


async def appeals(engines: Engines, actor: Actor | Operator, window: Window, choice: Choice) -> list[Answering]:
    """A page of appeals, newest first. Raises `Forbidden`."""
    require(actor, Permission.MANAGE_APPEALS)
    return await _answering(engines, await store.page(engines.db, window, choice))


async def appeal(engines: Engines, actor: Actor | Operator, appeal_id: int) -> Answering:
    """One appeal. Raises `NotFound`, `Forbidden`."""
    require(actor, Permission.MANAGE_APPEALS)
    found = await store.load(engines.db, appeal_id)
    if found is None:
        raise NotFound
    return (await _answering(engines, [found]))[0]


async def measured(engines: Engines, actor: Actor | Operator, days: int = MEASURED_DAYS) -> Measured:
    """How good decisions were in the last days, by what moderators said of them. Raises `Forbidden`."""
    require(actor, Permission.VIEW_DASHBOARD)
    since = engines.clock.now() - timedelta(days=min(max(days, 1), MEASURED_DAYS_MAX))
    return Measured(
        since,
        await reviewing.outcomes(engines.db, since),
        await reviewing.waiting(engines.db),
        Waiting(*await store.waiting(engines.db, APPEALS_MAX)),
        await store.answered_since(engines.db, since),
    )


def until_of(engines: Engines, decision: Decision, against: Appeal | None) -> datetime | None:
    """Until when a decision may be appealed; None when it may not be, or not any more."""
    ends_at = decision.decided_at + APPEAL_WITHIN
    stands = decision.ruling.measure in APPEALABLE and decision.upheld is not False
    return ends_at if stands and against is None and engines.clock.now() < ends_at else None


def until_of_strike(engines: Engines, strike: Strike, against: Appeal | None) -> datetime | None:
    """Until when a strike may be appealed; None when it may not be, or not any more."""
    ends_at = strike.at + APPEAL_WITHIN
    stands = strike.undone_at is None and strike.action is not Action.NONE
    return ends_at if stands and against is None and engines.clock.now() < ends_at else None


async def _shown(engines: Engines, found: Sequence[Decision], author: Viewer | None = None) -> list[Shown]:
    words = await wordings(engines, found, author)
    against = await store.against(engines.db, Against.DECISION, [one.id for one in found])
    return [
        Shown(one, words[one.id], against.get(one.id), until_of(engines, one, against.get(one.id))) for one in found
    ]


async def _with_appeals(engines: Engines, found: Sequence[Strike]) -> list[ShownStrike]:
    against = await store.against(engines.db, Against.STRIKE, [one.id for one in found])
    return [ShownStrike(one, against.get(one.id), until_of_strike(engines, one, against.get(one.id))) for one in found]


async def _answering(engines: Engines, found: Sequence[Appeal]) -> list[Answering]:
    """Appeals with what they are against. Four statements at most, however many they are."""
    decided = await decisions.by_ids(engines.db, [one.subject_id for one in found if one.against is Against.DECISION])
    struck = await strikes.load(engines.db, [one.subject_id for one in found if one.against is Against.STRIKE])
    words = await wordings(engines, list(decided.values()))
    return [
        Answering(
            one,
            Shown(decision, words[decision.id], one, None)
            if one.against is Against.DECISION and (decision := decided.get(one.subject_id)) is not None
            else None,
            ShownStrike(strike, one, None)
            if one.against is Against.STRIKE and (strike := struck.get(one.subject_id)) is not None
            else None,
        )
        for one in found
    ]
