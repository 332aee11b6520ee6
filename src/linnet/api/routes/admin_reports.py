"""`/api/v1/admin/reports`: what people reported, for staff. What is done about one is done about all of its case."""

from contextlib import suppress
from typing import ClassVar, Literal

from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.paging import Page, PageForm
from linnet.api.routes.admin_accounts import actor_of
from linnet.features.cases import handling, reads
from linnet.features.cases.models import Category, Outcome, ReportChoice
from linnet.mastodon.entities.admin_report import AdminReport
from linnet.mastodon.presenters.admin_reports import present_admin_reports
from linnet.platform.errors import Conflict, Invalid, NotFound, Problem
from linnet.platform.ids import parse_id

READ = "admin:read:reports"
WRITE = "admin:write:reports"


class ReportsForm(PageForm):
    """Which reports: those nobody has dealt with yet, unless told otherwise."""

    limit_default: ClassVar[int] = 100
    limit_max: ClassVar[int] = 200

    resolved: bool = False
    account_id: str | None = None
    """Who made them."""
    target_account_id: str | None = None

    @property
    def choice(self) -> ReportChoice:
        """What the reads take; an id that is none is nobody's."""
        return ReportChoice(self.resolved, _id(self.account_id), _id(self.target_account_id))


class ReportDetailsForm(Form):
    """What kind of report it is; what is left out stays."""

    category: Literal["", "spam", "legal", "violation", "other"] = ""
    rule_ids: list[str] | None = None
    """Of the server's rules, those that were broken; only a `violation` has any."""


@endpoint("GET", "/api/v1/admin/reports", scope=READ)
async def list_reports(call: Call, form: ReportsForm) -> Page[AdminReport]:
    """List reports, newest first."""
    window, actor = form.window, actor_of(call)
    found = await reads.reports_page(call.engines, actor, window, form.choice)
    return Page.of(await present_admin_reports(call.engines, actor, found), [one.id for one in found], window)


@endpoint("GET", "/api/v1/admin/reports/{report_id}", scope=READ)
async def show_report(call: Call, report_id: int) -> AdminReport:
    """Show one report."""
    return await _shown(call, report_id)


@endpoint("PUT", "/api/v1/admin/reports/{report_id}", scope=WRITE)
async def change_report(call: Call, report_id: int, form: ReportDetailsForm) -> AdminReport:
    """Say of what kind a report is, and which rules were broken."""
    actor = actor_of(call)
    report = await reads.show_report(call.engines, actor, report_id)
    category = Category(form.category) if form.category else None
    rule_ids = None if form.rule_ids is None else [_rule(text) for text in form.rule_ids]
    await handling.reclassify(call.engines, actor, report, category, rule_ids)
    return await _shown(call, report_id)


@endpoint("POST", "/api/v1/admin/reports/{report_id}/assign_to_self", scope=WRITE)
async def assign_report(call: Call, report_id: int) -> AdminReport:
    """Take a report, and all of its case, for oneself."""
    actor = actor_of(call)
    await handling.assign(call.engines, actor, await _case_id(call, report_id))
    return await _shown(call, report_id)


@endpoint("POST", "/api/v1/admin/reports/{report_id}/unassign", scope=WRITE)
async def unassign_report(call: Call, report_id: int) -> AdminReport:
    """Give a report, and all of its case, back to everybody."""
    await handling.unassign(call.engines, actor_of(call), await _case_id(call, report_id))
    return await _shown(call, report_id)


@endpoint("POST", "/api/v1/admin/reports/{report_id}/resolve", scope=WRITE)
async def resolve_report(call: Call, report_id: int) -> AdminReport:
    """Close the case of a report without doing anything more: those who made its reports were not right.

    What is done about an account with `report_id` closes the case as well, and then they were.
    """
    with suppress(Conflict):  # closed already, which is what is asked for
        await handling.resolve(call.engines, actor_of(call), await _case_id(call, report_id), Outcome.DISMISSED)
    return await _shown(call, report_id)


@endpoint("POST", "/api/v1/admin/reports/{report_id}/reopen", scope=WRITE)
async def reopen_report(call: Call, report_id: int) -> AdminReport:
    """Open the case of a report again. 409 while another case of that account for the same reason is open."""
    actor = actor_of(call)
    report = await reads.show_report(call.engines, actor, report_id)
    if report.resolved_at is not None:
        await handling.reopen(call.engines, actor, report.case_id)
    return await _shown(call, report_id)


async def _case_id(call: Call, report_id: int) -> int:
    return (await reads.show_report(call.engines, actor_of(call), report_id)).case_id


async def _shown(call: Call, report_id: int) -> AdminReport:
    actor = actor_of(call)
    report = await reads.show_report(call.engines, actor, report_id)
    presented = await present_admin_reports(call.engines, actor, [report])
    if not presented:
        raise NotFound
    return presented[0]


def _id(text: str | None) -> int | None:
    return None if not text else parse_id(text) or 0


def _rule(text: str) -> int:
    number = parse_id(text)
    if number is None:
        raise Invalid.of({"rule_ids": [Problem("ERR_INVALID", "does not reference valid rules")]})
    return number
