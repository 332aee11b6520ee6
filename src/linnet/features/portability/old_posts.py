"""Posts out of the archives of Mastodon and of X: ZIP or tar files in which somebody's own posts lie as JSON. Pure.

What is read: `outbox.json` (ActivityStreams, https://www.w3.org/TR/activitystreams-core/) and `data/tweets.js`, which
is JavaScript that assigns JSON. All else in the file, its pictures above all, is passed by. Boosts, direct messages and
answers to other people are left out: those are not one's own to bring, or make no sense alone.
"""

import re
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from html import unescape
from typing import BinaryIO, Final

import msgspec

from linnet.features.portability.models import POSTS_MAX, Row
from linnet.features.portability.plain import text_of_html
from linnet.platform.errors import Invalid

JSON_BYTES_MAX: Final = 256 * 1024 * 1024
"""Of one file in an archive, unpacked."""

UNPACKED_BYTES_MAX: Final = 8 * 1024**3
MEMBERS_MAX: Final = 500_000
"""Of a tar file, which can only be read from its beginning."""

PUBLIC: Final = frozenset({"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"})
_OUTBOX: Final = re.compile(r"(^|/)outbox\.json$")
_TWEETS: Final = re.compile(r"(^|/)data/(tweets?|tweets?-part\d+)\.js$")
_X_DATE: Final = "%a %b %d %H:%M:%S %z %Y"


class _Source(msgspec.Struct):
    content: str = ""


class _Note(msgspec.Struct, rename="camel"):
    id: str = ""
    type: str = ""
    content: str = ""
    summary: str | None = None
    sensitive: bool = False
    published: str = ""
    in_reply_to: str | None = None
    to: list[str] | str = []
    cc: list[str] | str = []
    content_map: dict[str, str] | None = None
    source: _Source | None = None
    """The text as it was typed, where a server says it, as this one does."""


class _Activity(msgspec.Struct):
    type: str = ""
    object: msgspec.Raw = msgspec.Raw(b"null")


class _Outbox(msgspec.Struct, rename={"items": "orderedItems"}):
    items: list[_Activity] = []


class _Url(msgspec.Struct):
    url: str = ""
    expanded_url: str = ""


class _Entities(msgspec.Struct):
    urls: list[_Url] = []


class _Tweet(msgspec.Struct):
    id_str: str = ""
    full_text: str = ""
    created_at: str = ""
    lang: str | None = None
    possibly_sensitive: bool = False
    in_reply_to_status_id_str: str | None = None
    in_reply_to_user_id_str: str | None = None
    entities: _Entities = msgspec.field(default_factory=_Entities)


class _Entry(msgspec.Struct):
    tweet: _Tweet


def read(file: BinaryIO) -> list[Row]:
    """The posts in an archive, oldest first; `Invalid`, with a sentence, for what is none, or has none."""
    found = [post for name, raw in _members(file) for post in _posts_in(name, raw)]
    posts = list({post["source"]: post for post in found}.values())
    if not posts:
        raise Invalid(
            "There are no posts of one's own in this file. An archive of Mastodon or X is wanted, as downloaded."
        )
    if len(posts) > POSTS_MAX:
        raise Invalid(f"There are more than {POSTS_MAX:,} posts in this archive.")
    return sorted(posts, key=lambda post: (post["at"], post["source"]))


