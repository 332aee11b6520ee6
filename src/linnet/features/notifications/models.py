"""The nouns of notifications: what one is told, by whom it was caused, in which groups, and what is let through."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from linnet.features.notifications.subjects import Subjects

UNREAD_DEFAULT: Final = 100
UNREAD_MAX: Final = 1_000
"""How far unread notifications are counted: Mastodon's numbers."""

SAMPLE_MAX: Final = 8
"""The newest senders of a group that are named with it: Mastodon's number."""

GROUP_COUNTED_MAX: Final = 1_000
"""How many of a group are counted one by one as their reader may see them; of larger ones all there are."""

PENDING_MAX: Final = 100
"""How far waiting requests, and the notifications of each, are counted: Mastodon's number."""

REQUESTS_AT_ONCE_MAX: Final = 100
"""Requests that one call accepts or dismisses."""

UNGROUPED: Final = "ungrouped-"
"""What the key of a notification by itself begins with; its id follows."""


class Kind(StrEnum):
    """What somebody can be told."""

    MENTION = "mention"
    FOLLOW = "follow"
    FOLLOW_REQUEST = "follow_request"
    FAVOURITE = "favourite"
    REBLOG = "reblog"
    QUOTE = "quote"
    STATUS = "status"
    UPDATE = "update"
    QUOTED_UPDATE = "quoted_update"
    POLL = "poll"
    ADMIN_SIGN_UP = "admin.sign_up"
    ADMIN_REPORT = "admin.report"
    MODERATION_WARNING = "moderation_warning"


OF_CASEWORK: Final = frozenset({Kind.ADMIN_REPORT, Kind.MODERATION_WARNING})
"""Kinds that are about no status: where the others have one's id, these have that of a report or of a strike."""


GROUPED_KINDS: Final = frozenset({Kind.FAVOURITE, Kind.REBLOG, Kind.FOLLOW, Kind.ADMIN_SIGN_UP})
"""Those that come in groups, as `store/writing.py` writes them."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell `account_id`, before the rules have looked at it.

    `status_id` is what it is about: the mentioning, quoting, new or edited status, or the recipient's own one that
    was favourited or reblogged. Of kinds `OF_CASEWORK` it is a report or a strike.
    """

    account_id: int
    kind: Kind
    from_account_id: int
    status_id: int | None = None


@dataclass(frozen=True, slots=True)
class Notification:
    """Something an account was told. One for each kind, sender and status."""

    id: int
    kind: Kind
    from_account_id: int
    status_id: int | None
    created_at: datetime
    group_key: str = ""
    """The group it is in; of one by itself `UNGROUPED` and its id."""
    case_subject_id: int | None = None
    """Of kinds `OF_CASEWORK` the report or strike; those have no status."""


@dataclass(frozen=True, slots=True)
class NotificationPage:
    """Notifications as their reader sees them, newest first, and what they are about."""

    items: tuple[Notification, ...] = ()
    subjects: Subjects = field(default_factory=Subjects)
    row_ids: tuple[int, ...] = ()
    """What was found before visibility: the ends that the next and the previous page begin at."""


@dataclass(frozen=True, slots=True)
class Group:
    """Notifications told as one. `newest` is its newest that the reader is shown."""

    key: str
    newest: Notification
    count: int = 1
    sample_ids: tuple[int, ...] = ()
    """The accounts of its newest notifications, the newest first, each once."""
    page_oldest_id: int | None = None
    """The oldest one of it within the page; None for a group that was asked for by itself."""


@dataclass(frozen=True, slots=True)
class GroupPage:
    """Groups as their reader sees them, newest first, and what they are about."""

    items: tuple[Group, ...] = ()
    subjects: Subjects = field(default_factory=Subjects)
    row_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """Which notifications are asked for."""

    kinds: tuple[str, ...] | None = None
    """Only these; None for all. Names that are no kind match nothing."""
    excluded_kinds: tuple[str, ...] = ()
    from_account_id: int | None = None
    includes_filtered: bool = False
    grouped_kinds: tuple[str, ...] | None = None
    """Kinds that may be told in groups, where groups are asked for; None for all that come in groups."""

    @property
    def wanted(self) -> frozenset[Kind]:
        """The kinds that are asked for."""
        return frozenset(k for k in Kind if (self.kinds is None or k in self.kinds) and k not in self.excluded_kinds)

    @property
    def in_groups(self) -> frozenset[Kind]:
        """Those of them that are to be told in groups."""
        return self.wanted & (GROUPED_KINDS if self.grouped_kinds is None else GROUPED_KINDS & set(self.grouped_kinds))


class Verdict(StrEnum):
    """What becomes of a notification."""

    ACCEPT = "accept"
    FILTER = "filter"
    """It waits in the requests of its sender."""
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Policy:
    """What becomes of notifications by their cause; the strictest that applies counts. The defaults are Mastodon's."""

    for_not_following: Verdict = Verdict.ACCEPT
    for_not_followers: Verdict = Verdict.ACCEPT
    for_new_accounts: Verdict = Verdict.ACCEPT
    for_private_mentions: Verdict = Verdict.FILTER
    for_limited_accounts: Verdict = Verdict.FILTER
    for_bots: Verdict = Verdict.ACCEPT
    """Of accounts that say they are bots and that one does not follow; ours alone."""


@dataclass(frozen=True, slots=True)
class Pending:
    """What waits behind the policy, counted up to `PENDING_MAX` requests of as many notifications each."""

    requests: int = 0
    notifications: int = 0


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody whose notifications wait for leave."""

    id: int
    from_account_id: int
    created_at: datetime
    updated_at: datetime
    count: int
    """Up to `PENDING_MAX`."""
    last_status_id: int | None


@dataclass(frozen=True, slots=True)
class RequestPage:
    """Requests, newest first, and the last status of each that its reader may see."""

    items: tuple[Request, ...] = ()
    subjects: Subjects = field(default_factory=Subjects)
