"""Decisions about texts, strikes and appeals: what their person sees, and what staff see. Entities of our own."""

from typing import Literal

import msgspec

from linnet.mastodon.entities.account import Account
from linnet.mastodon.entities.moderation import ModerationReason

Outcome = Literal["upheld", "overturned"]
AppealState = Literal["pending", "approved", "rejected"]


class Appeal(msgspec.Struct, kw_only=True):
    """What somebody says against a decision or a strike, and what was answered: Mastodon's Appeal, and more."""

    id: str
    text: str
    state: AppealState
    created_at: str
    answered_at: str | None
    answer: str
    """What a moderator wrote beside yes or no; plain text, may be empty."""


class ModerationDecision(msgspec.Struct, kw_only=True):
    """What was decided about a text of one's own, in words."""

    id: str
    measure: str
    about: str
    subject_id: str | None
    """The post or message that it is about, if it has a number."""
    text: str | None
    """The words that it is about; null where they are kept no longer, or were changed since."""
    sentence: str
    """What was decided, why, and whether a moderator has looked."""
    reasons: list[ModerationReason]
    next_steps: list[str]
    """What one can do, each a sentence."""
    created_at: str
    outcome: Outcome | None
    """What a moderator said; null while nobody has looked."""
    reviewed_at: str | None
    appeal: Appeal | None
    appeal_until: str | None
    """Until when it can be appealed; null when it cannot be, or was."""


class ModerationStrike(msgspec.Struct, kw_only=True):
    """What staff did about an account: Mastodon's AccountWarning, and more."""

    id: str
    action: str
    text: str
    status_ids: list[str]
    target_account: Account
    created_at: str
    undone_at: str | None
    appeal: Appeal | None
    appeal_until: str | None
    """Until when it can be appealed; null when it cannot be, or was."""


class AdminFinding(msgspec.Struct, kw_only=True):
    """What a detector saw, as it was when it was decided. Places are code points of the decision's `text`."""

    reason: str
    words: str
    score: float
    version: str
    start: int
    end: int


class AdminDecision(msgspec.Struct, kw_only=True):
    """A decision with the grounds that it stood on, for staff."""

    id: str
    account: Account | None
    """Null once it is deleted."""
    about: str
    subject_id: str | None
    surface: str
    measure: str
    source: str
    failed: bool
    """The engine broke over it, and it went through for somebody to look at."""
    text: str | None
    """Null where it is kept no longer, was changed since, or is a message, which is between those who have it."""
    language: str | None
    findings: list[AdminFinding]
    reputation: float
    policy_version: int
    model_version: str
    created_at: str
    outcome: Outcome | None
    reviewed_at: str | None
    reviewed_by_account_id: str | None
    """Null, once it is reviewed, for the operator at the console."""
    appeal: Appeal | None


class AdminAppeal(msgspec.Struct, kw_only=True):
    """An appeal with what it is against: one of `decision` and `strike` is there, unless it was erased."""

    id: str
    account: Account | None
    text: str
    state: AppealState
    created_at: str
    answered_at: str | None
    answered_by_account_id: str | None
    answer: str
    decision: AdminDecision | None
    strike: ModerationStrike | None


class Counted(msgspec.Struct):
    """Of the decisions of a kind that moderators looked at, how many stayed and how many were taken back."""

    name: str
    """A reason, a detector's version, or a measure."""
    upheld: int
    overturned: int
    precision: float | None
    """The share that stayed; null when nobody has looked at any."""


class ModerationMeasured(msgspec.Struct, kw_only=True):
    """How good decisions were lately by what moderators said of them, and what waits for somebody."""

    since: str
    by_reason: list[Counted]
    by_version: list[Counted]
    by_measure: list[Counted]
    waiting: int
    waiting_since: str | None
    appeals_pending: int
    appeals_pending_since: str | None
    appeals_approved: int
    appeals_rejected: int
