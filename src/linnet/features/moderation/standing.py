"""How an account stands: a reputation out of what it has done and what was found about it, by one formula. Pure.

    reputation = (2 + credit) / (2 + credit + 1 + trouble)

Credit and trouble are sums of points (`parts_of`), so a newcomer of whom nothing is known has 2 : 1, that is 0.67.
Whatever somebody does counts half as much after its half-life (`RULES`): trouble after 30 days, posts after 180, so
that whoever is in trouble rises again by waiting. docs/reputation.md has it in words, with a table.

That somebody was reported is worth no points: only what somebody who moderates has upheld is, once for each case. And
what a report weighs in the queue is for the record of its reporter to say (`reporters.py`).
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from linnet.features.moderation.models import History, Signature
from linnet.features.moderation.reporters import reporter_weight
from linnet.platform.ids import made_at

PRIOR_CREDIT: Final = 2.0
PRIOR_TROUBLE: Final = 1.0

NEW_DAYS: Final = 3.0
"""The age from which on an account is not new any more."""

POOR_BELOW: Final = 0.35
TRUSTED_FROM: Final = 0.8
TRUSTED_DAYS: Final = 30.0

_DAY_S: Final = 86_400.0


class Tier(StrEnum):
    """What an account is trusted with; limits differ by it."""

    NEW = "new"
    ORDINARY = "ordinary"
    TRUSTED = "trusted"
    POOR = "poor"


class Origin(StrEnum):
    """How an account came in."""

    OPEN = "open"
    """By itself."""
    APPROVED = "approved"
    """Let in by staff."""
    INVITED = "invited"
    """With a member's invitation."""
    OPERATOR = "operator"
    """Made by the operator."""


class What(StrEnum):
    """What an account's history is made of."""

    POSTED = "posted"
    LINK = "link"
    """A post with links."""
    DUPLICATE = "duplicate"
    """Much the same as said shortly before."""
    HELD = "held"
    LIMITED = "limited"
    REJECTED = "rejected"
    REPORTED = "reported"
    """Somebody reported it."""
    REPORT_UPHELD = "report_upheld"
    """A case against it was upheld: once, however many had reported."""
    REPORT_DISMISSED = "report_dismissed"
    STRIKE = "strike"
    APPEAL_WON = "appeal_won"
    REPORTS_MADE_UPHELD = "reports_made_upheld"
    """It reported somebody, rightly."""
    REPORTS_MADE_DISMISSED = "reports_made_dismissed"
    MAIL_CONFIRMED = "mail_confirmed"


@dataclass(frozen=True, slots=True)
class Rule:
    """How long one kind of thing counts: half as much after so many days. And the trouble that one is, in points."""

    half_life_days: float
    trouble: float = 0.0


RULES: Final[Mapping[What, Rule]] = {
    What.POSTED: Rule(180),
    What.LINK: Rule(180),
    What.DUPLICATE: Rule(30, trouble=0.2),
    What.HELD: Rule(30, trouble=0.3),
    What.LIMITED: Rule(30, trouble=0.5),
    What.REJECTED: Rule(30, trouble=1.0),
    What.REPORTED: Rule(30),
    What.REPORT_UPHELD: Rule(30, trouble=2.0),
    What.REPORT_DISMISSED: Rule(30),
    What.STRIKE: Rule(30, trouble=3.0),
    What.APPEAL_WON: Rule(180),
    What.REPORTS_MADE_UPHELD: Rule(180),
    What.REPORTS_MADE_DISMISSED: Rule(180),
    What.MAIL_CONFIRMED: Rule(math.inf),
}
"""Of everything there is in a history."""


@dataclass(frozen=True, slots=True)
class Saturating:
    """Credit that grows ever more slowly: half of `most` points at `half`."""

    most: float
    half: float

    def points(self, much: float) -> float:
        """The points for so much of it."""
        return self.most * much / (much + self.half)


AGE: Final = Saturating(2.0, half=90.0)
"""Days."""
POSTS: Final = Saturating(2.0, half=100.0)
POSTS_A_DAY: Final = 5.0
"""Posts count up to so many for each day of an account's age: nobody gets a good name overnight by posting a lot."""
FOLLOWERS: Final = Saturating(0.5, half=50.0)
"""Little, for followers can be made."""
APPEALS: Final = Saturating(1.0, half=2.0)
MAIL_POINTS: Final = 0.5
VOUCHED_POINTS: Final = 0.5
"""For who was invited, let in by staff, or made by the operator."""


@dataclass(frozen=True, slots=True)
class Count:
    """How often something happened: in all, and weighed by how long ago as of the moment `at`."""

    total: int
    weight: float
    at: datetime

    def now(self, rule: Rule, now: datetime) -> float:
        """The weight as of now; what has a moment to come counts in full."""
        return self.weight * share_left(rule, (now - self.at).total_seconds())


