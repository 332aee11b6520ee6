"""Admin::Report (https://docs.joinmastodon.org/entities/Admin_Report/): a report as staff see it."""

import msgspec

from linnet.mastodon.entities.admin import AdminAccount
from linnet.mastodon.entities.instance import Rule
from linnet.mastodon.entities.status import Status


class AdminReport(msgspec.Struct, kw_only=True):
    """A report, both sides of it, and who deals with it. `case_id` is ours: all of a case is dealt with at once."""

    id: str
    case_id: str
    action_taken: bool
    action_taken_at: str | None
    category: str
    comment: str
    forwarded: bool
    created_at: str
    updated_at: str
    account: AdminAccount
    target_account: AdminAccount
    assigned_account: AdminAccount | None
    action_taken_by_account: AdminAccount | None
    statuses: list[Status]
    """What was reported: as it is, or where the reader may not see it (any more) as it was then."""
    rules: list[Rule]
