"""What can follow from what was found: measures, what they are taken about, and the verdict that names one. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from linnet.features.moderation.models import Finding, Surface


class Measure(StrEnum):
    """What a policy does about a text; the order is from the mildest to the hardest."""

    ALLOW = "allow"
    LABEL = "label"
    """It is shown behind a warning, as something sensitive."""
    WARN = "warn"
    """Its author is told before it is published, and publishes it by sending it again."""
    LIMIT_REACH = "limit_reach"
    """Only followers, and who opens it or its author's page, see it: no public timeline, search, trend or hashtag."""
    HOLD = "hold"
    """Only its author sees it until somebody has looked."""
    REJECT = "reject"
    """It is not published, and its author is told why."""
    LIMIT_ACCOUNT = "limit_account"
    """It is not published, and its author's account has its reach limited until somebody has looked."""


class About(StrEnum):
    """What kind of thing a decision is about."""

    STATUS = "status"
    MESSAGE = "message"
    PROFILE = "profile"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Subject:
    """A text that somebody is about to publish."""

    account_id: int
    about: About
    surface: Surface
    text: str
    """All of its words, as written: for a status the warning, a line break, and the text."""
    subject_id: int | None = None
    """What it is or becomes: a status, a message; None where that has no number yet."""
    language: str | None = None
    aimed_at_person: bool = False
    edits: bool = False
    """It is a new wording of something that is there already."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided about a text, and on what grounds."""

    measure: Measure
    findings: tuple[Finding, ...]
    decision_id: int | None
    """The decision as it is kept; None when nothing was found: such a text is allowed by every policy."""
