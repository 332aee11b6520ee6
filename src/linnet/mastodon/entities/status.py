"""Status, as on the wire (https://docs.joinmastodon.org/entities/Status/)."""

import msgspec

from linnet.mastodon.entities.account import Account
from linnet.mastodon.entities.card import PreviewCard
from linnet.mastodon.entities.filter import FilterResult
from linnet.mastodon.entities.media import MediaAttachment
from linnet.mastodon.entities.moderation import StatusModeration
from linnet.mastodon.entities.poll import EditedPoll, Poll


class StatusMention(msgspec.Struct):
    """Somebody a status mentions."""

    id: str
    username: str
    url: str
    acct: str


class StatusTag(msgspec.Struct):
    """A hashtag of a status; `name` is in lower case."""

    name: str
    url: str


class Application(msgspec.Struct):
    """The app a status was posted with."""

    name: str
    website: str | None = None


class QuoteApproval(msgspec.Struct):
    """Who may quote a status, and whether the viewer may."""

    automatic: list[str]
    manual: list[str]
    current_user: str


class ReplyApproval(msgspec.Struct):
    """Who may answer a status, and whether the viewer may: `automatic`, `denied` or `unknown`. Our own addition.

    `policy` is `followers`, `followed` (by its author), `mentioned` or `nobody`; except with that, the mentioned may.
    """

    policy: str
    current_user: str


class Quote(msgspec.Struct):
    """What a status quotes: whole one level down (Mastodon's Quote), below that by its id alone (its ShallowQuote)."""

    state: str
    quoted_status: "Status | msgspec.UnsetType | None" = msgspec.UNSET
    quoted_status_id: str | msgspec.UnsetType | None = msgspec.UNSET


class Status(msgspec.Struct):
    """A status. The flags of the viewer are absent for the public; `text` is there only after a deletion.

    Ours are `reply_approval`, absent where everyone may answer, and `reply_hidden`, which is there, and true, for an
    answer that was taken out of its thread, and `moderation`, for the author of what others do not see as it was
    written.
    """

    id: str
    uri: str
    url: str
    created_at: str
    edited_at: str | None
    account: Account
    content: str
    visibility: str
    sensitive: bool
    spoiler_text: str
    language: str | None
    in_reply_to_id: str | None
    in_reply_to_account_id: str | None
    mentions: list[StatusMention]
    tags: list[StatusTag]
    replies_count: int
    reblogs_count: int
    favourites_count: int
    quotes_count: int
    quote_approval: QuoteApproval
    application: Application | None = None
    reblog: "Status | None" = None
    quote: Quote | None = None
    media_attachments: list[MediaAttachment] = msgspec.field(default_factory=list)
    emojis: list[str] = msgspec.field(default_factory=list)
    card: PreviewCard | None = None
    poll: Poll | None = None
    reply_approval: ReplyApproval | msgspec.UnsetType = msgspec.UNSET
    reply_hidden: bool | msgspec.UnsetType = msgspec.UNSET
    moderation: StatusModeration | msgspec.UnsetType = msgspec.UNSET
    favourited: bool | msgspec.UnsetType = msgspec.UNSET
    reblogged: bool | msgspec.UnsetType = msgspec.UNSET
    bookmarked: bool | msgspec.UnsetType = msgspec.UNSET
    muted: bool | msgspec.UnsetType = msgspec.UNSET
    pinned: bool | msgspec.UnsetType = msgspec.UNSET
    filtered: list[FilterResult] | msgspec.UnsetType = msgspec.UNSET
    text: str | msgspec.UnsetType = msgspec.UNSET


class Context(msgspec.Struct):
    """The thread around a status."""

    ancestors: list[Status]
    descendants: list[Status]


class StatusSource(msgspec.Struct):
    """The words of a status as they were typed, for editing."""

    id: str
    text: str
    spoiler_text: str


class StatusEdit(msgspec.Struct):
    """One wording a status has had."""

    content: str
    spoiler_text: str
    sensitive: bool
    created_at: str
    account: Account
    media_attachments: list[MediaAttachment] = msgspec.field(default_factory=list)
    emojis: list[str] = msgspec.field(default_factory=list)
    poll: EditedPoll | None = None
