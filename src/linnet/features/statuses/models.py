"""The nouns of statuses: drafts, statuses as loaded for a viewer, and the limits of both."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from linnet.features.accounts.models import AccountVersion
from linnet.features.media.attachments.models import Caption
from linnet.features.media.models import Media
from linnet.features.moderation.measures import Measure
from linnet.features.moderation.models import Finding
from linnet.features.relationships.models import Stance
from linnet.features.statuses.cards.models import Card
from linnet.features.statuses.polls.models import Poll, PollDraft, Vote

TEXT_LENGTH_MAX = 500
"""Characters of text and content warning together, URLs counted as 23 and mentions without their domain."""

TEXT_BYTES_MAX = 20_000
"""A bound on the raw text before it is parsed: many more bytes than 500 counted characters can need."""

MENTIONS_MAX = 50
PINS_MAX = 5
FOLDERS_MAX = 100
FOLDER_TITLE_LENGTH_MAX = 100
IDEMPOTENCY_KEY_LENGTH_MAX = 255
IDEMPOTENCY_S = 3600
BULK_MAX = 40
"""Statuses of one `GET /api/v1/statuses?id[]=`."""


class Visibility(StrEnum):
    """Who may see a status; the order is from everyone to the mentioned only."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    PRIVATE = "private"
    DIRECT = "direct"


class QuotePolicy(StrEnum):
    """Whom an author lets quote a status."""

    PUBLIC = "public"
    FOLLOWERS = "followers"
    NOBODY = "nobody"


class ReplyPolicy(StrEnum):
    """Whom an author lets answer a status. Whoever it mentions may as well, but for `NOBODY`."""

    EVERYONE = "everyone"
    FOLLOWERS = "followers"
    FOLLOWED = "followed"
    """Whom the author follows."""
    MENTIONED = "mentioned"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Application:
    """The app a status was posted with."""

    name: str
    website: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person wants to post. A `visibility`, `language` or `quote_policy` of None means the account's default."""

    text: str
    spoiler_text: str = ""
    sensitive: bool = False
    visibility: Visibility | None = None
    language: str | None = None
    in_reply_to_id: int | None = None
    quoted_id: int | None = None
    quote_policy: QuotePolicy | None = None
    reply_policy: ReplyPolicy = ReplyPolicy.EVERYONE
    application: Application | None = None
    idempotency_key: str | None = None
    poll: PollDraft | None = None
    scheduled_id: int | None = None
    """The post for later that this is, whose time has come."""
    media_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Revision:
    """The new wording of an edited status. `None` leaves a part as it is; a poll and media are gone where not asked."""

    text: str
    spoiler_text: str = ""
    sensitive: bool = False
    language: str | None = None
    quote_policy: QuotePolicy | None = None
    poll: PollDraft | None = None
    reply_policy: ReplyPolicy | None = None
    media_ids: tuple[int, ...] = ()
    captions: tuple[Caption, ...] = ()


@dataclass(frozen=True, slots=True)
class Moderated:
    """What was decided about a status that others do not see as it was written, and on what grounds."""

    withheld: bool
    """Only its author sees it."""
    limited: bool
    """It is in its author's followers' homes, on its author's page and in threads, and nowhere else."""
    labels: tuple[str, ...] = ()
    """Why it is shown behind a warning."""
    decision_id: int | None = None
    """Of the latest decision about it, if that is not forgotten yet."""
    measure: Measure | None = None
    findings: tuple[Finding, ...] = ()
    """For which the measure was taken."""
    outdated: bool = False
    """The decision was about words that have been edited since."""
    author_silenced: bool = False
    """Staff have limited its author's account, and so all that it posts."""

    @property
    def by_itself(self) -> bool:
        """Whether it is about this status, not only about who wrote it."""
        return self.withheld or self.limited or bool(self.labels)


