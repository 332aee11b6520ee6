"""What a post is and has, as lexemes beside its words; no word begins with `~` or `#`. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from linnet.features.statuses.entities import Link, parse

DAY_MS: Final = 86_400_000
EPOCH_DAYS: Final = 32
"""Days of the larger of the two windows in time that posts are marked with."""

KINDS: Final = ("media", "image", "video", "audio", "link", "poll")
"""What `has:` takes."""

SHOWN: Final[Mapping[str, Sequence[str]]] = {
    "image": ("image",),
    "gifv": ("image", "video"),
    "video": ("video",),
    "audio": ("audio",),
}
"""What `has:` finds a medium by, by its kind: an animation is a picture to some and a film to others."""

STATES: Final = ("reply", "quote", "sensitive")
"""What `is:` takes."""

OPEN: Final = "~o"
"""Public, by somebody who lets their posts be found."""

NOTHING: Final = "~"
"""A lexeme that no post has."""


def author(account_id: int) -> str:
    """Written by this account."""
    return f"~f{account_id}"


def answering(account_id: int) -> str:
    """A reply to this account."""
    return f"~t{account_id}"


def mentioning(account_id: int) -> str:
    """Mentions this account."""
    return f"~m{account_id}"


def tagged(name: str) -> str:
    """Has a hashtag with this normalised name."""
    return f"#{name}"


def language(code: str) -> str:
    """Is in this language (ISO 639)."""
    return f"~l{code}"


def having(kind: str) -> str:
    """Has one of `KINDS`."""
    return f"~h{kind}"


def being(state: str) -> str:
    """Is one of `STATES`."""
    return f"~i{state}"


def favoured(times: int) -> Iterator[str]:
    """Has at least 10 favourites, at least 100, and so on: all that is true, the last one the nearest."""
    for digits in range(2, len(str(max(times, 0))) + 1):
        yield f"~p{digits}"


def day_of(status_id: int) -> int:
    """The day (UTC, counted from 1970) a post was made on."""
    return (status_id >> 16) // DAY_MS


def day(number: int) -> str:
    """Made on this day."""
    return f"~d{number}"


def epoch(number: int) -> str:
    """Made in the `EPOCH_DAYS` days from day `number * EPOCH_DAYS` on."""
    return f"~e{number}"


def readable(text: str) -> str:
    """The text with links reduced to their hosts: paths and queries are no words."""
    if "://" not in text:
        return text
    pieces: list[str] = []
    at = 0
    for link in _links(text):
        pieces += [text[at : link.start], link.url.split("/", 3)[2]]
        at = link.end
    return "".join([*pieces, text[at:]])


def has_link(text: str) -> bool:
    """Whether there is an address in the text."""
    return "://" in text and bool(_links(text))


def _links(text: str) -> Sequence[Link]:
    return [span for span in parse(text) if isinstance(span, Link)]
