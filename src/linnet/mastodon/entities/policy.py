"""Policies of moderation, and what one would have changed, for staff. Entities of our own."""

import msgspec

from linnet.mastodon.entities.moderation import ModerationReason


class Policy(msgspec.Struct, kw_only=True):
    """One version of the policy; 0 is what Linnet comes with, made by nobody."""

    version: int
    active: bool
    """Whether it holds now."""
    note: str
    made_by_account_id: str | None
    created_at: str | None


class PolicySource(Policy, kw_only=True):
    """The same as it is written, in TOML."""

    source: str


class PolicyActivation(msgspec.Struct):
    """From when on a version held."""

    version: int
    activated_by_account_id: str | None
    activated_at: str


class Policies(msgspec.Struct):
    """All versions, and which held when, each the latest first."""

    versions: list[Policy]
    activations: list[PolicyActivation]


class ReplaySign(msgspec.Struct):
    """One score that a rule goes by, and the one from which on it holds for this account."""

    name: str
    score: float
    least: float


class ReplaySample(msgspec.Struct, kw_only=True):
    """One decision that would have been another."""

    decision_id: str
    account_id: str
    text: str | None
    rule: str | None
    signs: list[ReplaySign]
    reasons: list[ModerationReason]
    created_at: str


class ReplayRule(msgspec.Struct):
    """How many changes of a kind are because of a rule."""

    name: str
    number: int


class ReplayChange(msgspec.Struct, kw_only=True):
    """One kind of change: on which surface, from what to what, how often, because of which rules."""

    surface: str
    before: str
    after: str
    number: int
    rules: list[ReplayRule]
    """Those that would hold; or, where it is milder, those that held then and would not any more."""
    samples: list[ReplaySample]


class PolicyReplay(msgspec.Struct, kw_only=True):
    """What a policy would have changed. It is of what was found then; detectors are not run again."""

    since: str
    complete: bool
    """Whether all decisions since then were tried; else it is the latest."""
    decisions: int
    same: int
    left_out: int
    """Not made by a policy alone: failures, pardons, posts that were published while their author was away."""
    changes: list[ReplayChange]
