"""The nouns of clean-up: what goes, why, and after which grace."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from linnet.platform.jobs import Work

GRACE_S: Final = 24 * 3600
"""What has been used by nothing, or known to no row, for so long goes: a day, as Mastodon has it for uploads.

No upload takes nearly so long from its first file in the store to its row.
"""

SLICE: Final = 200
NAMES_SLICE: Final = 500

PIECES: Final = "pieces"
UPLOADS: Final = "uploads"
MEDIA: Final = "media"
TRIALS: Final = "trial-"
"""What names in the store begin with. Files whose names begin with anything else are not ours, and left alone."""


class Why(StrEnum):
    """Why something goes, as words to read."""

    UNUSED = "no post has used it for a day"
    EXPIRED = "nothing was added to this upload for a day"
    ORPHAN = "no row knows this file"
    LEFT_OVER = "left by an upload or a process that was killed"


@dataclass(frozen=True, slots=True)
class Waste:
    """Something that goes: an upload by its id, a file by its name in the store."""

    why: Why
    name: str
    bytes: int


class Sweep(Work, frozen=True):
    """The store is to be looked through."""