def _members(file: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """The files that may hold posts, by name."""
    try:
        if zipfile.is_zipfile(file):
            file.seek(0)
            with zipfile.ZipFile(file) as archive:
                for member in archive.infolist():
                    if _is_wanted(member.filename):
                        with archive.open(member) as content:
                            yield member.filename, _bounded(content.read(JSON_BYTES_MAX + 1))
            return
        file.seek(0)
        yield from _members_of_tar(file)
    except (zipfile.BadZipFile, tarfile.TarError, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise Invalid("This file cannot be read: it is no ZIP or tar archive, is encrypted, or is cut off.") from error


def _members_of_tar(file: BinaryIO) -> Iterator[tuple[str, bytes]]:
    unpacked = 0
    with tarfile.open(fileobj=file, mode="r|*") as archive:
        for number, member in enumerate(archive):
            unpacked += member.size
            if unpacked > UNPACKED_BYTES_MAX or number > MEMBERS_MAX:
                raise Invalid("This archive is too large once it is unpacked.")
            if member.isfile() and _is_wanted(member.name):
                content = archive.extractfile(member)
                assert content is not None, "it is a file"
                yield member.name, _bounded(content.read(JSON_BYTES_MAX + 1))


def _is_wanted(name: str) -> bool:
    return bool(_OUTBOX.search(name) or _TWEETS.search(name))


def _bounded(raw: bytes) -> bytes:
    if len(raw) > JSON_BYTES_MAX:
        raise Invalid("This archive is too large once it is unpacked.")
    return raw


def _posts_in(name: str, raw: bytes) -> Iterator[Row]:
    try:
        yield from _notes(raw) if _OUTBOX.search(name) else _tweets(raw)
    except msgspec.MsgspecError as error:
        raise Invalid(f"{name} in this archive is not what it should be.") from error


def _notes(raw: bytes) -> Iterator[Row]:
    outbox = msgspec.json.decode(raw, type=_Outbox)
    own: set[str] = set()
    for activity in reversed(outbox.items) if _newest_first(outbox) else outbox.items:
        if activity.type != "Create":
            continue
        note = msgspec.json.decode(activity.object, type=_Note)
        visibility = _visibility_of(note)
        if note.type not in {"Note", "Question"} or visibility is None or not note.id:
            continue
        if note.in_reply_to is not None and note.in_reply_to not in own:
            continue
        at = _iso_moment(note.published)
        text = note.source.content if note.source else text_of_html(note.content)
        if at is None or not (text or note.summary):
            continue
        own.add(note.id)
        yield {
            "source": note.id,
            "at": at,
            "text": text,
            "spoiler_text": note.summary or "",
            "sensitive": note.sensitive,
            "language": next(iter(note.content_map or ()), None),
            "visibility": visibility,
            "answers": note.in_reply_to,
        }


def _newest_first(outbox: _Outbox) -> bool:
    """Answers come after what they answer only from the oldest on; Mastodon writes its outbox so, others do not."""
    dates = [
        note.published
        for activity in (*outbox.items[:1], *outbox.items[-1:])
        if activity.type == "Create" and (note := msgspec.json.decode(activity.object, type=_Note)).published
    ]
    return len(dates) > 1 and dates[0] > dates[-1]


def _visibility_of(note: _Note) -> str | None:
    """Who could see a post; None for those it named alone."""
    to = {note.to} if isinstance(note.to, str) else set(note.to)
    cc = {note.cc} if isinstance(note.cc, str) else set(note.cc)
    if to & PUBLIC:
        return "public"
    if cc & PUBLIC:
        return "unlisted"
    return "private" if any(one.endswith("/followers") for one in to) else None


def _tweets(raw: bytes) -> Iterator[Row]:
    start = raw.find(b"[")
    entries = msgspec.json.decode(raw[start:] if start >= 0 else b"[]", type=list[_Entry])
    own: set[str] = set()
    for tweet in sorted((entry.tweet for entry in entries), key=lambda one: (len(one.id_str), one.id_str)):
        answers = tweet.in_reply_to_status_id_str
        answers_others = (answers is not None and answers not in own) or (
            answers is None and tweet.in_reply_to_user_id_str is not None
        )
        if not tweet.id_str.isdigit() or tweet.full_text.startswith("RT @") or answers_others:
            continue
        at = _x_moment(tweet.created_at)
        text = _expanded(tweet)
        if at is None or not text:
            continue
        own.add(tweet.id_str)
        yield {
            "source": f"https://x.com/i/status/{tweet.id_str}",
            "at": at,
            "text": text,
            "spoiler_text": "",
            "sensitive": tweet.possibly_sensitive,
            "language": tweet.lang if tweet.lang not in {"und", "zxx", "qme", "qst", "qht"} else None,
            "visibility": "public",
            "answers": f"https://x.com/i/status/{answers}" if answers else None,
        }


def _expanded(tweet: _Tweet) -> str:
    """The text with the addresses that t.co stood for; HTML's entities are as they were typed."""
    text = tweet.full_text
    for url in tweet.entities.urls:
        if url.url and url.expanded_url.startswith(("http://", "https://")):
            text = text.replace(url.url, url.expanded_url)
    return unescape(text).strip()


def _iso_moment(text: str) -> str | None:
    with suppress(ValueError):
        return _told(datetime.fromisoformat(text))
    return None


def _x_moment(text: str) -> str | None:
    with suppress(ValueError):
        return _told(datetime.strptime(text, _X_DATE))  # noqa: DTZ007 -- it has %z
    return None


def _told(at: datetime) -> str:
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
