"""`/api/v1/admin/cases`: what was reported, for those who look at it; endpoints of our own."""

from typing import ClassVar, Final, Literal

from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.paging import Page, PageForm
from linnet.api.routes.admin_accounts import actor_of
from linnet.features.cases import actions, handling, reads
from linnet.features.cases.models import Act, Action, Category, Choice, Outcome
from linnet.mastodon.entities.cases import Case, CaseFile, CaseStrike
from linnet.mastodon.presenters.cases import present_cases, present_dossier, present_strikes
from linnet.platform.errors import Invalid, NotFound, Problem
from linnet.platform.ids import parse_id

READ: Final = "admin:read:reports"
WRITE: Final = "admin:write:reports"
QUEUED: Final = 20
QUEUED_MAX: Final = 100
NO_ID: Final = 0


class CasesForm(PageForm):
    """Which cases: 40 unless told otherwise, at most 100. `assigned_to` is an account's id, or `me`."""

    limit_default: ClassVar[int] = 40
    limit_max: ClassVar[int] = 100

    resolved: bool | None = None
    account_id: str | None = None
    category: Literal["", "spam", "legal", "violation", "other"] = ""
    assigned_to: str | None = None


class QueueForm(Form):
    """How much of the queue, and from where on."""

    limit: int = QUEUED
    offset: int = 0


class NoteForm(Form):
    """What to write down for the others of the staff."""

    text: str = ""


class ActForm(Form):
    """What to do about the account of a case, and what its person is told."""

    action: str = ""
    """`none`, `warn`, `mark_sensitive`, `delete_posts`, `sensitive`, `freeze`, `limit` or `suspend`."""
    text: str = ""
    """Up to 5,000 characters of plain text."""
    status_ids: list[str] = []
    """The posts to mark or delete, or those that it is for."""
    by_mail: bool = True


class ResolveForm(Form):
    """How a case ends without anything more being done."""

    outcome: Literal["", "upheld", "dismissed"] = ""


@endpoint("GET", "/api/v1/admin/cases", scope=READ)
async def list_cases(call: Call, form: CasesForm) -> Page[Case]:
    """List cases, newest first; those about oneself are left out."""
    assigned_to = call.me.account_id if form.assigned_to == "me" else _asked(form.assigned_to)
    category = Category(form.category) if form.category else None
    choice = Choice(form.resolved, _asked(form.account_id), category, assigned_to)
    found = await reads.page(call.engines, actor_of(call), form.window, choice)
    return Page[Case].of(await present_cases(call.engines, found), [one.id for one in found], form.window)


@endpoint("GET", "/api/v1/admin/cases/queue", scope=READ)
async def list_queue(call: Call, form: QueueForm) -> list[Case]:
    """List open cases in the order to look at them: whose reporters were right most often, first."""
    limit, offset = min(max(form.limit, 1), QUEUED_MAX), max(form.offset, 0)
    return await present_cases(
        call.engines, await reads.queue(call.engines, actor_of(call), limit=limit, offset=offset)
    )


@endpoint("GET", "/api/v1/admin/cases/{case_id}", scope=READ)
async def show_case(call: Call, case_id: int) -> CaseFile:
    """Show a case with its reports, what happened in it, and the history of both sides."""
    return await _shown(call, case_id)


@endpoint("POST", "/api/v1/admin/cases/{case_id}/assign", scope=WRITE)
async def assign(call: Call, case_id: int) -> CaseFile:
    """Take a case for oneself."""
    await handling.assign(call.engines, actor_of(call), case_id)
    return await _shown(call, case_id)


@endpoint("POST", "/api/v1/admin/cases/{case_id}/unassign", scope=WRITE)
async def unassign(call: Call, case_id: int) -> CaseFile:
    """Give a case back to everybody."""
    await handling.unassign(call.engines, actor_of(call), case_id)
    return await _shown(call, case_id)


@endpoint("POST", "/api/v1/admin/cases/{case_id}/notes", scope=WRITE)
async def note(call: Call, case_id: int, form: NoteForm) -> CaseFile:
    """Write something down for the others of the staff."""
    await handling.note(call.engines, actor_of(call), case_id, form.text)
    return await _shown(call, case_id)


@endpoint("POST", "/api/v1/admin/cases/{case_id}/act", scope=WRITE)
async def act(call: Call, case_id: int, form: ActForm) -> CaseFile:
    """Do something about the account of a case, tell its person, and close the case; `none` dismisses it."""
    case = await reads.show(call.engines, actor_of(call), case_id)
    if form.action not in set(Action):
        raise Invalid.of({"action": [Problem("ERR_INCLUSION", f"must be one of {', '.join(Action)}")]})
    status_ids = tuple(i for text in form.status_ids if (i := parse_id(text)) is not None)
    wanted = Act(
        account_id=case.account_id,
        action=Action(form.action),
        text=form.text,
        case_id=case_id,
        status_ids=status_ids,
        by_mail=form.by_mail,
    )
    await actions.act(call.engines, actor_of(call), wanted)
    return await _shown(call, case_id)


@endpoint("POST", "/api/v1/admin/cases/{case_id}/resolve", scope=WRITE)
async def resolve(call: Call, case_id: int, form: ResolveForm) -> CaseFile:
    """Close a case: its reporters were right (`upheld`) or not (`dismissed`), which their record then says."""
    await reads.show(call.engines, actor_of(call), case_id)
    if not form.outcome:
        raise Invalid.of({"outcome": [Problem("ERR_INCLUSION", "must be upheld or dismissed")]})
    await handling.resolve(call.engines, actor_of(call), case_id, Outcome(form.outcome))
    return await _shown(call, case_id)


@endpoint("POST", "/api/v1/admin/cases/{case_id}/reopen", scope=WRITE)
async def reopen(call: Call, case_id: int) -> CaseFile:
    """Open a closed case again; nobody's record has its end any more. What was done stays done."""
    await handling.reopen(call.engines, actor_of(call), case_id)
    return await _shown(call, case_id)


@endpoint("GET", "/api/v1/admin/accounts/{account_id}/strikes", scope=READ)
async def list_strikes(call: Call, account_id: int, form: PageForm) -> Page[CaseStrike]:
    """List what was done about an account, newest first."""
    found = await reads.strikes_of(call.engines, actor_of(call), account_id, form.window)
    return Page[CaseStrike].of(await present_strikes(call.engines, found), [one.id for one in found], form.window)


@endpoint("POST", "/api/v1/admin/strikes/{strike_id}/undo", scope=WRITE)
async def undo(call: Call, strike_id: int) -> CaseStrike:
    """Take back what was done, as far as that can be: deleted posts stay deleted."""
    await actions.undo(call.engines, actor_of(call), strike_id)
    return (await present_strikes(call.engines, [await reads.strike(call.engines, actor_of(call), strike_id)]))[0]


async def _shown(call: Call, case_id: int) -> CaseFile:
    found = await present_dossier(call.engines, await reads.dossier(call.engines, actor_of(call), case_id))
    if found is None:
        raise NotFound
    return found


def _asked(text: str | None) -> int | None:
    """An id that is asked for; what is no id, nothing has."""
    return None if not text else parse_id(text) or NO_ID
