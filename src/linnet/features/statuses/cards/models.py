"""The nouns of cards: what a page says of itself, and how much of that is kept. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

Kind = Literal["link", "photo", "video"]

TITLE_LENGTH_MAX: Final = 300
DESCRIPTION_LENGTH_MAX: Final = 1_000
NAME_LENGTH_MAX: Final = 100
"""In characters; what is longer is cut."""

SIDE_MAX: Final = 4_096
"""Pixels of an embedded player; what claims more is taken to claim nothing."""

PICTURE_SIDE_MAX: Final = 800
"""Pixels of the longer side of a picture, as we give it."""

FRESH_FOR: Final = timedelta(days=14)
"""How long what was found at an address is good enough for whoever links there next."""

BARE_FOR: Final = timedelta(days=1)
"""How long an address that had nothing to show, or refused to, is left alone."""

RETRIES: Final = (timedelta(minutes=2), timedelta(minutes=30), timedelta(hours=12))
"""When to look again at an address that could not be reached, after the first failure, the second, and any more."""


@dataclass(frozen=True, slots=True)
class Previews:
    """Whether this server looks at what posts link to; in `engines.configs`."""

    are_made: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """What a page says of itself. Texts are plain and short, addresses absolute and of HTTP, or empty."""

    url: str
    title: str
    kind: Kind = "link"
    description: str = ""
    language: str | None = None
    author_name: str = ""
    author_url: str = ""
    provider_name: str = ""
    provider_url: str = ""
    html: str = ""
    embed_url: str = ""
    width: int = 0
    height: int = 0
    image_url: str = ""
    image_description: str = ""
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as we give it."""

    jpeg: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Card:
    """A card, whoever looks at it."""

    id: int
    url: str
    kind: Kind
    title: str
    description: str
    language: str | None
    author_name: str
    author_url: str
    provider_name: str
    provider_url: str
    html: str
    embed_url: str
    width: int
    height: int
    image_description: str
    published_at: datetime | None
    has_picture: bool


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What is known of an address."""

    card_id: int | None
    next_at: datetime
    """When it may be looked at again."""
    failures: int
