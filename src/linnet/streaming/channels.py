"""What can be streamed: the streams of Mastodon's API by their names, their paths and what each asks of a token."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from linnet.features.statuses.entities import tag_name
from linnet.platform.errors import Forbidden, Malformed
from linnet.platform.ids import parse_id

TAG_CHARS_MAX: Final = 200
"""Of a hashtag as it was asked for, which is said again with everything that is streamed under it."""


class Stream(StrEnum):
    """A kind of stream, by the name that clients subscribe with."""

    USER = "user"
    USER_NOTIFICATION = "user:notification"
    PUBLIC = "public"
    PUBLIC_LOCAL = "public:local"
    PUBLIC_REMOTE = "public:remote"
    PUBLIC_MEDIA = "public:media"
    PUBLIC_LOCAL_MEDIA = "public:local:media"
    PUBLIC_REMOTE_MEDIA = "public:remote:media"
    HASHTAG = "hashtag"
    HASHTAG_LOCAL = "hashtag:local"
    LIST = "list"
    SEARCH = "search"
    """Ours: what a search that one keeps finds as it comes."""
    DIRECT = "direct"
    MESSAGES = "messages"
    """Ours, not Mastodon's: messages one by one, who reads and who types."""


Topic = tuple[Stream, int | str]
"""What hints are looked up by: a stream, and whose or which it is: an account's, a list's, a hashtag's, or 0."""

OWN: Final = frozenset({Stream.USER, Stream.USER_NOTIFICATION, Stream.DIRECT, Stream.MESSAGES})
"""Streams that each account has one of."""

TAGGED: Final = frozenset({Stream.HASHTAG, Stream.HASHTAG_LOCAL})

SCOPES: Final[Mapping[Stream, str]] = {
    **dict.fromkeys(Stream, "read:statuses"),
    Stream.USER_NOTIFICATION: "read:notifications",
    Stream.SEARCH: "read:search",
}
"""What a token must be allowed to be subscribed. On `user`, notifications come with `read:notifications` besides."""

ROOT: Final = "/api/v1/streaming"
"""Where WebSockets are opened; every stream of server-sent events has a path below."""
PUBLICS: Final = (Stream.PUBLIC, Stream.PUBLIC_LOCAL)
MEDIA: Final = (Stream.PUBLIC_MEDIA, Stream.PUBLIC_LOCAL_MEDIA)
"""Streams of everybody's posts, and of those that show media; of other servers there are none."""

_MEDIA: Final = {
    Stream.PUBLIC: Stream.PUBLIC_MEDIA,
    Stream.PUBLIC_LOCAL: Stream.PUBLIC_LOCAL_MEDIA,
    Stream.PUBLIC_REMOTE: Stream.PUBLIC_REMOTE_MEDIA,
}
_PATHS: Final = {f"{ROOT}/" + stream.replace(":", "/"): stream for stream in Stream if not stream.endswith(":media")}


class UnknownStream(Malformed):
    """A name that is no stream's; Mastodon's words, which clients know."""

    def __init__(self) -> None:
        super().__init__("Unknown stream type")


@dataclass(frozen=True, slots=True)
class Channel:
    """A stream as one listener subscribed to it."""

    topic: Topic
    names: tuple[str, ...]
    """The stream and its parameter as they were asked for: clients find by them what a message belongs to."""

    @property
    def stream(self) -> Stream:
        """Of which kind it is."""
        return self.topic[0]


def channel_of(name: str, parameters: Mapping[str, str], account_id: int) -> Channel:
    """The channel of a stream's name for an account.

    Raises `UnknownStream`, or `Malformed` without the tag, the list or the search. Whether that is theirs is asked
    elsewhere.
    """
    try:
        stream = Stream(name)
    except ValueError:
        raise UnknownStream from None
    if stream in OWN:
        return Channel((stream, account_id), (stream.value,))
    if stream in TAGGED:
        said = parameters.get("tag", "")
        tag = tag_name(said.removeprefix("#"))
        if not tag or len(said) > TAG_CHARS_MAX:
            raise Malformed("Missing tag name parameter")
        return Channel((stream, tag), (stream.value, said))
    if stream is Stream.LIST:
        list_id = parse_id(parameters.get("list", ""))
        if list_id is None:
            raise Malformed("Missing list name parameter")
        return Channel((stream, list_id), (stream.value, parameters["list"]))
    if stream is Stream.SEARCH:
        search_id = parse_id(parameters.get("search", ""))
        if search_id is None:
            raise Malformed("Missing search parameter")
        return Channel((stream, search_id), (stream.value, parameters["search"]))
    return Channel((stream, 0), (stream.value,))


def name_of_path(path: str, parameters: Mapping[str, str]) -> str | None:
    """The name of the stream that has this path of its own; None when no stream has."""
    stream = _PATHS.get(path.rstrip("/"))
    if stream is None:
        return None
    if stream in _MEDIA and parameters.get("only_media", "").lower() in {"1", "true", "on"}:
        return _MEDIA[stream].value
    return stream.value


class NotYourList(Forbidden):
    """There is no such list, or it is somebody else's: one answer."""

    def __init__(self) -> None:
        super().__init__("Not authorized to stream this list")


class NotYourSearch(Forbidden):
    """They keep no such search."""

    def __init__(self) -> None:
        super().__init__("Not authorized to stream this search")
