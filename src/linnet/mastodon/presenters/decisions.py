"""Decisions, strikes and appeals for the wire; batches in, batches out."""

from collections.abc import Mapping, Sequence

from linnet.features.cases.appeals.models import Appeal
from linnet.features.cases.appeals.reads import Answering, Measured, Shown, ShownStrike
from linnet.features.moderation.explaining import WORDS
from linnet.features.moderation.measures import Decision, joined
from linnet.features.moderation.reviewed import Counted
from linnet.features.moderation.telling import tell
from linnet.mastodon import dates
from linnet.mastodon.entities import decision as entities
from linnet.mastodon.entities.account import Account
from linnet.mastodon.entities.moderation import ModerationReason
from linnet.mastodon.presenters.accounts import present_accounts
from linnet.mastodon.presenters.reports import ACTIONS
from linnet.platform.engines import Engines


def present_decisions(shown: Sequence[Shown]) -> list[entities.ModerationDecision]:
    """Decisions for the author of what they are about, in their order. No statement."""
    return [_own(one) for one in shown]


def present_appeal(appeal: Appeal) -> entities.Appeal:
    """An appeal for its person."""
    return entities.Appeal(
        id=str(appeal.id),
        text=appeal.text,
        state=appeal.state.value,
        created_at=dates.moment(appeal.made_at),
        answered_at=dates.moment(appeal.answered_at) if appeal.answered_at else None,
        answer=appeal.answer,
    )


async def present_strikes(engines: Engines, shown: Sequence[ShownStrike]) -> list[entities.ModerationStrike]:
    """Strikes in their order, of accounts that are still there."""
    accounts = await present_accounts(engines, {one.strike.account_id for one in shown})
    return [present for one in shown if (present := _strike(one, accounts)) is not None]


async def present_admin_decisions(engines: Engines, shown: Sequence[Shown]) -> list[entities.AdminDecision]:
    """Decisions for staff, in their order."""
    accounts = await present_accounts(engines, {one.decision.ruling.account_id for one in shown})
    return [_admin(one, accounts) for one in shown]


async def present_admin_appeals(engines: Engines, found: Sequence[Answering]) -> list[entities.AdminAppeal]:
    """Appeals for staff, in their order, with what they are against."""
    accounts = await present_accounts(engines, {one.appeal.account_id for one in found})
    return [
        entities.AdminAppeal(
            id=str(one.appeal.id),
            account=accounts.get(one.appeal.account_id),
            text=one.appeal.text,
            state=one.appeal.state.value,
            created_at=dates.moment(one.appeal.made_at),
            answered_at=dates.moment(one.appeal.answered_at) if one.appeal.answered_at else None,
            answered_by_account_id=str(one.appeal.answered_by) if one.appeal.answered_by else None,
            answer=one.appeal.answer,
            decision=_admin(one.decision, accounts) if one.decision else None,
            strike=_strike(one.strike, accounts) if one.strike else None,
        )
        for one in found
    ]


def present_measured(measured: Measured) -> entities.ModerationMeasured:
    """How good decisions were, for staff."""
    answered = dict.fromkeys((True, False), 0)
    for (_, approved), number in measured.appeals.items():
        answered[approved] += number
    waiting, appeals = measured.waiting, measured.appeals_waiting
    return entities.ModerationMeasured(
        since=dates.moment(measured.since),
        by_reason=_counted(measured.outcomes.by_reason),
        by_version=_counted(measured.outcomes.by_version),
        by_measure=_counted(measured.outcomes.by_measure),
        waiting=waiting.number,
        waiting_since=dates.moment(waiting.since) if waiting.since else None,
        appeals_pending=appeals.number,
        appeals_pending_since=dates.moment(appeals.since) if appeals.since else None,
        appeals_approved=answered[True],
        appeals_rejected=answered[False],
    )


def _own(shown: Shown) -> entities.ModerationDecision:
    decision = shown.decision
    told = tell(decision, shown.parts, may_appeal=shown.appeal_until is not None)
    return entities.ModerationDecision(
        id=str(decision.id),
        measure=decision.ruling.measure.value,
        about=decision.ruling.about.value,
        subject_id=str(decision.ruling.subject_id) if decision.ruling.subject_id else None,
        text=joined(shown.parts) or None,
        sentence=told.sentence,
        reasons=[
            ModerationReason(one.code, one.text, one.field, one.start, one.end, one.excerpt) for one in told.reasons
        ],
        next_steps=list(told.next_steps),
        created_at=dates.moment(decision.decided_at),
        outcome=_outcome(decision),
        reviewed_at=dates.moment(decision.reviewed_at) if decision.reviewed_at else None,
        appeal=present_appeal(shown.appeal) if shown.appeal else None,
        appeal_until=dates.moment(shown.appeal_until) if shown.appeal_until else None,
    )


def _admin(shown: Shown, accounts: Mapping[int, Account]) -> entities.AdminDecision:
    decision, ruling = shown.decision, shown.decision.ruling
    return entities.AdminDecision(
        id=str(decision.id),
        account=accounts.get(ruling.account_id),
        about=ruling.about.value,
        subject_id=str(ruling.subject_id) if ruling.subject_id else None,
        surface=ruling.surface.value,
        measure=ruling.measure.value,
        source=ruling.source.value,
        failed=ruling.failed,
        text=joined(shown.parts) or None,
        language=ruling.language,
        findings=[
            entities.AdminFinding(
                reason=one.reason.value,
                words=WORDS[one.reason],
                score=round(one.score, 4),
                version=one.version,
                start=one.span.start,
                end=one.span.end,
            )
            for one in sorted(ruling.findings, key=lambda one: -one.score)
        ],
        reputation=round(ruling.reputation, 4),
        policy_version=ruling.policy_version,
        model_version=ruling.model_version,
        created_at=dates.moment(decision.decided_at),
        outcome=_outcome(decision),
        reviewed_at=dates.moment(decision.reviewed_at) if decision.reviewed_at else None,
        reviewed_by_account_id=str(decision.reviewed_by) if decision.reviewed_by else None,
        appeal=present_appeal(shown.appeal) if shown.appeal else None,
    )


def _strike(shown: ShownStrike, accounts: Mapping[int, Account]) -> entities.ModerationStrike | None:
    strike = shown.strike
    account = accounts.get(strike.account_id)
    if account is None:
        return None
    return entities.ModerationStrike(
        id=str(strike.id),
        action=ACTIONS.get(strike.action, "none"),
        text=strike.text,
        status_ids=[str(one) for one in strike.status_ids],
        target_account=account,
        created_at=dates.moment(strike.at),
        undone_at=dates.moment(strike.undone_at) if strike.undone_at else None,
        appeal=present_appeal(shown.appeal) if shown.appeal else None,
        appeal_until=dates.moment(shown.appeal_until) if shown.appeal_until else None,
    )


def _outcome(decision: Decision) -> entities.Outcome | None:
    if decision.upheld is None:
        return None
    return "upheld" if decision.upheld else "overturned"


def _counted(counted: Sequence[Counted]) -> list[entities.Counted]:
    return [
        entities.Counted(one.name, one.upheld, one.overturned, None if (p := one.precision) is None else round(p, 4))
        for one in counted
    ]
