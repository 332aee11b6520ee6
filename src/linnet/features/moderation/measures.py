"""What can follow from what was found: measures, what they are taken about, and the verdict that names one. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
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
class Part:
    """One part of what somebody writes, by the name of the field that it is sent in."""

    field: str
    text: str

    @staticmethod
    def of_status(spoiler_text: str, text: str, options: Iterable[str] = ()) -> "tuple[Part, ...]":
        """Those of a status, and of the poll that it has."""
        return Part("spoiler_text", spoiler_text), Part("status", text), *(Part("poll", one) for one in options)


def joined(parts: Iterable[Part]) -> str:
    """The text that is judged: what is not empty of the parts, with line breaks between."""
    return "\n".join(part.text for part in parts if part.text)


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
    parts: tuple[Part, ...] = ()
    """What `text` is joined of, for an explanation to say where something is; empty where it is one."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided about a text, and on what grounds."""

    measure: Measure
    findings: tuple[Finding, ...]
    decision_id: int | None
    """The decision as it is kept; None when nothing was found: such a text is allowed by every policy."""


class Source(StrEnum):
    """Who decided."""

    REQUEST = "request"
    """The engine, before a text was published."""
    AFTER = "after"
    """A job right after that, which looks at what takes longer."""
    MODERATOR = "moderator"


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision as it is made, before it is kept."""

    account_id: int
    about: About
    surface: Surface
    measure: Measure
    findings: tuple[Finding, ...] = ()
    """All."""
    because: tuple[Finding, ...] = ()
    """Those of them for which the measure was taken."""
    subject_id: int | None = None
    reputation: float = 0.5
    """Of the account, 0 to 1, when it was decided."""
    policy_version: int = 0
    model_version: str = ""
    language: str | None = None
    text: str | None = None
    """Only where nothing else keeps it: of what is not published."""
    source: Source = Source.REQUEST
    failed: bool = False
    """The engine broke over it: it was published for somebody to look at."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as it is kept, and what somebody who looked at it has said since."""

    id: int
    ruling: Ruling
    decided_at: datetime
    reviewed_at: datetime | None = None
    reviewed_by: int | None = None
    """An account; None also for the operator at the console."""
    upheld: bool | None = None
    """What was said; None while nobody has looked."""
