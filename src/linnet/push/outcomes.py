"""What became of one message, whoever took it, and what an answer means for the next try."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Final

from linnet.platform.errors import ProductError

RETRY_FIRST_S: Final = 15.0
RETRY_MAX_S: Final = 3_600.0
ASKED_MAX_S: Final = 6 * 3_600.0
"""A service may ask for so much patience (`Retry-After`); by then another try tells us more."""

AWAY: Final = frozenset({408, 425, 429})
"""Answers below 500 that mean: another time."""


class BadCredentials(ProductError):
    """What Google or Apple gave an operator cannot be used; the message says what it takes."""


class Verdict(StrEnum):
    """What a service said about a message."""

    TAKEN = "taken"
    GONE = "gone"
    """Nobody is there any more: the subscription is to be forgotten."""
    REFUSED = "refused"
    """Not this message; to repeat it is of no use."""
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict; `reason` is the service's word for it or a status, for logs, and never an address."""

    verdict: Verdict
    reason: str = ""
    retry_after_s: float | None = None


def taken() -> Outcome:
    """The service has it."""
    return Outcome(Verdict.TAKEN)


def later(reason: str, headers: Mapping[str, str] | None = None, *, at: datetime | None = None) -> Outcome:
    """Another time, and when, if the answer's headers say so."""
    wait_s = retry_after_s((headers or {}).get("retry-after", ""), at) if at else None
    return Outcome(Verdict.LATER, reason, wait_s)


def retry_after_s(text: str, at: datetime) -> float | None:
    """Seconds that a `Retry-After` header asks for, as a number or a date (RFC 9110, 10.2.3); None if it is neither."""
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) < 10:  # noqa: PLR2004 -- longer ones are no wait but a mistake
        return min(float(text), ASKED_MAX_S)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max((moment - at).total_seconds(), 0.0), ASKED_MAX_S)


def delay_s(attempt: int, asked_s: float | None) -> float:
    """How long to wait after failure number `attempt`, from 1: doubling up to an hour, and no less than was asked."""
    own_s = min(RETRY_MAX_S, RETRY_FIRST_S * 2.0 ** (attempt - 1))
    return max(own_s, asked_s or 0.0)
