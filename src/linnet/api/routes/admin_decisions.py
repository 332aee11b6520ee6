"""`/api/v1/admin/decisions`: what the engine decided, for staff to look at; endpoints of our own."""

from typing import ClassVar, Final

from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.paging import Page, PageForm
from linnet.features.accounts.permissions import Actor
from linnet.features.cases.appeals import reads, reviewing
from linnet.features.moderation.measures import Measure
from linnet.features.moderation.models import Reason, Surface
from linnet.features.moderation.reviewed import Choice
from linnet.mastodon.entities.decision import AdminDecision, ModerationMeasured
from linnet.mastodon.presenters.decisions import present_admin_decisions, present_measured
from linnet.platform.ids import parse_id

READ: Final = "admin:read"
WRITE: Final = "admin:write"
QUEUE: Final = 20
QUEUE_MAX: Final = 100


class DecisionsForm(PageForm):
    """Which decisions: by measure (all but `allow`, unless named), finding, place, author, and whether reviewed."""

    limit_max: ClassVar[int] = 100

    measure: Measure | None = None
    reason: Reason | None = None
    surface: Surface | None = None
    account_id: str | None = None
    reviewed: bool | None = None

    @property
    def choice(self) -> Choice:
        """What the feature takes; an account id that is none is nobody's."""
        return Choice(self.measure, self.reason, self.surface, _id(self.account_id), self.reviewed)


class QueueForm(Form):
    """The first of those that wait, or those after one of them."""

    measure: Measure | None = None
    reason: Reason | None = None
    surface: Surface | None = None
    account_id: str | None = None
    after_id: str | None = None
    limit: int | None = None

    @property
    def choice(self) -> Choice:
        """What the feature takes."""
        return Choice(self.measure, self.reason, self.surface, _id(self.account_id))


class MeasuredForm(Form):
    """Of how many days; at most 180, for decisions are kept no longer."""

    days: int = reads.MEASURED_DAYS


@endpoint("GET", "/api/v1/admin/decisions", scope=READ)
async def list_decisions(call: Call, form: DecisionsForm) -> Page[AdminDecision]:
    """List decisions, newest first, with what they stood on and what was said of them."""
    shown = await reads.page(call.engines, _actor(call), form.window, form.choice)
    return Page.of(await present_admin_decisions(call.engines, shown), [one.decision.id for one in shown], form.window)


@endpoint("GET", "/api/v1/admin/decisions/queue", scope=READ)
async def list_waiting(call: Call, form: QueueForm) -> list[AdminDecision]:
    """List decisions that wait for a moderator: held texts first, then limited accounts and failures, each old first.

    Whatever was looked at is gone from it, so that one works from its top; `after_id` skips what one leaves to others.
    """
    limit = min(max(QUEUE if form.limit is None else form.limit, 1), QUEUE_MAX)
    shown = await reads.queue(call.engines, _actor(call), form.choice, _id(form.after_id), limit)
    return await present_admin_decisions(call.engines, shown)


@endpoint("GET", "/api/v1/admin/decisions/measured", scope=READ)
async def show_measured(call: Call, form: MeasuredForm) -> ModerationMeasured:
    """Show how many decisions moderators agreed with, by reason, detector and measure, and how much waits."""
    return present_measured(await reads.measured(call.engines, _actor(call), form.days))


@endpoint("GET", "/api/v1/admin/decisions/{decision_id}", scope=READ)
async def show_decision(call: Call, decision_id: int) -> AdminDecision:
    """Show one decision."""
    return await _one(call, decision_id)


@endpoint("POST", "/api/v1/admin/decisions/{decision_id}/uphold", scope=WRITE)
async def uphold(call: Call, decision_id: int) -> AdminDecision:
    """Say that a decision was right: it stays, and what was held is not published."""
    await reviewing.review(call.engines, _actor(call), decision_id, upheld=True)
    return await _one(call, decision_id)


@endpoint("POST", "/api/v1/admin/decisions/{decision_id}/overturn", scope=WRITE)
async def overturn(call: Call, decision_id: int) -> AdminDecision:
    """Say that a decision was a mistake, and take it back: what was held is published now. Its author is told."""
    await reviewing.review(call.engines, _actor(call), decision_id, upheld=False)
    return await _one(call, decision_id)


async def _one(call: Call, decision_id: int) -> AdminDecision:
    shown = await reads.show(call.engines, _actor(call), decision_id)
    return (await present_admin_decisions(call.engines, [shown]))[0]


def _actor(call: Call) -> Actor:
    return Actor(call.me, call.address)


def _id(text: str | None) -> int | None:
    return None if not text else parse_id(text) or 0
