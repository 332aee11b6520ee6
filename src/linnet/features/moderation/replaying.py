"""What another policy would have done about what was decided: by surface, by rule, with samples. Pure, bounded.

Detectors are not run again: it is the policy that is tried, on what was found then and on the reputation of then.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final

from linnet.features.moderation.measures import Decision, Measure
from linnet.features.moderation.models import Surface
from linnet.features.moderation.policy import Outcome, Policy, Rule, decide, room_of, scores_of

SAMPLES: Final = 5
SAMPLES_MAX: Final = 50
"""Decisions that are shown of each kind of change."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One score that a rule goes by, and the one from which on it would hold for this account."""

    name: str
    score: float
    least: float


@dataclass(frozen=True, slots=True)
class Sample:
    """One decision that would have been another."""

    decision: Decision
    rule: str | None
    """The rule that would have said so, or else the one that said so then and would not any more."""
    signs: tuple[Sign, ...]
    """What that rule goes by."""


@dataclass(frozen=True, slots=True, order=True)
class Kind:
    """One kind of change."""

    surface: Surface
    before: Measure
    after: Measure


@dataclass(slots=True)
class Change:
    """How often one kind of change would have been, because of which rules, and some of them."""

    number: int = 0
    rules: Counter[str] = field(default_factory=Counter[str])
    samples: dict[int, Sample] = field(default_factory=dict[int, Sample])
    """By a number made of their ids: the smallest are kept, so that they are of the whole time."""


class Replay:
    """Decisions go in, one after another; what would have changed comes out."""

    def __init__(self, policy: Policy, former: Mapping[int, Policy], samples: int = SAMPLES) -> None:
        """Try `policy`; `former` are the policies that decided then, by version, as far as they can be read."""
        self.seen = 0
        self.same: Counter[tuple[Surface, Measure]] = Counter()
        """Decisions that would have been the same."""
        self.left_out = 0
        """Decisions that no policy made alone: failures, pardons, posts published while their author was away."""
        self.changes: dict[Kind, Change] = {}
        self._policy = policy
        self._former = former
        self._samples = min(max(samples, 0), SAMPLES_MAX)

    def take(self, decision: Decision) -> None:
        """Try the policy on one decision."""
        self.seen += 1
        ruling = decision.ruling
        former = self._former.get(ruling.policy_version)
        then = None if former is None else _outcome(former, decision)
        if ruling.failed or (then is not None and then.measure is not ruling.measure):
            self.left_out += 1
            return
        now = _outcome(self._policy, decision)
        if now.measure is ruling.measure:
            self.same[ruling.surface, ruling.measure] += 1
            return
        change = self.changes.setdefault(Kind(ruling.surface, ruling.measure, now.measure), Change())
        change.number += 1
        harder = _HARDNESS[now.measure] > _HARDNESS[ruling.measure]
        by, policy = (now.rule, self._policy) if harder or then is None else (then.rule, former or self._policy)
        change.rules[by or "no rule"] += 1
        self._keep(change, decision, policy, by)

    def _keep(self, change: Change, decision: Decision, policy: Policy, by: str | None) -> None:
        place = int.from_bytes(blake2b(decision.id.to_bytes(8), digest_size=8).digest())
        if len(change.samples) >= self._samples and place > max(change.samples, default=-1):
            return
        rule = next((one for one in policy.rules if one.name == by), None)
        signs = () if rule is None else _signs(policy, rule, decision)
        change.samples[place] = Sample(decision, by, signs)
        if len(change.samples) > self._samples:
            del change.samples[max(change.samples)]


_HARDNESS: Final = {measure: place for place, measure in enumerate(Measure)}


def _outcome(policy: Policy, decision: Decision) -> Outcome:
    ruling = decision.ruling
    return decide(policy, ruling.findings, surface=ruling.surface, reputation=ruling.reputation, aimed=ruling.aimed)


def _signs(policy: Policy, rule: Rule, decision: Decision) -> tuple[Sign, ...]:
    scores = scores_of(policy, decision.ruling.findings)
    room = room_of(policy, rule, decision.ruling.reputation)
    return tuple(Sign(name, scores.get(name, 0.0), 1.0 - (1.0 - least) * room) for name, least in rule.when.items())
