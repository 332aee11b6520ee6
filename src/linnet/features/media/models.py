"""The nouns of media: what was uploaded, what was made of it, and how far that is."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec

DESCRIPTION_LENGTH_MAX: Final = 1_500
"""Characters, as Mastodon has it."""

PER_STATUS_MAX: Final = 4
"""Files of one post, as Mastodon has it."""

NAME_LENGTH_MAX: Final = 255
ATTEMPTS_WEIGHT_MAX: Final = 4
"""Beyond it a file counts as one of which nothing can be made: failures weigh one, deaths of the worker two."""

SUPPORTED_TYPES: Final = (
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/webp",
    "image/avif",
    "image/heic",
    "image/heif",
    "video/mp4",
    "video/quicktime",
    "video/webm",
    "video/x-matroska",
    "video/x-msvideo",
    "video/mpeg",
    "video/3gpp",
    "video/ogg",
    "audio/mpeg",
    "audio/mp3",
    "audio/mp4",
    "audio/m4a",
    "audio/x-m4a",
    "audio/aac",
    "audio/ogg",
    "audio/opus",
    "audio/vorbis",
    "audio/flac",
    "audio/wav",
    "audio/wave",
    "audio/x-wav",
    "audio/vnd.wave",
    "audio/webm",
    "audio/aiff",
    "audio/3gpp",
)
"""Content types that apps may offer to their users, by the names that apps and systems have for them.

What is taken is decided by a file's contents; this is for those who choose one.
"""


class Kind(StrEnum):
    """What a file turned out to be, by its contents."""

    IMAGE = "image"
    GIFV = "gifv"
    """A video without sound that plays by itself again and again, made of an animation."""
    VIDEO = "video"
    AUDIO = "audio"


class Lane(StrEnum):
    """Which queue processes a file, so that a picture never waits for a long video."""

    IMAGES = "media_images"
    VIDEOS = "media_videos"


class State(StrEnum):
    """How far an upload is."""

    UPLOADED = "uploaded"
    PROBING = "probing"
    PROCESSING = "processing"
    READY = "ready"
    FAILED = "failed"


class Purpose(StrEnum):
    """What a file was uploaded for, which decides what is made of it."""

    ATTACHMENT = "attachment"
    AVATAR = "avatar"
    HEADER = "header"
    THUMBNAIL = "thumbnail"
    """A picture that stands for another upload, in place of one made from it."""


class Refused(Exception):
    """A file that is not taken, or of which nothing can be made: `reason` is a code, the message a sentence to read."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class Variant(msgspec.Struct, frozen=True, omit_defaults=True):
    """One file made of an upload, as it lies in the store."""

    name: str
    """What it is for: `large`, `small`, `w640`, `w640_webp`, `static`, `poster`, `hls`, `captions_en`, …"""
    file: str
    """Its file name below the upload's own folder; holds a part of the digest of its contents."""
    content_type: str
    bytes: int
    width: int = 0
    height: int = 0


class Meta(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is measured of the largest variant."""

    width: int = 0
    height: int = 0
    duration_s: float = 0.0
    frame_rate: str = ""
    """Frames a second as a fraction, such as `30/1`."""
    bitrate: int = 0
    """Bits a second."""


_UNMEASURED: Final = Meta()


@dataclass(frozen=True, slots=True)
class MadeFile:
    """A variant still in a local folder."""

    name: str
    path: Path
    content_type: str
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Made:
    """What processing gives: files, and what is known of them."""

    kind: Kind
    files: tuple[MadeFile, ...]
    meta: Meta
    blurhash: str | None = None
    perceptual_hash: int | None = None
    """64 bits, from 0 on, of pictures and posters: close for what looks alike."""

    @property
    def perceptual_bits(self) -> int | None:
        """The same 64 bits as PostgreSQL's bigint has them, which knows no numbers beyond 2^63."""
        number = self.perceptual_hash
        return number if number is None or number < 1 << 63 else number - (1 << 64)


@dataclass(frozen=True, slots=True)
class Media:
    """An upload and what became of it."""

    id: int
    account_id: int
    purpose: Purpose
    state: State
    created_at: datetime
    kind: Kind | None = None
    """None until it was probed."""
    progress: int = 0
    """Per cent of the processing."""
    error: str | None = None
    """Why it failed, as a sentence to read."""
    description: str = ""
    focus: tuple[float, float] | None = None
    """What must be seen when it is cropped: from -1, -1 (left, bottom) to 1, 1."""
    variants: tuple[Variant, ...] = ()
    meta: Meta = _UNMEASURED
    blurhash: str | None = None
    status_id: int | None = None

    @property
    def original(self) -> Variant | None:
        """The file to show in full, in a form that every client shows; None while its files are not there."""
        by_name = {one.name: one for one in self.variants} if self.state is State.READY else {}
        return by_name.get("original") or by_name.get("large")


@dataclass(frozen=True, slots=True)
class Source:
    """What was uploaded, as it lies in the store until it has been processed."""

    name: str
    """As its owner named it: for operators and nobody else, and no type is taken from it."""
    content_type: str
    """By its contents."""
    bytes: int
    sha256: str
    """Of its contents, in hex."""


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload as those see it who process and keep it."""

    media: Media
    source: Source
    lane: Lane
    attempts: int = 0
    """The weight of all attempts to process it that led to nothing, and of the one that is under way."""
    stands_for: int | None = None
    """The upload whose thumbnail this picture is to be."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What an account has in the store."""

    uploads: int
    bytes: int


@dataclass(frozen=True, slots=True)
class UsageOfKind:
    """What there is of one kind: `unknown` is what was not looked at yet."""

    kind: str
    uploads: int
    bytes: int


@dataclass(frozen=True, slots=True)
class UsageOfAccount:
    """What an account has in the store."""

    account_id: int
    username: str
    uploads: int
    bytes: int


@dataclass(frozen=True, slots=True)
class MediaRules:
    """What is taken, as the settings have it."""

    image_bytes_max: int = 16 * 1024 * 1024
    video_bytes_max: int = 99 * 1024 * 1024
    """Of videos and sounds."""
    image_pixels_max: int = 33_177_600
    """Width times height: 7680x4320."""
    video_pixels_max: int = 8_847_360
    video_frame_rate_max: int = 240
    video_s_max: float = 3_600.0
    """Of videos and sounds."""
    account_bytes_max: int = 0
    """What one account may have in the store; 0: any amount."""


def source_name(media_id: int) -> str:
    """Where an upload lies in the store until it has been processed."""
    return f"uploads/{media_id}"


def folder_name(media_id: int) -> str:
    """Where all that was made of an upload lies in the store; ends with a slash."""
    return f"media/{media_id}/"
