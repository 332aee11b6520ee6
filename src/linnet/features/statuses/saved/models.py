"""The nouns of saved drafts, and their limits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from linnet.features.media.models import PER_STATUS_MAX
from linnet.features.statuses.models import TEXT_BYTES_MAX, Draft
from linnet.features.statuses.polls.models import OPTIONS_MAX
from linnet.platform.errors import Invalid

SAVED_MAX: Final = 100
"""Of one account."""

_OPTION_BYTES_MAX: Final = 1_000


@dataclass(frozen=True, slots=True)
class Saved:
    """A draft as it was left. Nothing of it need be right yet."""

    id: int
    draft: Draft
    created_at: datetime
    updated_at: datetime


def check(draft: Draft) -> None:
    """Raise `Invalid` for a draft too large to be kept: what could be posted never is."""
    options = draft.poll.options if draft.poll else ()
    too_long = len(draft.text.encode()) + len(draft.spoiler_text.encode()) > TEXT_BYTES_MAX
    too_many = len(draft.media_ids) > PER_STATUS_MAX
    if (
        too_long
        or too_many
        or len(options) > OPTIONS_MAX
        or any(len(one.encode()) > _OPTION_BYTES_MAX for one in options)
    ):
        raise Invalid("Validation failed: Draft is too large")
