"""How much one reader may ask of a streaming process, and how much is kept for one that does not read."""

from dataclasses import dataclass
from typing import Final

MESSAGE_BYTES_MAX: Final = 4 * 1024
"""Of what a client says; the longest subscription is a few hundred bytes."""

MESSAGES_PER_MINUTE: Final = 120
"""That one socket may say; whoever says more is hung up on."""

OPENING_MAX: Final = 500
"""Connections of one process whose reader is being looked up; more are told to come back."""

HINTS_MAX: Final = 20_000
"""Hints that wait to be told; of more the oldest are let go, for whoever comes back gets what they missed."""

REPLAY_MAX: Final = 200
"""Statuses, and as many notifications, that a reader who comes back gets at most: the newest."""

REPLAY_EDITED_AMONG: Final = 100
"""Statuses that a reader who comes back may have, the newest, which are looked through for new wordings."""

REPLAY_OVERLAP_MS: Final = 2_000
"""How much earlier than what a reader names is looked, for a status with an earlier id may have come later. So what
came last before may come again."""

PING_EVERY_S: Final = 30.0
SILENT_S: Final = 75.0
"""A socket from which nothing came for so long, though it was pinged, is gone."""

SEARCHES_MAX: Final = 2_000
"""Kept searches that one process listens for: each is asked of each post."""

CLOSE_TIMEOUT_S: Final = 5.0
"""For the other side to say goodbye; then the connection is cut."""


@dataclass(frozen=True, slots=True)
class StreamingLimits:
    """What an operator may set. Each counts within one process."""

    account_sockets: int = 50
    address_sockets: int = 500
    subscriptions: int = 100
    """Of one socket."""
    buffer_bytes: int = 512 * 1024
    """Kept for a reader who does not read as fast as is told; above it they are dropped."""
