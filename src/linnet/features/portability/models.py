"""The nouns of portability: files brought, the rows in them, archives, and the limits of all."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

IMPORT_BYTES_MAX: Final = 256 * 1024 * 1024
"""Of a file that is brought: an archive of some hundred thousand posts without its pictures is smaller."""

LIST_BYTES_MAX: Final = 4 * 1024 * 1024
"""Of a CSV file."""

ROWS_MAX: Final = 25_000
"""Of a CSV file."""

POSTS_MAX: Final = 200_000
"""Posts taken out of one archive."""

KEPT_S: Final = 7 * 86_400
"""How long an archive can be fetched, and what became of an import be looked at."""

WAITING_MAX: Final = 3
"""Imports of one account that have not ended."""

ARCHIVE_EVERY_S: Final = 86_400
"""An account may have one archive made in so many seconds."""


class ImportKind(StrEnum):
    """What a file is said to hold."""

    FOLLOWING = "following"
    BLOCKING = "blocking"
    MUTING = "muting"
    LISTS = "lists"
    BOOKMARKS = "bookmarks"
    POSTS = "posts"


REPLACED: Final = frozenset({ImportKind.FOLLOWING, ImportKind.BLOCKING, ImportKind.MUTING})
"""Kinds of which a file can replace all that there is."""

TAKEN_BACK: Final = "taken_back"
"""The name in a row which says that the file does not name this account, so that it is to go."""


class State(StrEnum):
    """How far an import or an archive has come."""

    WAITING = "waiting"
    RUNNING = "running"
    FINISHED = "finished"
    REFUSED = "refused"
    """Nothing in the file could be read; `reason` says why."""


Row = dict[str, Any]
"""One line of a file, or one post, by the names its kind gives; kept as JSON."""


@dataclass(frozen=True, slots=True)
class Import:
    """A file that an account has brought, and what has become of it."""

    id: int
    account_id: int
    kind: ImportKind
    overwrites: bool
    """Whether what the file does not name goes: of followed people, blocks, mutes."""
    state: State
    filename: str
    reason: str
    rows_total: int
    rows_done: int
    rows_failed: int
    created_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Failure:
    """A row that could not be brought along, and why, in words."""

    place: int
    row: Row
    reason: str


@dataclass(frozen=True, slots=True)
class Archive:
    """Everything of an account in one ZIP file."""

    id: int
    account_id: int
    state: State
    size_bytes: int
    created_at: datetime
    ended_at: datetime | None
