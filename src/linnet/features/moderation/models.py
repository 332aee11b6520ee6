"""What a detector is given, and what it answers: findings that say where, why and how sure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

LOOKED_AT_MAX: Final = 4_000
"""Characters of a text that detectors look at. A post has 500 that a person sees; what is longer is made to tire us."""


class Surface(StrEnum):
    """Where a text stands; policies differ by it."""

    POST = "post"
    REPLY_TO_STRANGER = "reply_to_stranger"
    MESSAGE_REQUEST = "message_request"
    PROFILE = "profile"
    REPORT = "report"


class Reason(StrEnum):
    """Why a finding was made: the code that policies, explanations and counters know it by."""

    PROFANITY = "profanity"
    SLUR = "slur"
    SEXUAL = "sexual"
    ABUSE = "abuse"
    SPAM_TEXT = "spam_text"
    SPAM_OFFER = "spam_offer"
    SPAM_FOLLOWERS = "spam_followers"
    SPAM_ADULT = "spam_adult"
    SPAM_CRYPTO = "spam_crypto"
    SPAM_CONTACT = "spam_contact"
    MENTIONS_FLOOD = "mentions_flood"
    HASHTAGS_FLOOD = "hashtags_flood"
    LINKS_FLOOD = "links_flood"
    GIBBERISH = "gibberish"
    DUPLICATE = "duplicate"
    NEAR_DUPLICATE = "near_duplicate"
    CAMPAIGN = "campaign"
    URL_LOOKALIKE = "url_lookalike"
    URL_MALICIOUS = "url_malicious"
    URL_IP_HOST = "url_ip_host"
    URL_ODD_PORT = "url_odd_port"
    URL_SHORTENER = "url_shortener"
    URL_DYNAMIC_DNS = "url_dynamic_dns"
    URL_DEEP_HOST = "url_deep_host"
    URL_RISKY_SUFFIX = "url_risky_suffix"
    URL_CREDENTIALS = "url_credentials"
    URL_MISMATCH = "url_mismatch"
    ACCOUNT_SPAMMER = "account_spammer"


class Group(StrEnum):
    """Reasons that policies treat alike, and warnings name."""

    RUDE = "rude"
    SLUR = "slur"
    ABUSE = "abuse"
    SPAM = "spam"
    GIBBERISH = "gibberish"
    DUPLICATE = "duplicate"
    LINK = "link"
    ACCOUNT = "account"


GROUPS: Final = {
    **dict.fromkeys((Reason.PROFANITY, Reason.SEXUAL), Group.RUDE),
    Reason.SLUR: Group.SLUR,
    Reason.ABUSE: Group.ABUSE,
    **{one: Group.SPAM for one in Reason if one.startswith("spam_") or one.endswith("_flood")},
    Reason.GIBBERISH: Group.GIBBERISH,
    **dict.fromkeys((Reason.DUPLICATE, Reason.NEAR_DUPLICATE, Reason.CAMPAIGN), Group.DUPLICATE),
    **{one: Group.LINK for one in Reason if one.startswith("url_")},
    Reason.ACCOUNT_SPAMMER: Group.ACCOUNT,
}
"""The group of each reason."""


@dataclass(slots=True, frozen=True)
class Span:
    """Characters `start` up to, not including, `end` of the text as it was written."""

    start: int
    end: int


@dataclass(slots=True, frozen=True)
class Finding:
    """One thing that one detector saw: where, why, how sure it is (0–1), and which version of it says so."""

    span: Span
    reason: Reason
    score: float
    version: str


@dataclass(slots=True, frozen=True)
class Signature:
    """What is kept of a text to know near-duplicates of it by: 112 bytes, from which nobody can read the text."""

    sketch: bytes
    """64 minima of hashes of its shingles, the last eight bits of each."""
    bands: tuple[int, ...]
    """Keys of 32 bits: near-duplicates very likely share one, and other texts hardly ever."""


@dataclass(slots=True, frozen=True)
class History:
    """What is known of an author, counted by whoever asks; a newcomer is all zeros."""

    posts: int = 0
    rejections: int = 0
    reports_upheld: int = 0
    age_days: float = 0.0
    links_share: float = 0.0
    duplicates_share: float = 0.0
    recent: tuple[Signature, ...] = ()
    """Of the author's last posts."""


@dataclass(slots=True, frozen=True)
class Context:
    """What is known about a text beside its characters."""

    surface: Surface = Surface.POST
    aimed_at_person: bool = False
    """It mentions, answers or messages somebody."""
    language: str | None = None
    """ISO 639-1, as the author or their app said; a hint, which may be wrong."""
    history: History = field(default_factory=History)


@dataclass(slots=True, frozen=True)
class TimedPost:
    """One of an account's posts, for what looks at accounts."""

    at: datetime
    text: str


@dataclass(slots=True, frozen=True)
class Timeline:
    """An account's latest posts, in any order."""

    posts: Sequence[TimedPost]
