"""Reports as staff see them, for the wire: batches in, batches out."""

import html
from collections.abc import Mapping, Sequence

from linnet.features.accounts import members
from linnet.features.accounts.permissions import Actor
from linnet.features.cases import reads as cases
from linnet.features.cases.models import Case, Report, Subject, SubjectKind
from linnet.features.statuses import reads as statuses
from linnet.mastodon import dates
from linnet.mastodon.entities.account import Account
from linnet.mastodon.entities.admin import AdminAccount
from linnet.mastodon.entities.admin_report import AdminReport
from linnet.mastodon.entities.status import QuoteApproval, Status
from linnet.mastodon.presenters.admin import present_members
from linnet.mastodon.presenters.instance import present_rules
from linnet.mastodon.presenters.statuses import present_statuses
from linnet.platform.engines import Engines
from linnet.platform.site import Site

_SHOWN = (SubjectKind.STATUS, SubjectKind.MESSAGE)


async def present_admin_reports(engines: Engines, actor: Actor, reports: Sequence[Report]) -> list[AdminReport]:
    """Reports in their order, without those one side of which is deleted; statements do not grow with their number."""
    of_reports = await cases.cases_of(engines, actor, reports)
    named = {one for report in reports for one in (report.account_id, report.target_id)}
    staff = {one for case in of_reports.values() for one in (case.assigned_to, case.resolved_by) if one is not None}
    found = await members.of_accounts(engines, actor, named | staff)
    people = {int(one.id): one for one in await present_members(engines, list(found.values()))}
    ids = [one for report in reports for one in report.ids_of(SubjectKind.STATUS)]
    page = await statuses.hydrate(engines, actor.viewer, list(dict.fromkeys(ids)))
    shown = {one.id: one for one in await present_statuses(engines, actor.viewer, page)}
    return [
        _present(engines.config(Site), report, of_reports[report.case_id], people, shown)
        for report in reports
        if report.account_id in people and report.target_id in people and report.case_id in of_reports
    ]


def _present(
    site: Site, report: Report, case: Case, people: Mapping[int, AdminAccount], shown: Mapping[str, Status]
) -> AdminReport:
    target = people[report.target_id]
    return AdminReport(
        id=str(report.id),
        case_id=str(report.case_id),
        action_taken=case.resolved_at is not None,
        action_taken_at=None if case.resolved_at is None else dates.moment(case.resolved_at),
        category=report.category,
        comment=report.comment,
        forwarded=False,
        created_at=dates.moment(report.made_at),
        updated_at=dates.moment(max(case.updated_at, report.made_at)),
        account=people[report.account_id],
        target_account=target,
        assigned_account=None if case.assigned_to is None else people.get(case.assigned_to),
        action_taken_by_account=None if case.resolved_by is None else people.get(case.resolved_by),
        statuses=[
            shown.get(str(one.id)) or _as_it_was(site, target.account, one)
            for one in report.subjects
            if one.kind in _SHOWN
        ],
        rules=[rule for rule in present_rules(site) if int(rule.id) in report.rule_ids],
    )


def _as_it_was(site: Site, author: Account, subject: Subject) -> Status:
    """A post or a message by what was kept of it when it was reported."""
    url = site.status_url(author.username, subject.id)
    lines = html.escape(subject.text).replace("\n", "<br>")
    return Status(
        id=str(subject.id),
        uri=url,
        url=url,
        created_at=dates.moment(subject.written_at),
        edited_at=None,
        account=author,
        content=f"<p>{lines}</p>" if lines else "",
        visibility=subject.visibility,
        sensitive=bool(subject.spoiler_text),
        spoiler_text=subject.spoiler_text,
        language=None,
        in_reply_to_id=None,
        in_reply_to_account_id=None,
        mentions=[],
        tags=[],
        replies_count=0,
        reblogs_count=0,
        favourites_count=0,
        quotes_count=0,
        quote_approval=QuoteApproval([], [], "denied"),
    )
