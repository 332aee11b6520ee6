"""The nouns of conversations: who is in one and how they stand to it, messages, and the limits of both."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from linnet.features.media.attachments.models import Caption
from linnet.features.media.models import Media
from linnet.features.statuses.models import Application

MEMBERS_MAX: Final = 20
"""People in one conversation, oneself included."""

PAIR: Final = 2
"""People in a conversation that is no group: these have one by themselves, to which nobody comes and none leaves."""

TITLE_LENGTH_MAX: Final = 100

REQUESTS_A_DAY_MAX: Final = 50
"""People whom somebody may write to within a day without being followed by them, as long as they do not answer."""

UNANSWERED_MAX: Final = 20
"""Messages that one may send to people of whom nobody has answered or follows one."""

CONTEXT_MAX: Final = 400
"""Messages before a message, and as many after it, that are shown as its thread."""

VERSIONS_MAX: Final = 200


def is_group(member_ids: Sequence[int]) -> bool:
    """Whether a conversation of these people is a group from the beginning."""
    return len(member_ids) > PAIR


UNREAD_AMONG: Final = 1_000
"""The conversations, those with the latest messages, among which unread ones are counted."""


class Standing(StrEnum):
    """How a member stands to a conversation."""

    ACCEPTED = "accepted"
    REQUESTED = "requested"
    """Somebody whom they do not follow wrote to them, and they have not answered."""
    DECLINED = "declined"
    """They do not want it. Nobody is told."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person wants to say. What it answers may be a message or a status."""

    text: str
    spoiler_text: str = ""
    sensitive: bool = False
    language: str | None = None
    in_reply_to_id: int | None = None
    application: Application | None = None
    idempotency_key: str | None = None
    media_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Revision:
    """The new wording of a message, and what it shows."""

    text: str
    spoiler_text: str = ""
    sensitive: bool = False
    language: str | None = None
    media_ids: tuple[int, ...] = ()
    captions: tuple[Caption, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """A message, independent of who looks at it."""

    id: int
    conversation_id: int
    account_id: int
    text: str
    html: str
    spoiler_text: str
    sensitive: bool
    language: str | None
    in_reply_to_id: int | None
    in_reply_to_account_id: int | None
    application: Application | None
    created_at: datetime
    edited_at: datetime | None
    favourites: int
    member_ids: tuple[int, ...]
    """Who is in the conversation now."""
    media: tuple[Media, ...] = ()
    """In the order they are shown."""


@dataclass(frozen=True, slots=True)
class MessageMarks:
    """What the viewer has done with a message, or with the conversation it is in."""

    favourited: bool = False
    bookmarked: bool = False
    muted: bool = False


@dataclass(frozen=True, slots=True)
class Messages:
    """Messages the viewer may see, in the order they were asked for."""

    ids: tuple[int, ...] = ()
    by_id: Mapping[int, Message] = field(default_factory=dict[int, Message])
    marks: Mapping[int, MessageMarks] = field(default_factory=dict[int, MessageMarks])
    row_ids: tuple[int, ...] = ()
    """What was found, shown or not: the ends that the next and the previous page begin at."""

    def __iter__(self) -> Iterator[Message]:
        """The messages, in order."""
        return (self.by_id[message_id] for message_id in self.ids)

    def only(self, ids: Sequence[int]) -> "Messages":
        """The same, reduced to `ids`."""
        return replace(self, ids=tuple(ids))


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as one of its members has it."""

    id: int
    is_group: bool
    title: str
    started_by: int
    member_ids: tuple[int, ...]
    created_at: datetime
    standing: Standing
    muted: bool
    read_id: int
    last_message_id: int
    """What lists are in the order of; may be of a message that the member does not see."""
    newest_id: int | None
    """The newest message that the member sees."""
    unread: bool
    reads: Mapping[int, int] = field(default_factory=dict[int, int])
    """Up to which message the other members have read, of those who let it be known."""

    def others(self, account_id: int) -> tuple[int, ...]:
        """The members besides one; of a note to oneself, oneself."""
        return tuple(one for one in self.member_ids if one != account_id) or self.member_ids


@dataclass(frozen=True, slots=True)
class ConversationPage:
    """Conversations, the one with the latest message first, and the newest message of each that the viewer sees."""

    items: tuple[Conversation, ...] = ()
    newest: Messages = field(default_factory=Messages)


@dataclass(frozen=True, slots=True)
class Unread:
    """How many conversations have something unread, and how many requests."""

    conversations: int
    requests: int


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody lets others know."""

    reads: bool = True
    typing: bool = True