def share_left(rule: Rule, age_s: float) -> float:
    """What is left of something that happened so many seconds ago: 1 now, ½ after the half-life."""
    return 2.0 ** (-max(age_s, 0.0) / (rule.half_life_days * _DAY_S))


@dataclass(frozen=True, slots=True)
class Record:
    """What is written down of an account. One of whom nothing is has only its number, which says how old it is."""

    account_id: int
    origin: Origin = Origin.OPEN
    followers: int = 0
    counts: Mapping[What, Count] = field(default_factory=dict[What, Count])

    def total(self, what: What) -> int:
        """How often that happened, ever."""
        found = self.counts.get(what)
        return found.total if found else 0

    def weight(self, what: What, now: datetime) -> float:
        """How much of it counts now."""
        found = self.counts.get(what)
        return found.now(RULES[what], now) if found else 0.0

    def age_days(self, now: datetime) -> float:
        """Days since the account was made, by its number."""
        return max((now - made_at(self.account_id)).total_seconds() / _DAY_S, 0.0)


@dataclass(frozen=True, slots=True)
class Part:
    """One term of the formula: credit, or trouble below 0, and how much of what it is for."""

    name: str
    """A `What`, or `age_days`, `followers`, `origin`."""
    much: float
    points: float


def parts_of(record: Record, now: datetime) -> list[Part]:
    """Every term that is not 0 of the formula for an account."""
    age_days = record.age_days(now)
    posts = min(record.weight(What.POSTED, now), POSTS_A_DAY * age_days)
    won = record.weight(What.APPEAL_WON, now)
    parts = [
        Part("age_days", age_days, AGE.points(age_days)),
        Part(What.POSTED, posts, POSTS.points(posts)),
        Part("followers", record.followers, FOLLOWERS.points(record.followers)),
        Part(What.APPEAL_WON, won, APPEALS.points(won)),
        Part(What.MAIL_CONFIRMED, 1, MAIL_POINTS if record.total(What.MAIL_CONFIRMED) > 0 else 0.0),
        Part("origin", 1, 0.0 if record.origin is Origin.OPEN else VOUCHED_POINTS),
    ]
    for what in record.counts:
        if RULES[what].trouble:
            weight = record.weight(what, now)
            parts.append(Part(what, weight, -RULES[what].trouble * weight))
    return [part for part in parts if part.points]


def reputation_of(parts: Iterable[Part]) -> float:
    """The reputation, above 0 and below 1, that these terms come to."""
    credit, trouble = PRIOR_CREDIT, PRIOR_TROUBLE
    for part in parts:
        if part.points > 0:
            credit += part.points
        else:
            trouble -= part.points
    return credit / (credit + trouble)


def tier_of(reputation: float, age_days: float) -> Tier:
    """The tier of an account with this reputation and age."""
    if reputation < POOR_BELOW:
        return Tier.POOR
    if age_days < NEW_DAYS:
        return Tier.NEW
    return Tier.TRUSTED if reputation >= TRUSTED_FROM and age_days >= TRUSTED_DAYS else Tier.ORDINARY


@dataclass(frozen=True, slots=True)
class Standing:
    """How an account stands at a moment."""

    account_id: int
    reputation: float
    tier: Tier
    age_days: float
    posts: int
    """Ever, as the others."""
    rejections: int
    reports_upheld: int
    links_share: float
    """Posts with links among its posts, 0–1."""
    duplicates_share: float
    reporter_weight: float
    """What its reports weigh, 0–1."""

    def history(self, recent: tuple[Signature, ...] = ()) -> History:
        """What detectors are told of an author; `recent` are the signatures of their last posts."""
        return History(
            posts=self.posts,
            rejections=self.rejections,
            reports_upheld=self.reports_upheld,
            age_days=self.age_days,
            links_share=self.links_share,
            duplicates_share=self.duplicates_share,
            recent=recent,
        )


def standing_of(record: Record, now: datetime) -> Standing:
    """How an account of which this is written down stands now."""
    reputation, age_days = reputation_of(parts_of(record, now)), record.age_days(now)
    posts = max(record.weight(What.POSTED, now), 1.0)
    return Standing(
        account_id=record.account_id,
        reputation=reputation,
        tier=tier_of(reputation, age_days),
        age_days=age_days,
        posts=record.total(What.POSTED),
        rejections=record.total(What.REJECTED),
        reports_upheld=record.total(What.REPORT_UPHELD),
        links_share=min(record.weight(What.LINK, now) / posts, 1.0),
        duplicates_share=min(record.weight(What.DUPLICATE, now) / posts, 1.0),
        reporter_weight=reporter_weight(
            reputation,
            age_days,
            upheld=record.weight(What.REPORTS_MADE_UPHELD, now),
            dismissed=record.weight(What.REPORTS_MADE_DISMISSED, now),
        ),
    )
