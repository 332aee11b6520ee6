"""`/api/v1/admin/appeals`: what people say against decisions and strikes, for staff to answer; endpoints of our own."""

from typing import ClassVar, Final

from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.paging import Page, PageForm
from linnet.features.accounts.permissions import Actor
from linnet.features.cases.appeals import actions, reads
from linnet.features.cases.appeals.models import Against, Choice, State
from linnet.mastodon.entities.decision import AdminAppeal
from linnet.mastodon.presenters.decisions import present_admin_appeals
from linnet.platform.ids import parse_id

READ: Final = "admin:read"
WRITE: Final = "admin:write"


class AppealsForm(PageForm):
    """Which appeals: how far they are, against what, whose."""

    limit_max: ClassVar[int] = 100

    state: State | None = None
    against: Against | None = None
    account_id: str | None = None

    @property
    def choice(self) -> Choice:
        """What the feature takes; an account id that is none is nobody's."""
        return Choice(self.state, self.against, None if not self.account_id else parse_id(self.account_id) or 0)


class AnswerForm(Form):
    """What its person is told beside yes or no: plain text, up to 2,000 characters, may be empty."""

    text: str = ""


@endpoint("GET", "/api/v1/admin/appeals", scope=READ)
async def list_appeals(call: Call, form: AppealsForm) -> Page[AdminAppeal]:
    """List appeals, newest first, each with what it is against."""
    found = await reads.appeals(call.engines, _actor(call), form.window, form.choice)
    return Page.of(await present_admin_appeals(call.engines, found), [one.appeal.id for one in found], form.window)


@endpoint("GET", "/api/v1/admin/appeals/{appeal_id}", scope=READ)
async def show_appeal(call: Call, appeal_id: int) -> AdminAppeal:
    """Show an appeal with what it is against."""
    return await _one(call, appeal_id)


@endpoint("POST", "/api/v1/admin/appeals/{appeal_id}/approve", scope=WRITE)
async def approve(call: Call, appeal_id: int, form: AnswerForm) -> AdminAppeal:
    """Agree with an appeal: what it is against is taken back, and its person is told."""
    await actions.answer(call.engines, _actor(call), appeal_id, approved=True, text=form.text)
    return await _one(call, appeal_id)


@endpoint("POST", "/api/v1/admin/appeals/{appeal_id}/reject", scope=WRITE)
async def reject(call: Call, appeal_id: int, form: AnswerForm) -> AdminAppeal:
    """Disagree with an appeal: what it is against stays, and its person is told."""
    await actions.answer(call.engines, _actor(call), appeal_id, approved=False, text=form.text)
    return await _one(call, appeal_id)


async def _one(call: Call, appeal_id: int) -> AdminAppeal:
    return (await present_admin_appeals(call.engines, [await reads.appeal(call.engines, _actor(call), appeal_id)]))[0]


def _actor(call: Call) -> Actor:
    return Actor(call.me, call.address)
