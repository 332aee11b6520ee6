"""The nouns of uploads in parts, and their limits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

import msgspec

from linnet.platform.jobs import Work

OPEN_MAX: Final = 20
"""Unfinished uploads of one account; a phone has one or two, an app that was killed leaves some behind."""

KEPT_S: Final = 24 * 3600
"""An upload to which nothing was added for so long is dropped."""

PIECE_BYTES_MAX: Final = 8 * 1024 * 1024
"""What arrives is written down at the latest when it is so much: that is the most a killed process forgets."""

PIECE_BYTES_MIN: Final = 256 * 1024
PIECE_S: Final = 10.0
"""A piece of at least `PIECE_BYTES_MIN` is written down after so long, however little more it is."""

PIECES_MAX: Final = 4_000
QUIET_S: Final = 5.0
"""When nothing more has come for so long, what did come is written down."""

SILENT_S: Final = 60.0
"""When nothing has come for so long, the request has ended, whether its connection knows or not."""

FILENAME_CHARS_MAX: Final = 255


class Incoming(Protocol):
    """Bytes on their way here."""

    async def next(self, within_s: float) -> bytes:
        """The next bytes; none at the end or when no more will come. `TimeoutError` when they take longer."""
        ...


class Details(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is said of a file before it is there."""

    filename: str = ""
    content_type: str = ""
    description: str = ""
    focus: tuple[float, float] | None = None
    metadata: str = ""
    """As it was sent, to be told again."""


@dataclass(frozen=True, slots=True)
class Checksum:
    """What bytes must come to: the algorithm is one that `hashlib` has under this name."""

    algorithm: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Resumable:
    """An upload in parts. Its id is that of the media it becomes when all of it is here."""

    id: int
    account_id: int
    bytes_total: int | None
    bytes_here: int
    pieces: int
    details: Details
    created_at: datetime
    expires_at: datetime
    completed_at: datetime | None = None
    refusal: str | None = None
    """Why it became no media, as a sentence to read."""

    @property
    def is_complete(self) -> bool:
        """Whether all of it is here."""
        return self.completed_at is not None


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes of an upload from a place on, in the store under a name of their own."""

    starts_at: int
    bytes: int
    blob: str


class Whole(Work, frozen=True):
    """All of an upload is here, to be put together."""

    upload_id: int