@dataclass(frozen=True, slots=True)
class Status:
    """A status with its counters, independent of who looks at it."""

    id: int
    account_id: int
    visibility: Visibility
    text: str
    html: str
    spoiler_text: str
    sensitive: bool
    language: str | None
    in_reply_to_id: int | None
    in_reply_to_account_id: int | None
    reblog_of_id: int | None
    quoted_id: int | None
    thread_id: int
    mention_ids: tuple[int, ...]
    tags: tuple[str, ...]
    quote_policy: QuotePolicy
    application: Application | None
    created_at: datetime
    edited_at: datetime | None
    replies: int
    reblogs: int
    favourites: int
    quotes: int
    reply_policy: ReplyPolicy = ReplyPolicy.EVERYONE
    hidden: bool = False
    """Taken out of its thread by who began it, or is answered."""
    quote_revoked: bool = False
    """The author of what it quotes no longer lets it."""
    poll: Poll | None = None
    card: Card | None = None
    media: tuple[Media, ...] = ()
    """In the order they are shown."""
    moderated: Moderated | None = None
    """None for nearly all."""

    @property
    def withheld(self) -> bool:
        """Whether only its author sees it."""
        return self.moderated is not None and self.moderated.withheld

    @property
    def limited(self) -> bool:
        """Whether it is shown to no strangers who do not look for it."""
        return self.moderated is not None and (self.moderated.limited or self.moderated.author_silenced)


@dataclass(frozen=True, slots=True)
class Version:
    """One wording a status has had, oldest first in a history."""

    text: str
    html: str
    spoiler_text: str
    sensitive: bool
    created_at: datetime
    poll_options: tuple[str, ...] | None = None
    """What its poll asked, if it had one."""
    media: tuple[Media, ...] = ()
    """As they were described then."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What the viewer has done with one status."""

    favourited: bool = False
    reblogged: bool = False
    bookmarked: bool = False
    pinned: bool = False
    muted: bool = False
    vote: Vote | None = None
    """In the poll that it has, or had."""


UNMARKED = Marks()
"""Nothing done."""


@dataclass(frozen=True, slots=True)
class Folder:
    """Where somebody keeps some of their bookmarks. Nobody else ever learns of it."""

    id: int
    title: str


@dataclass(frozen=True, slots=True)
class Hydrated:
    """A page of statuses the viewer may see, with the reblogged and quoted ones they lead to."""

    ids: tuple[int, ...] = ()
    """The page itself, in the order it was asked for."""
    statuses: Mapping[int, Status] = field(default_factory=dict[int, Status])
    """The page and what it leads to, by id."""
    row_ids: tuple[int, ...] = ()
    """What was asked for, shown or not: the ends of the page that the next and the previous one begin at."""
    more: bool | None = None
    """Whether anything lies behind the page; None when nobody looked, and a full page has to do as a sign."""
    marks: Mapping[int, Marks] = field(default_factory=dict[int, Marks])
    """What the viewer has done with each status."""
    authors: Mapping[int, AccountVersion] = field(default_factory=dict[int, AccountVersion])
    """Who wrote them."""
    stances: Mapping[int, Stance] = field(default_factory=dict[int, Stance])
    """How the viewer stands to who wrote them, and to whom they answer."""

    def __iter__(self) -> Iterator[Status]:
        """The statuses of the page, in order."""
        return (self.statuses[status_id] for status_id in self.ids)

    def only(self, ids: Sequence[int]) -> "Hydrated":
        """The same, with the page reduced to `ids`."""
        return replace(self, ids=tuple(ids))

    def also(self, other: "Hydrated") -> "Hydrated":
        """This page, and the other one behind it."""
        return replace(
            self,
            ids=(*self.ids, *other.ids),
            statuses={**self.statuses, **other.statuses},
            marks={**self.marks, **other.marks},
            authors={**self.authors, **other.authors},
            stances={**self.stances, **other.stances},
        )

    def subject(self, status: Status) -> Status:
        """What a reader really sees: the reblogged status, or the status itself."""
        return self.statuses[status.reblog_of_id] if status.reblog_of_id else status
