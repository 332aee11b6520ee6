"""MediaAttachment, as on the wire (https://docs.joinmastodon.org/entities/MediaAttachment/)."""

import msgspec


class MediaSize(msgspec.Struct, omit_defaults=True):
    """What is measured of one of its files; `duration` in seconds, `bitrate` in bits a second."""

    width: int | None = None
    height: int | None = None
    size: str | None = None
    aspect: float | None = None
    frame_rate: str | None = None
    duration: float | None = None
    bitrate: int | None = None


class MediaFocus(msgspec.Struct):
    """What must be seen when it is cropped: from -1, -1 (left, bottom) to 1, 1."""

    x: float
    y: float


class MediaMeta(msgspec.Struct, omit_defaults=True):
    """What is known of a medium besides its address."""

    original: MediaSize | None = None
    small: MediaSize | None = None
    focus: MediaFocus | None = None


class MediaAttachment(msgspec.Struct):
    """A picture, film or sound; `url` is null until it is processed."""

    id: str
    type: str
    url: str | None
    preview_url: str | None
    remote_url: str | None
    meta: MediaMeta
    description: str | None
    blurhash: str | None
