"""`/api/v1/moderation`: what was decided about one's own texts and account, and appeals; endpoints of our own."""

from typing import Final

from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.paging import Page, PageForm
from linnet.features.cases.appeals import actions, reads
from linnet.mastodon.entities.decision import ModerationDecision, ModerationStrike
from linnet.mastodon.presenters.decisions import present_decisions, present_strikes

READ: Final = "read:accounts"
WRITE: Final = "write:accounts"
"""There are no scopes for these: they are about how one's account stands."""


class AppealForm(Form):
    """Why it is a mistake: plain text, up to 2,000 characters."""

    text: str = ""


@endpoint("GET", "/api/v1/moderation/decisions", scope=READ)
async def list_decisions(call: Call, form: PageForm) -> Page[ModerationDecision]:
    """List what was decided about texts of one's own, newest first, in words."""
    shown = await reads.own(call.engines, call.me, form.window)
    return Page.of(present_decisions(shown), [one.decision.id for one in shown], form.window)


@endpoint("GET", "/api/v1/moderation/decisions/{decision_id}", scope=READ)
async def show_decision(call: Call, decision_id: int) -> ModerationDecision:
    """Show what was decided about a text of one's own: what was found where, what one can do, how an appeal stands."""
    return present_decisions([await reads.own_one(call.engines, call.me, decision_id)])[0]


@endpoint("POST", "/api/v1/moderation/decisions/{decision_id}/appeal", scope=WRITE)
async def appeal_decision(call: Call, decision_id: int, form: AppealForm) -> ModerationDecision:
    """Appeal against a decision, once, within 20 days. A moderator answers, here and by a letter."""
    await actions.appeal_decision(call.engines, call.me, decision_id, form.text)
    return present_decisions([await reads.own_one(call.engines, call.me, decision_id)])[0]


@endpoint("GET", "/api/v1/moderation/strikes", scope=READ)
async def list_strikes(call: Call, form: PageForm) -> Page[ModerationStrike]:
    """List what moderators did about one's account, newest first."""
    shown = await reads.own_strikes(call.engines, call.me, form.window)
    return Page.of(await present_strikes(call.engines, shown), [one.strike.id for one in shown], form.window)


@endpoint("GET", "/api/v1/moderation/strikes/{strike_id}", scope=READ)
async def show_strike(call: Call, strike_id: int) -> ModerationStrike:
    """Show one thing that moderators did about one's account, and how an appeal against it stands."""
    return await _strike(call, strike_id)


@endpoint("POST", "/api/v1/moderation/strikes/{strike_id}/appeal", scope=WRITE)
async def appeal_strike(call: Call, strike_id: int, form: AppealForm) -> ModerationStrike:
    """Appeal against what moderators did, once, within 20 days. A moderator answers, here and by a letter."""
    await actions.appeal_strike(call.engines, call.me, strike_id, form.text)
    return await _strike(call, strike_id)


async def _strike(call: Call, strike_id: int) -> ModerationStrike:
    shown = await reads.own_strike(call.engines, call.me, strike_id)
    return (await present_strikes(call.engines, [shown]))[0]
