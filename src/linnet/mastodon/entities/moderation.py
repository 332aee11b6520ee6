"""What people are told of decisions about what they wrote. Linnet's own."""

import msgspec


class ModerationReason(msgspec.Struct):
    """One thing that was found in a text: a code, the same in words, and where.

    `start` and `end` are code points of `field`, which is `status`, `spoiler_text`, or the name of a part of a profile.
    """

    code: str
    text: str
    field: str
    start: int
    end: int
    excerpt: str
    """The words that it is about, at most 100 characters of them."""


class Refusal(msgspec.Struct):
    """Why a text was not published: `moderation` in the body of the error."""

    decision_id: str
    measure: str
    """`warn`: send the same again within 15 minutes, and it is published; `reject` or `limit_account`."""
    reasons: list[ModerationReason]


class StatusModeration(msgspec.Struct):
    """Why others do not see a status as it was written; for its author only."""

    withheld: bool
    limited: bool
    labels: list[str]
    decision_id: str | None
    measure: str | None
    text: str
    """What was decided, and what the author can do, in words."""
    reasons: list[ModerationReason]
