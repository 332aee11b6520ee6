"""Instance, as on the wire (https://docs.joinmastodon.org/entities/Instance/), and what belongs to it."""

import msgspec

from linnet.mastodon.entities.account import Account


class Rule(msgspec.Struct):
    """A rule of the server."""

    id: str
    text: str
    hint: str = ""
    translations: dict[str, dict[str, str]] = msgspec.field(default_factory=dict[str, dict[str, str]])


class MonthlyUsers(msgspec.Struct):
    """How many read their home in the last month."""

    active_month: int


class Usage(msgspec.Struct):
    """How much the server is used."""

    users: MonthlyUsers


class Thumbnail(msgspec.Struct, rename={"at_1x": "@1x", "at_2x": "@2x"}):
    """The addresses of the server's picture in several sizes."""

    at_1x: str
    at_2x: str


class Picture(msgspec.Struct):
    """The server's picture."""

    url: str
    versions: Thumbnail
    blurhash: str | None = None
    description: str = ""


class Icon(msgspec.Struct):
    """The server's icon in one size, `WIDTHxHEIGHT` in pixels."""

    src: str
    size: str


class Urls(msgspec.Struct):
    """Addresses that clients ask; None where there is nothing."""

    streaming: str
    about: str
    status: str | None = None
    privacy_policy: str | None = None
    terms_of_service: str | None = None


class Vapid(msgspec.Struct):
    """The key that push messages are signed with; empty while there are none."""

    public_key: str = ""


class AccountLimits(msgspec.Struct):
    """How much a profile may hold."""

    max_featured_tags: int
    max_pinned_statuses: int
    max_profile_fields: int
    profile_field_name_limit: int
    profile_field_value_limit: int
    max_display_name_length: int
    max_note_length: int
    max_avatar_description_length: int
    max_header_description_length: int


class StatusLimits(msgspec.Struct):
    """How much a status may hold."""

    max_characters: int
    max_media_attachments: int
    characters_reserved_per_url: int


class MediaLimits(msgspec.Struct):
    """What may be attached; sizes are bytes, matrix limits pixels."""

    supported_mime_types: list[str]
    description_limit: int
    image_size_limit: int
    image_matrix_limit: int
    video_size_limit: int
    video_frame_rate_limit: int
    video_matrix_limit: int


class PollLimits(msgspec.Struct):
    """How large a poll may be; expirations are seconds."""

    max_options: int
    max_characters_per_option: int
    min_expiration: int
    max_expiration: int


class Translation(msgspec.Struct):
    """Whether the server translates."""

    enabled: bool = False


class FeedAccess(msgspec.Struct):
    """Who may read a feed: `public`, `authenticated` or `disabled`."""

    local: str = "public"
    remote: str = "public"


class TimelinesAccess(msgspec.Struct):
    """Who may read the feeds of everyone's posts."""

    live_feeds: FeedAccess = msgspec.field(default_factory=FeedAccess)
    hashtag_feeds: FeedAccess = msgspec.field(default_factory=FeedAccess)
    trending_link_feeds: FeedAccess = msgspec.field(default_factory=FeedAccess)


class Configuration(msgspec.Struct):
    """What clients should know before they offer something."""

    urls: Urls
    accounts: AccountLimits
    statuses: StatusLimits
    media_attachments: MediaLimits
    polls: PollLimits
    vapid: Vapid = msgspec.field(default_factory=Vapid)
    translation: Translation = msgspec.field(default_factory=Translation)
    timelines_access: TimelinesAccess = msgspec.field(default_factory=TimelinesAccess)
    limited_federation: bool = True


class Registrations(msgspec.Struct):
    """Whether and how people may sign up."""

    enabled: bool
    approval_required: bool
    reason_required: bool
    message: str | None = None
    min_age: int | None = None
    url: str | None = None


class Contact(msgspec.Struct):
    """Whom to turn to."""

    email: str
    account: Account | None


class ApiVersions(msgspec.Struct):
    """The number of Mastodon's API whose features are there."""

    mastodon: int


class Instance(msgspec.Struct, kw_only=True):
    """What this server is, what it allows, and who runs it (version 2)."""

    domain: str
    title: str
    version: str
    source_url: str
    description: str
    usage: Usage
    thumbnail: Picture
    icon: list[Icon]
    languages: list[str]
    configuration: Configuration
    registrations: Registrations
    contact: Contact
    rules: list[Rule]
    api_versions: ApiVersions


class V1Urls(msgspec.Struct):
    """Where streaming is."""

    streaming_api: str


class V1Stats(msgspec.Struct):
    """The server in numbers."""

    user_count: int
    status_count: int
    domain_count: int


class V1Configuration(msgspec.Struct):
    """What clients should know before they offer something."""

    accounts: AccountLimits
    statuses: StatusLimits
    media_attachments: MediaLimits
    polls: PollLimits


class V1Instance(msgspec.Struct, kw_only=True):
    """What this server is, as older clients ask for it."""

    uri: str
    title: str
    short_description: str
    description: str
    email: str
    version: str
    urls: V1Urls
    stats: V1Stats
    thumbnail: str
    languages: list[str]
    registrations: bool
    approval_required: bool
    invites_enabled: bool
    configuration: V1Configuration
    contact_account: Account | None
    rules: list[Rule]


class WeekActivity(msgspec.Struct):
    """One week in numbers, all of them strings; `week` is Monday's midnight in Unix seconds."""

    week: str
    statuses: str
    logins: str
    registrations: str


class Text(msgspec.Struct):
    """A longer text in HTML, such as the privacy policy, and when it was written."""

    updated_at: str
    content: str


class TermsOfService(msgspec.Struct, kw_only=True):
    """A wording of the terms of service in HTML; the dates are days. `succeeded_by` is absent for the last one."""

    effective_date: str
    effective: bool
    content: str
    succeeded_by: str | msgspec.UnsetType = msgspec.UNSET
