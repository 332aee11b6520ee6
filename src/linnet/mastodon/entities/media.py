"""MediaAttachment, as on the wire (https://docs.joinmastodon.org/entities/MediaAttachment/)."""

import msgspec


class MediaSize(msgspec.Struct, omit_defaults=True):
    """What is measured of one file; `duration` in seconds, `bitrate` in bits a second, `aspect` width over height."""

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
    """What is known of an attachment besides its addresses. Of videos and sounds some of `original` comes twice."""

    original: MediaSize | None = None
    small: MediaSize | None = None
    focus: MediaFocus | None = None
    length: str | None = None
    """Of videos and sounds, as `0:01:28.65`."""
    duration: float | None = None
    fps: int | None = None
    width: int | None = None
    height: int | None = None
    size: str | None = None
    aspect: float | None = None


class MediaVariant(msgspec.Struct, omit_defaults=True):
    """One of the files made of an attachment, and what it is for; ours, beside those that every client asks for."""

    name: str
    url: str
    content_type: str
    width: int | None = None
    height: int | None = None


class MediaAttachment(msgspec.Struct, kw_only=True):
    """A picture, video or sound; `url` is null until it was processed. `variants` are ours."""

    id: str
    type: str
    url: str | None
    preview_url: str | None
    remote_url: str | None = None
    preview_remote_url: str | None = None
    text_url: str | None = None
    meta: MediaMeta
    description: str | None
    blurhash: str | None
    variants: list[MediaVariant] = []


class MediaProcessing(msgspec.Struct):
    """How far an upload is: `state` is uploaded, probing, processing, ready or failed; `progress` is per cent."""

    state: str
    progress: int
    error: str | None = None


class UploadedMedia(MediaAttachment, kw_only=True):
    """An attachment as its owner sees it who has just uploaded it; `processing` is ours."""

    processing: MediaProcessing
