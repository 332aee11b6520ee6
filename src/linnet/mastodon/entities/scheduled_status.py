"""ScheduledStatus, as on the wire (https://docs.joinmastodon.org/entities/ScheduledStatus/), and our own drafts."""

import msgspec

from linnet.mastodon.entities.media import MediaAttachment


class PollParams(msgspec.Struct):
    """What is to be asked; `expires_in` is in seconds from when it is published."""

    options: list[str]
    expires_in: int
    multiple: bool
    hide_totals: bool


class StatusParams(msgspec.Struct):
    """What is to be posted. The last three are there because clients of Mastodon look for them, and say nothing."""

    text: str
    spoiler_text: str
    sensitive: bool
    visibility: str | None
    language: str | None
    in_reply_to_id: int | None
    quoted_status_id: str | None
    quote_approval_policy: str | None
    poll: PollParams | None
    media_ids: list[str] | None = None
    scheduled_at: str | None = None
    idempotency: str | None = None
    application_id: int = 0
    with_rate_limit: bool = False


class ScheduledStatus(msgspec.Struct):
    """A post for later. `failure` is ours: why it could not be published when its time had come."""

    id: str
    scheduled_at: str
    params: StatusParams
    media_attachments: list[MediaAttachment] = msgspec.field(default_factory=list)
    failure: str | None = None


class Draft(msgspec.Struct):
    """A draft that waits on the server, for its author alone."""

    id: str
    created_at: str
    updated_at: str
    params: StatusParams
    media_attachments: list[MediaAttachment] = msgspec.field(default_factory=list)
