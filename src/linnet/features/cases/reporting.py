"""What people report: one verb, which keeps what was reported as it is now and finds the case that it belongs to."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from linnet.features.accounts import reads as accounts
from linnet.features.accounts.models import Viewer
from linnet.features.cases.events import CaseOpened
from linnet.features.cases.models import (
    COMMENT_CHARS_MAX,
    REPORTS_A_DAY_MAX,
    RULES_MAX,
    SUBJECTS_MAX,
    Category,
    Complaint,
    Subject,
    SubjectKind,
)
from linnet.features.cases.store import cases, reports
from linnet.features.conversations import reads as conversations
from linnet.features.conversations.models import Message
from linnet.features.moderation import judging
from linnet.features.moderation.measures import About
from linnet.features.moderation.measures import Subject as Text
from linnet.features.moderation.models import Surface
from linnet.features.moderation.standing import What
from linnet.features.moderation.standings import note, standing
from linnet.features.relationships.collections import reads as collections
from linnet.features.relationships.collections.models import COLLECTIONS_MAX
from linnet.features.statuses import reads as statuses
from linnet.features.statuses.models import Status
from linnet.platform.engines import Engines
from linnet.platform.errors import Invalid, NotFound, Problem, TooMany
from linnet.platform.site import Site

DAY: Final = timedelta(days=1)
OWN_ACCOUNT: Final = "You cannot report your own account. To have something of yours removed, delete it."
TOO_MANY: Final = "You have reported very much today. Moderators look at what you sent; please go on tomorrow."


async def report(engines: Engines, viewer: Viewer, complaint: Complaint) -> int:
    """Tell the moderators about somebody; the report's id.

    Of the posts, messages and collections that are named, those are kept that are that account's and that the viewer
    may see: moderators see exactly these, as they are now, private ones too. What else was named is left out, for it
    may have been deleted a moment ago. Raises `NotFound`, `Invalid`, as `judging.stop` does, and `TooMany` for more
    than 400 within a day.
    """
    complaint = _checked(engines, complaint)
    if complaint.target_id == viewer.account_id:
        raise Invalid(OWN_ACCOUNT)
    await accounts.show(engines.db, complaint.target_id)
    subjects = await _subjects(engines, viewer, complaint)
    at = engines.clock.now()
    if await reports.made_since(engines.db, viewer.account_id, at - DAY, REPORTS_A_DAY_MAX) >= REPORTS_A_DAY_MAX:
        raise TooMany(TOO_MANY, retry_after_s=int(DAY.total_seconds()))
    own = await standing(engines, viewer.account_id)
    comment = Text(viewer.account_id, About.REPORT, Surface.REPORT, complaint.comment)
    weighed = await judging.weigh(engines, comment)
    await judging.stop(engines, weighed)
    async with engines.transaction() as tx:
        case_id, is_new = await cases.open_one(tx, complaint.target_id, complaint.category, at)
        is_first = not await reports.has_reported(tx, case_id, viewer.account_id)
        report_id = await reports.insert(tx, case_id, viewer.account_id, complaint, own.reporter_weight, at)
        if is_first:
            await note(tx, complaint.target_id, What.REPORTED, at)
        await reports.add_subjects(tx, report_id, subjects)
        await cases.weigh(tx, case_id)
        if is_new:
            await tx.record(CaseOpened(case_id=case_id, report_id=report_id))
        if weighed.counts:
            await judging.keep(tx, weighed, report_id, at)
    return report_id


def _checked(engines: Engines, complaint: Complaint) -> Complaint:
    """The complaint, which is of a violation when it names rules; raises `Invalid`."""
    if len(complaint.comment) > COMMENT_CHARS_MAX:
        description = f"is too long (maximum is {COMMENT_CHARS_MAX} characters)"
        raise Invalid.of({"comment": [Problem("ERR_TOO_LONG", description)]})
    if "\0" in complaint.comment:
        raise Invalid.of({"comment": [Problem("ERR_INVALID", "has a character that no text has")]})
    if len(complaint.subject_ids) > SUBJECTS_MAX or len(complaint.collection_ids) > SUBJECTS_MAX:
        raise Invalid(f"Validation failed: Choose at most {SUBJECTS_MAX} posts; one report can stand for more")
    if not complaint.rule_ids:
        return complaint
    rules = range(1, len(engines.config(Site).rules) + 1)
    if len(complaint.rule_ids) > RULES_MAX or any(rule not in rules for rule in complaint.rule_ids):
        raise Invalid.of({"rule_ids": [Problem("ERR_INVALID", "does not reference valid rules")]})
    return Complaint(
        complaint.target_id,
        Category.VIOLATION,
        complaint.comment,
        complaint.subject_ids,
        complaint.collection_ids,
        tuple(sorted(set(complaint.rule_ids))),
        complaint.forward,
    )


async def _subjects(engines: Engines, viewer: Viewer, complaint: Complaint) -> list[Subject]:
    """What of it the viewer may see and is the account's, as it is now."""
    ids, target_id = list(dict.fromkeys(complaint.subject_ids)), complaint.target_id
    page = await statuses.hydrate(engines, viewer, ids)
    found = [_of_status(one) for one in page if one.account_id == target_id and one.reblog_of_id is None]
    others = [one for one in ids if one not in page.ids]
    said = await conversations.hydrate(engines, viewer, others)
    found += [_of_message(one) for one in said if one.account_id == target_id]
    return found + await _collections(engines, viewer, complaint.collection_ids, target_id)


async def _collections(engines: Engines, viewer: Viewer, ids: Sequence[int], target_id: int) -> list[Subject]:
    """Collections of the account; each is looked up by itself, for an account has ten at most."""
    found: list[Subject] = []
    for collection_id in list(dict.fromkeys(ids))[:COLLECTIONS_MAX]:
        try:
            one = await collections.show(engines.db, viewer, collection_id)
        except NotFound:
            continue
        if one.owner_id == target_id:
            text = f"{one.wording.name}\n{one.wording.description}".strip()
            found.append(Subject(SubjectKind.COLLECTION, one.id, "", text, "", (), one.created_at))
    return found


def _of_status(status: Status) -> Subject:
    media_ids = tuple(one.id for one in status.media)
    visibility = status.visibility.value
    return Subject(
        SubjectKind.STATUS, status.id, status.spoiler_text, status.text, visibility, media_ids, status.created_at
    )


def _of_message(message: Message) -> Subject:
    media_ids = tuple(one.id for one in message.media)
    return Subject(
        SubjectKind.MESSAGE, message.id, message.spoiler_text, message.text, "direct", media_ids, message.created_at
    )
