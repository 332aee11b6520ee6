"""Casework as staff see it; Linnet's own."""

import msgspec

from linnet.mastodon.entities.account import Account
from linnet.mastodon.entities.media import MediaAttachment
from linnet.mastodon.entities.report import AccountWarning


class Case(msgspec.Struct, kw_only=True):
    """What was reported of one account for one kind of reason.

    `weight` is what its reporters weigh together, each once and as far as their reports were right so far; the queue is
    sorted by it.
    """

    id: str
    account: Account
    category: str
    weight: float
    reporters_count: int
    assigned_to_account_id: str | None
    opened_at: str
    updated_at: str
    resolved_at: str | None
    resolved_by_account_id: str | None
    outcome: str | None
    """`upheld` or `dismissed`; null while it is open."""


class ReportedSubject(msgspec.Struct, kw_only=True):
    """A post, private message or collection as it was when it was reported. Its words are gone after 180 days."""

    kind: str
    id: str
    spoiler_text: str
    text: str
    visibility: str
    created_at: str
    media_attachments: list[MediaAttachment]
    """Those of its files that are still there."""


class CaseReport(msgspec.Struct, kw_only=True):
    """One report of a case. `account` is who made it, null when theirs was deleted."""

    id: str
    account: Account | None
    comment: str
    rule_ids: list[str]
    weight: float
    created_at: str
    subjects: list[ReportedSubject]


class CaseEntry(msgspec.Struct, kw_only=True):
    """What happened in a case: `note`, `assigned`, `unassigned`, `acted`, `undone`, `resolved` or `reopened`."""

    id: str
    kind: str
    text: str
    """The note, the action, or the outcome."""
    account_id: str | None
    created_at: str


class CaseStrike(AccountWarning, kw_only=True):
    """A strike with what only staff see of it."""

    case_id: str | None
    by_account_id: str | None
    undone_at: str | None


class CaseRecord(msgspec.Struct, kw_only=True):
    """What came of the cases that somebody reported in, and of those about them."""

    account: Account
    reports_made: int
    reports_made_upheld: int
    reports_made_dismissed: int
    cases: int
    cases_upheld: int
    cases_dismissed: int
    strikes: int


class CaseFile(Case, kw_only=True):
    """A case with all that belongs to it: its newest 200 reports, and the history of both sides."""

    reports: list[CaseReport]
    entries: list[CaseEntry]
    strikes: list[CaseStrike]
    """Of the account, in whichever case, newest first."""
    history: CaseRecord
    reporters: list[CaseRecord]


class LinkedAccount(msgspec.Struct, kw_only=True):
    """An account that has something in common with another one."""

    account: Account
    shares: list[str]
    """Of `address` (a network it signed in from within 30 days), `device` and `text` (nearly the same posts)."""


class SimilarPost(msgspec.Struct, kw_only=True):
    """A post that says nearly what a reported one says."""

    id: str
    account: Account
    text: str
    likeness: float
    """0 to 1: the share of its runs of three letters that both have."""
    created_at: str
