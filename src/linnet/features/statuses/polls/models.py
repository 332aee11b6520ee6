"""The nouns of polls: what is asked, who answered what, and the limits of both. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from linnet.platform.errors import Invalid

OPTIONS_MIN: Final = 2
OPTIONS_MAX: Final = 4
OPTION_LENGTH_MAX: Final = 50
"""In code points, as clients count them while an option is typed."""

DURATION_MIN_S: Final = 300
DURATION_MAX_S: Final = 2_629_746
"""Five minutes to a month: Mastodon's numbers, like those above."""


@dataclass(frozen=True, slots=True)
class PollDraft:
    """What a person wants to ask."""

    options: tuple[str, ...]
    expires_in_s: int
    multiple: bool = False
    hides_totals: bool = False


@dataclass(frozen=True, slots=True)
class Poll:
    """A poll with its counts, whoever looks at it."""

    id: int
    options: tuple[str, ...]
    multiple: bool
    hides_totals: bool
    """Whether what each option has is told only when the poll is over."""
    expires_at: datetime
    is_closed: bool
    """Whether the end has been noted. A vote is refused from `expires_at` on, to the moment; that a poll is shown as
    over is a fact in PostgreSQL like any other change, so nothing that is shown changes by itself as time goes by."""
    votes: tuple[int, ...]
    """Of each option."""
    voters: int

    @property
    def shows_totals(self) -> bool:
        """Whether anybody, its author included, may know what each option has."""
        return self.is_closed or not self.hides_totals

    def asks_what(self, draft: PollDraft) -> bool:
        """Whether a draft asks the same, so that every vote still holds."""
        return (self.options, self.multiple) == (draft.options, draft.multiple)


@dataclass(frozen=True, slots=True)
class Vote:
    """What somebody chose, by the places of the options, and in which poll: a status may have another one by now."""

    poll_id: int
    choices: tuple[int, ...]


def settled(draft: PollDraft) -> PollDraft:
    """The draft as it is stored. Raises `Invalid` for one that breaks a rule."""
    options = tuple(text for text in (" ".join(option.split()) for option in draft.options) if text)
    if len(options) < OPTIONS_MIN:
        raise Invalid("Validation failed: Poll options must be at least two")
    if len(options) > OPTIONS_MAX:
        raise Invalid(f"Validation failed: Poll options can be at most {OPTIONS_MAX}")
    if any(len(option) > OPTION_LENGTH_MAX for option in options):
        raise Invalid(f"Validation failed: Poll options can have at most {OPTION_LENGTH_MAX} characters each")
    if len(set(options)) < len(options):
        raise Invalid("Validation failed: Poll options must differ from each other")
    if draft.expires_in_s < DURATION_MIN_S:
        raise Invalid(f"Validation failed: A poll must be open for at least {DURATION_MIN_S // 60} minutes")
    if draft.expires_in_s > DURATION_MAX_S:
        raise Invalid("Validation failed: A poll can be open for a month at most")
    return PollDraft(options, draft.expires_in_s, draft.multiple, draft.hides_totals)


def bits_of(choices: Iterable[int]) -> int:
    """The places of options as one number, which a ballot is stored as."""
    bits = 0
    for place in choices:
        bits |= 1 << place
    return bits


def choices_of(bits: int) -> tuple[int, ...]:
    """The places of options in a ballot, in order."""
    return tuple(place for place in range(bits.bit_length()) if bits >> place & 1)


def counted(ballots: Sequence[Sequence[int]], options: int) -> tuple[tuple[int, ...], int]:
    """The votes of each option and the number of voters, from pairs (choices, how many ballots)."""
    votes = tuple(sum(number for choices, number in ballots if choices >> place & 1) for place in range(options))
    return votes, sum(number for _, number in ballots)
