"""`/api/v1/reports`: to tell the moderators about somebody."""

from typing import Literal

from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.features.cases import reads, reporting
from linnet.features.cases.models import Category, Complaint
from linnet.mastodon.entities.report import Report
from linnet.mastodon.presenters.reports import present_reports
from linnet.platform.errors import Invalid, NotFound, Problem
from linnet.platform.ids import parse_id


class ReportForm(Form):
    """Whom one reports, why, and what of theirs: posts, private messages among them, and collections."""

    account_id: str = ""
    status_ids: list[str] = []
    collection_ids: list[str] = []
    comment: str = ""
    """Up to 1,000 characters, for the moderators."""
    forward: bool = False
    category: Literal["", "spam", "legal", "violation", "other"] = ""
    """`other` unless told otherwise, and `violation` whenever there are `rule_ids`."""
    rule_ids: list[str] = []


@endpoint("POST", "/api/v1/reports", scope="write:reports")
async def report(call: Call, form: ReportForm) -> Report:
    """Report an account to the moderators, with posts and private messages of theirs that one may see."""
    target_id = parse_id(form.account_id)
    if target_id is None:
        raise NotFound
    complaint = Complaint(
        target_id,
        Category(form.category or "other"),
        form.comment,
        _ids(form.status_ids),
        _ids(form.collection_ids),
        _rules(form.rule_ids),
        form.forward,
    )
    report_id = await reporting.report(call.engines, call.me, complaint)
    made = await reads.own_report(call.engines, call.me, report_id)
    return (await present_reports(call.engines, [made]))[0]


def _ids(texts: list[str]) -> tuple[int, ...]:
    """Ids; what is none, nothing has."""
    return tuple(i for text in texts if (i := parse_id(text)) is not None)


def _rules(texts: list[str]) -> tuple[int, ...]:
    numbers = tuple(i for text in texts if (i := parse_id(text)) is not None)
    if len(numbers) != len(texts):
        raise Invalid.of({"rule_ids": [Problem("ERR_INVALID", "does not reference valid rules")]})
    return numbers
