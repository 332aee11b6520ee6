"""The nouns of posts for later, and their limits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from linnet.features.statuses.models import Draft
from linnet.platform.jobs import Work

AHEAD_MIN_S: Final = 300
SCHEDULED_MAX: Final = 300
DAILY_MAX: Final = 25
"""For one day of UTC. Mastodon's numbers, like those above."""

PAGE_MAX: Final = 40


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A post for later."""

    id: int
    account_id: int
    scheduled_at: datetime
    draft: Draft
    failure: str | None = None
    """Why it could not be published when its time had come; it waits for its author to decide."""


class Due(Work, frozen=True):
    """The time of `scheduled_id` has come."""

    scheduled_id: int
