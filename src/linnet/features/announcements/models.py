"""The nouns of announcements: what is told, when, what people say to it with one character, and the server's texts."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

import regex

TEXT_CHARS_MAX: Final = 5_000
"""Of an announcement, in code points."""

ACTIVE_MAX: Final = 20
"""Announcements that are shown at once: the newest ones."""

MARKED_MAX: Final = 1_000
"""Announcements, the latest, of which somebody can take along what they did with them."""

REACTIONS_MAX: Final = 8
"""Different reactions to one announcement: Mastodon's number."""

EMOJI_CHARS_MAX: Final = 16
"""Code points of one emoji; the longest there are have 10."""

SITE_TEXT_CHARS_MAX: Final = 200_000
"""Of a text of the server, in code points."""

# Unicode's own pattern for what may be an emoji (UTS #51, "possible emoji"), without what is also a plain character.
_ELEMENT = r"(?!\p{RI})\p{Emoji}(?:\p{EMod}|\uFE0F\u20E3?|[\U000E0020-\U000E007E]++\U000E007F)?+"
_EMOJI = regex.compile(
    rf"(?=.*[\p{{Extended_Pictographic}}\p{{RI}}\u20E3])(?:\p{{RI}}\p{{RI}}|{_ELEMENT})"
    rf"(?:\u200D(?:\p{{RI}}\p{{RI}}|{_ELEMENT}))*+"
)


def is_emoji(name: str) -> bool:
    """Whether this is one emoji of Unicode, as keyboards make them."""
    return len(name) <= EMOJI_CHARS_MAX and _EMOJI.fullmatch(name) is not None


@dataclass(frozen=True, slots=True)
class Reaction:
    """How many said this to an announcement, and whether the viewer is one of them."""

    name: str
    count: int
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Announcement:
    """What everybody is told, as one viewer sees it. Only a published one is shown."""

    id: int
    text: str
    all_day: bool
    starts_at: datetime | None
    ends_at: datetime | None
    scheduled_at: datetime | None
    published_at: datetime | None
    updated_at: datetime
    is_read: bool = False
    reactions: tuple[Reaction, ...] = ()


class SiteTextName(StrEnum):
    """Which texts a server has."""

    EXTENDED_DESCRIPTION = "extended_description"
    PRIVACY_POLICY = "privacy_policy"
    TERMS_OF_SERVICE = "terms_of_service"


@dataclass(frozen=True, slots=True)
class SiteText:
    """A wording of a text of the server, in Markdown. It holds from `effective_on` until its successor does."""

    name: SiteTextName
    text: str
    effective_on: date
    published_at: datetime
    succeeded_on: date | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """What somebody did with an announcement."""

    announcement_id: int
    is_dismissed: bool
    reactions: tuple[str, ...]
