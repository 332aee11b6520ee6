"""The nouns of casework: reports, the cases they belong to, what is done about accounts, and the limits of it all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

COMMENT_CHARS_MAX: Final = 1_000
"""Of a report, in code points: Mastodon's number."""

SUBJECTS_MAX: Final = 100
"""Posts, messages and collections that one report is about."""

RULES_MAX: Final = 100
REPORTS_A_DAY_MAX: Final = 400
"""Of one person: Mastodon's number."""

TEXT_CHARS_MAX: Final = 5_000
"""Of what a person is told with a strike, and of a note in a case, in code points."""

STATUSES_AT_ONCE_MAX: Final = 100
"""Posts that one act marks or deletes."""

REPORTERS_NOTED_MAX: Final = 5_000
"""Of a case, the first: to how many of its reporters it is put down whether they were right."""

EVIDENCE_KEPT: Final = timedelta(days=180)
"""How long words that were reported are kept after their case was closed."""


class Category(StrEnum):
    """For what reason somebody is reported; the names are Mastodon's."""

    SPAM = "spam"
    LEGAL = "legal"
    VIOLATION = "violation"
    OTHER = "other"


class Outcome(StrEnum):
    """How a case ended."""

    UPHELD = "upheld"
    """Something was to be done."""
    DISMISSED = "dismissed"


class Action(StrEnum):
    """What staff do about an account, from the mildest to the hardest."""

    NONE = "none"
    """Nothing: its case is dismissed, and its person hears of nothing."""
    WARN = "warn"
    """Its person is told something."""
    MARK_SENSITIVE = "mark_sensitive"
    """Posts are shown behind a warning."""
    DELETE_POSTS = "delete_posts"
    SENSITIVE = "sensitive"
    """Whatever it shows is behind a warning, from now on."""
    FREEZE = "freeze"
    """Its person may sign in, read and appeal, and write nothing."""
    LIMIT = "limit"
    """Only who follows it meets it: no public timeline, search, trend, hashtag or notification."""
    SUSPEND = "suspend"
    """Nobody sees it; after 30 days it is erased."""


OF_POSTS: Final = frozenset({Action.MARK_SENSITIVE, Action.DELETE_POSTS})
"""Actions that are about posts, which have to be named."""


class SubjectKind(StrEnum):
    """What can be reported of an account beside itself."""

    STATUS = "status"
    MESSAGE = "message"
    COLLECTION = "collection"


@dataclass(frozen=True, slots=True)
class Complaint:
    """What somebody wants to report. `subject_ids` are of posts or messages, or of both."""

    target_id: int
    category: Category = Category.OTHER
    comment: str = ""
    subject_ids: tuple[int, ...] = ()
    collection_ids: tuple[int, ...] = ()
    rule_ids: tuple[int, ...] = ()
    forward: bool = False
    """Asked for by clients that know of other servers; there are none here, so nothing is forwarded."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that was reported, as it was then."""

    kind: SubjectKind
    id: int
    spoiler_text: str
    text: str
    visibility: str
    media_ids: tuple[int, ...]
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Report:
    """One person's report of another."""

    id: int
    case_id: int
    account_id: int
    target_id: int
    category: Category
    comment: str
    rule_ids: tuple[int, ...]
    forward: bool
    weight: float
    made_at: datetime
    resolved_at: datetime | None
    """When its case was closed."""
    subjects: tuple[Subject, ...] = ()

    def ids_of(self, *kinds: SubjectKind) -> list[int]:
        """The ids of its subjects of these kinds."""
        return [one.id for one in self.subjects if one.kind in kinds]


@dataclass(frozen=True, slots=True)
class Case:
    """What was reported of one account for one kind of reason, and how far it has come."""

    id: int
    account_id: int
    category: Category
    weight: float
    """Of those who reported it, each once."""
    reporters: int
    assigned_to: int | None
    opened_at: datetime
    updated_at: datetime
    resolved_at: datetime | None
    resolved_by: int | None
    outcome: Outcome | None


class EntryKind(StrEnum):
    """What can have happened in a case."""

    NOTE = "note"
    ASSIGNED = "assigned"
    UNASSIGNED = "unassigned"
    ACTED = "acted"
    UNDONE = "undone"
    RESOLVED = "resolved"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened in a case."""

    id: int
    account_id: int | None
    kind: EntryKind
    text: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Strike:
    """What was done about an account, and what its person was told."""

    id: int
    account_id: int
    case_id: int | None
    action: Action
    text: str
    status_ids: tuple[int, ...]
    by: int | None
    """None is the operator at the console."""
    at: datetime
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What is to be done about an account."""

    account_id: int
    action: Action
    text: str = ""
    """What its person is told, in plain text."""
    case_id: int | None = None
    """The case that it answers, which is closed by it as upheld, or by `Action.NONE` as dismissed."""
    status_ids: tuple[int, ...] = ()
    """For actions that are about posts; for the others the posts that it is for."""
    by_mail: bool = True
    """Whether its person gets a letter as well."""


@dataclass(frozen=True, slots=True)
class Record:
    """What came of the reports that an account made, and of those about it."""

    made: int = 0
    made_upheld: int = 0
    made_dismissed: int = 0
    received: int = 0
    received_upheld: int = 0
    received_dismissed: int = 0
    strikes: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """Which cases are asked for; None does not matter."""

    resolved: bool | None = None
    account_id: int | None = None
    category: Category | None = None
    assigned_to: int | None = None


@dataclass(frozen=True, slots=True)
class ReportChoice:
    """Which reports are asked for; None does not matter."""

    resolved: bool | None = None
    account_id: int | None = None
    """Who made them."""
    target_id: int | None = None


@dataclass(frozen=True, slots=True)
class Dossier:
    """A case with all that belongs to it."""

    case: Case
    reports: tuple[Report, ...]
    entries: tuple[Entry, ...]
    strikes: tuple[Strike, ...]
    """Of the account, in whichever case, newest first."""
    records: Mapping[int, Record] = field(default_factory=dict[int, Record])
    """Of the account and of its reporters, by account."""
