"""What follows from what was found: rules by surface, scores and reputation, written as TOML. Pure.

docs/moderation.md says how a policy is written; `default.toml` is version 0.
"""

import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Final, TypeVar, cast

from linnet.features.moderation.measures import Measure
from linnet.features.moderation.models import GROUPS, Finding, Group, Reason, Surface
from linnet.platform.errors import Invalid

W = TypeVar("W", Surface, Measure)

TOGETHER: Final = "together"
"""The sign that is made of all groups: several weak ones at once."""

SOURCE_LENGTH_MAX: Final = 100_000
RULES_MAX: Final = 200
THRESHOLD_MIN, THRESHOLD_MAX = 0.05, 0.999

POSSIBLE: Final[Mapping[Surface, frozenset[Measure]]] = {
    Surface.POST: frozenset(Measure),
    Surface.REPLY_TO_STRANGER: frozenset(Measure),
    Surface.MESSAGE_REQUEST: frozenset({Measure.ALLOW, Measure.WARN, Measure.REJECT, Measure.LIMIT_ACCOUNT}),
    Surface.PROFILE: frozenset({Measure.ALLOW, Measure.WARN, Measure.REJECT, Measure.LIMIT_ACCOUNT}),
    Surface.REPORT: frozenset({Measure.ALLOW, Measure.WARN}),
}
"""What can be done where: a message has no reach to limit, and whoever reports somebody is heard."""

_HARDNESS: Final = {measure: place for place, measure in enumerate(Measure)}
_SIGNS: Final = frozenset({*Reason, *Group, TOGETHER})


class PolicyInvalid(Invalid):
    """A policy that cannot be used; the sentence names each mistake and says what to write instead."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a policy: this is done about a text on one of these surfaces that has all of these signs."""

    name: str
    surfaces: frozenset[Surface]
    measure: Measure
    when: Mapping[str, float]
    """By reason, group or `together`: the score from which on, for an account of neutral reputation."""
    aimed: bool | None = None
    """Only of texts that are, or are not, said to somebody."""
    whoever: bool = False
    """The scores are as written for every account: of a link it is the same who shares it."""


@dataclass(frozen=True, slots=True)
class Policy:
    """All of it; version 0 is what Linnet comes with."""

    rules: tuple[Rule, ...]
    weights: Mapping[str, float] = field(default_factory=dict[str, float])
    """What a reason counts for in its group, and a group in `together`; 1 where nothing is said."""
    neutral: float = 0.67
    """The reputation for which thresholds are as written: a newcomer's."""
    doubling: float = 0.15
    """How much less reputation makes the room between a threshold and 1 twice as wide, and how much more half."""
    version: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a policy does about a text."""

    measure: Measure
    rule: str | None = None
    """The name of the rule that said so."""
    labels: tuple[str, ...] = ()
    """Of a text that is published: the groups that it is labelled with."""
    because: tuple[Finding, ...] = ()
    """The findings that the rule is about."""


def decide(policy: Policy, findings: Sequence[Finding], *, surface: Surface, reputation: float, aimed: bool) -> Outcome:
    """What the policy does: the hardest measure of all rules that hold; by the first of them in its order."""
    if not findings:
        return Outcome(Measure.ALLOW)
    scores = scores_of(policy, findings)
    holding = [
        rule
        for rule in policy.rules
        if surface in rule.surfaces and _holds(rule, scores, room_of(policy, rule, reputation), aimed=aimed)
    ]
    if not holding:
        return Outcome(Measure.ALLOW)
    hardest = max(holding, key=lambda rule: _HARDNESS[rule.measure])
    labels = {group for rule in holding if rule.measure is Measure.LABEL for group in _groups(rule.when)}
    return Outcome(hardest.measure, hardest.name, tuple(sorted(labels)), _meant(hardest, findings))


def room_of(policy: Policy, rule: Rule, reputation: float) -> float:
    """How many times as wide the room between a threshold of the rule and 1 is for this reputation."""
    return 1.0 if rule.whoever else 2.0 ** ((policy.neutral - reputation) / policy.doubling)


def scores_of(policy: Policy, findings: Iterable[Finding]) -> dict[str, float]:
    """The score of each reason, of each group, and of all together.

    Of a reason the highest; else 1 - (1 - a)(1 - b)… of weighted parts: that any of several independent signs is right.
    """
    reasons: dict[Reason, float] = {}
    for one in findings:
        reasons[one.reason] = max(reasons.get(one.reason, 0.0), one.score)
    scores: dict[str, float] = {reason.value: score for reason, score in reasons.items()}
    for reason, score in reasons.items():
        if GROUPS[reason].value != reason.value:  # a reason that is all of its group has its score
            _add(scores, GROUPS[reason].value, score * policy.weights.get(reason.value, 1.0))
    for group in {GROUPS[reason].value for reason in reasons}:
        _add(scores, TOGETHER, scores[group] * policy.weights.get(group, 1.0))
    return scores


def _add(scores: dict[str, float], sign: str, score: float) -> None:
    scores[sign] = 1.0 - (1.0 - scores.get(sign, 0.0)) * (1.0 - score)


def _holds(rule: Rule, scores: Mapping[str, float], room: float, *, aimed: bool) -> bool:
    if rule.aimed is not None and rule.aimed is not aimed:
        return False
    return all(sign in scores and scores[sign] >= 1.0 - (1.0 - least) * room for sign, least in rule.when.items())


def _groups(signs: Iterable[str]) -> set[str]:
    return {GROUPS[Reason(one)].value if one in _REASONS else one for one in signs if one != TOGETHER}


_REASONS: Final = frozenset(reason.value for reason in Reason)


def _meant(rule: Rule, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings that a rule is about; all for one about everything together."""
    if TOGETHER in rule.when:
        return tuple(findings)
    signs = rule.when.keys()
    return tuple(one for one in findings if one.reason.value in signs or GROUPS[one.reason].value in signs)


