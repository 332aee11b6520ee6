"""The nouns of appeals and their limits."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from linnet.features.moderation.telling import APPEAL_DAYS
from linnet.platform.errors import Invalid, Problem

TEXT_CHARS_MAX: Final = 2_000
"""Of an appeal and of its answer, in code points: Mastodon's number."""

APPEAL_WITHIN: Final = timedelta(days=APPEAL_DAYS)

ALREADY: Final = (
    "You have appealed against this already. A moderator's answer to it will be here, and in a letter to you."
)
LATE: Final = f"The {APPEAL_DAYS} days in which you could appeal against this are over."
UNDONE: Final = "This was taken back already; there is nothing to appeal against."
NOTHING_LOST: Final = "This decision took nothing from you, so there is nothing to appeal against."
ANSWERED: Final = "This appeal was answered already, and its person was told so"


class State(StrEnum):
    """How far an appeal is; the names are Mastodon's."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"


class Against(StrEnum):
    """What an appeal is against."""

    DECISION = "decision"
    STRIKE = "strike"


@dataclass(frozen=True, slots=True)
class Appeal:
    """What somebody says against a decision or a strike, and what was answered."""

    id: int
    account_id: int
    against: Against
    subject_id: int
    """The decision or the strike."""
    text: str
    """Plain text."""
    made_at: datetime
    answered_at: datetime | None
    answered_by: int | None
    """None, once it is answered, is the operator at the console."""
    approved: bool | None
    answer: str
    """What its person is told beside yes or no; plain text, may be empty."""

    @property
    def state(self) -> State:
        """How far it is."""
        if self.approved is None:
            return State.PENDING
        return State.APPROVED if self.approved else State.REJECTED


@dataclass(frozen=True, slots=True)
class Choice:
    """Which appeals are asked for; None does not matter."""

    state: State | None = None
    against: Against | None = None
    account_id: int | None = None


def tidied(text: str, *, may_be_empty: bool = False) -> str:
    """A text as it is kept: plain, its lines without control characters. Raises `Invalid`."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    plain = "\n".join("".join(filter(_is_plain, line)) for line in lines).strip()
    if not plain and not may_be_empty:
        raise Invalid.of({"text": [Problem("ERR_BLANK", "can't be blank")]})
    if len(plain) > TEXT_CHARS_MAX:
        problem = Problem("ERR_TOO_LONG", f"is too long (maximum is {TEXT_CHARS_MAX} characters)")
        raise Invalid.of({"text": [problem]})
    return plain


def _is_plain(character: str) -> bool:
    return character == "\t" or unicodedata.category(character) != "Cc"
