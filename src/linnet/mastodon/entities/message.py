"""Messages as our own clients have them: Mastodon knows them as statuses only, and nothing of requests and receipts."""

import msgspec

from linnet.mastodon.entities.account import Account
from linnet.mastodon.entities.media import MediaAttachment


class Message(msgspec.Struct):
    """A private message; `text` is as it was typed, `content` safe HTML."""

    id: str
    thread_id: str
    account_id: str
    created_at: str
    edited_at: str | None
    text: str
    content: str
    spoiler_text: str
    sensitive: bool
    language: str | None
    in_reply_to_id: str | None
    favourites_count: int
    favourited: bool
    bookmarked: bool
    media_attachments: list[MediaAttachment]


class ThreadMember(msgspec.Struct):
    """Somebody in a thread, and up to which message they have read, if they let that be known."""

    account: Account
    read_id: str | None


class Thread(msgspec.Struct):
    """A conversation; `standing` is `accepted`, `requested` by a stranger, or `declined`."""

    id: str
    group: bool
    title: str
    created_at: str
    started_by_id: str
    standing: str
    unread: bool
    muted: bool
    read_id: str | None
    members: list[ThreadMember]
    last_message: Message | None


class UnreadThreads(msgspec.Struct):
    """How many threads have something unread, and how many requests."""

    count: int
    requests_count: int


class MessageSettings(msgspec.Struct):
    """What others get to know of the viewer."""

    read_receipts: bool
    typing_indicators: bool