@cache
def default() -> Policy:
    """Version 0."""
    return read(default_source())


@cache
def default_source() -> str:
    """How it is written."""
    return files("linnet.features.moderation").joinpath("default.toml").read_text("utf-8")


def read(source: str, version: int = 0) -> Policy:
    """The policy that a TOML text says; `PolicyInvalid` with every mistake in it."""
    if len(source) > SOURCE_LENGTH_MAX:
        raise PolicyInvalid(f"A policy has at most {SOURCE_LENGTH_MAX} characters; leave some rules out.")
    try:
        written = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise PolicyInvalid(f"This is no TOML: {error}. Correct that line and send the policy again.") from error
    mistakes: list[str] = []
    _known(written, ("reputation", "weights", "rule"), "the policy", mistakes)
    reputation = _table(written.get("reputation", {}), "reputation", mistakes)
    _known(reputation, ("neutral", "doubling"), "[reputation]", mistakes)
    neutral = _number(reputation.get("neutral", 0.67), 0.0, 1.0, "reputation.neutral", mistakes)
    doubling = _number(reputation.get("doubling", 0.15), 0.01, 10.0, "reputation.doubling", mistakes)
    weights = _signs(written.get("weights", {}), "weights", 0.0, 1.0, mistakes)
    rules = written.get("rule", [])
    if not isinstance(rules, list) or len(cast("list[object]", rules)) > RULES_MAX:
        mistakes.append(f"“rule” must be at most {RULES_MAX} tables, each beginning with [[rule]]")
        rules = []
    read_rules = [_rule(one, place, mistakes) for place, one in enumerate(cast("list[object]", rules), 1)]
    names = [rule.name for rule in read_rules]
    mistakes += [f"two rules are named “{name}”: give each its own name" for name in sorted(_repeated(names))]
    if mistakes:
        raise PolicyInvalid("The policy cannot be used: " + "; ".join(mistakes) + ".")
    return Policy(tuple(read_rules), weights, neutral, doubling, version)


def _rule(written: object, place: int, mistakes: list[str]) -> Rule:
    where = f"rule {place}"
    table = _table(written, where, mistakes)
    name = str(table.get("name", "")).strip()
    where = f"rule “{name}”" if name else where
    if not name:
        mistakes.append(f'{where} has no name: add name = "…", for people who ask which rule it was')
    _known(table, ("name", "surfaces", "measure", "when", "aimed", "whoever"), where, mistakes)
    surfaces = [
        _word(one, Surface, f"{where}: surfaces", mistakes) for one in _list(table.get("surfaces"), where, mistakes)
    ]
    measure = _word(table.get("measure"), Measure, f"{where}: measure", mistakes)
    when = _signs(table.get("when"), f"{where}: when", THRESHOLD_MIN, THRESHOLD_MAX, mistakes)
    if not when:
        mistakes.append(f"{where} has no signs: add when = {{ spam = 0.9 }}, for instance")
    for surface in surfaces:
        if surface is not None and measure is not None and measure not in POSSIBLE[surface]:
            possible = ", ".join(one for one in Measure if one in POSSIBLE[surface])
            mistakes.append(f"{where}: “{measure}” cannot be done about “{surface}”: use {possible}")
    aimed = table.get("aimed")
    if aimed is not None and not isinstance(aimed, bool):
        mistakes.append(f"{where}: aimed must be true or false, or left out for both")
        aimed = None
    whoever = table.get("whoever", False)
    if not isinstance(whoever, bool):
        mistakes.append(f"{where}: whoever must be true, or left out")
    return Rule(
        name, frozenset(one for one in surfaces if one), measure or Measure.ALLOW, when, aimed, whoever=whoever is True
    )


def _known(table: Mapping[str, object], keys: Collection[str], where: str, mistakes: list[str]) -> None:
    unknown = sorted(table.keys() - set(keys))
    mistakes += [f"{where} has “{key}”, which means nothing: use {', '.join(keys)}" for key in unknown]


def _table(written: object, where: str, mistakes: list[str]) -> Mapping[str, Any]:
    if isinstance(written, dict):
        return cast("Mapping[str, Any]", written)
    mistakes.append(f"{where} must be a table")
    return {}


def _list(written: object, where: str, mistakes: list[str]) -> Sequence[object]:
    if isinstance(written, list) and written:
        return cast("list[object]", written)
    mistakes.append(f'{where} is for no surface: add surfaces = ["post"], of {", ".join(Surface)}')
    return []


def _word(written: object, words: type[W], where: str, mistakes: list[str]) -> W | None:
    if isinstance(written, str) and written in {one.value for one in words}:
        return words(written)
    mistakes.append(f"{where}: {written!r} is none of {', '.join(words)}")
    return None


def _signs(written: object, where: str, low: float, high: float, mistakes: list[str]) -> dict[str, float]:
    table = _table({} if written is None else written, where, mistakes)
    for sign in table:
        if sign not in _SIGNS:
            signs = ", ".join((*Group, TOGETHER))
            mistakes.append(f"{where}: nothing is known by “{sign}”: use {signs}, or a reason such as url_lookalike")
    return {sign: _number(score, low, high, f"{where}: {sign}", mistakes) for sign, score in table.items()}


def _number(written: object, low: float, high: float, where: str, mistakes: list[str]) -> float:
    if isinstance(written, int | float) and not isinstance(written, bool) and low <= written <= high:
        return float(written)
    mistakes.append(f"{where} must be a number from {low:g} to {high:g}")
    return high


def _repeated(names: Sequence[str]) -> set[str]:
    return {name for name in names if name and names.count(name) > 1}
