"""The nouns of followed and featured hashtags, and their limits."""

from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

FOLLOWED_MAX: Final = 200
"""Hashtags one account may follow: their latest posts are merged whenever it reads its home."""

FEATURED_MAX: Final = 10
"""Hashtags one account may feature, Mastodon's own limit."""

COUNTED_MAX: Final = 5_000
"""Statuses with hashtags of one account, the latest, among which uses of its featured ones are counted."""

SUGGESTED_MAX: Final = 10
LATELY: Final = 500
"""Statuses with hashtags of one account, the latest, out of which hashtags are suggested to be featured."""


class Between(NamedTuple):
    """What is between an account and a hashtag."""

    following: bool = False
    featuring: bool = False


@dataclass(frozen=True, slots=True)
class FeaturedTag:
    """A hashtag on somebody's profile, and how often it was used there where everybody may see it."""

    id: int
    name: str
    """Normalised."""
    display_name: str
    statuses: int
    last_status_on: date | None
