"""Media for the wire. Pure: no statement."""

<<<<<<< HEAD
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Final

import msgspec

from linnet.features.media.models import Kind, Media, State, Variant
from linnet.mastodon.entities import media as entities
from linnet.platform.site import Site

_ORIGINALS: Final = ("original", "large")
_PREVIEWS: Final = ("small", "small_jpeg", "poster")
"""Variants by what they are for, the first there is: in forms that every client shows."""

AddressOf = Callable[[str], str]
"""Where a file of an attachment is, by its name below the attachment's folder."""


def present_all(site: Site, media: Iterable[Media]) -> list[entities.MediaAttachment]:
    """What posts show, in their order."""
=======
from collections.abc import Iterable, Sequence

from linnet.features.media.models import Media, State, Variant
from linnet.mastodon.entities import media as entities
from linnet.platform.site import Site

_ORIGINALS = ("original", "large")
_PREVIEWS = ("small_jpeg", "small", "poster", "original")
"""Variants by what they are for, the first there is; of previews, JPEG is what every client shows."""


def present_all(site: Site, media: Iterable[Media]) -> list[entities.MediaAttachment]:
    """Media in their order."""
>>>>>>> main
    return [present_media(site, one) for one in media]


def present_media(site: Site, media: Media) -> entities.MediaAttachment:
<<<<<<< HEAD
    """What a post shows; without addresses while its files are not there."""
    variants, original, preview = _chosen(media)
    address_of = _addresses(site, media)
    return entities.MediaAttachment(
        id=str(media.id),
        type=_type(media),
        url=None if original is None else address_of(original.file),
        preview_url=None if preview is None else address_of(preview.file),
        meta=_meta(media, original, preview),
        description=media.description or None,
        blurhash=media.blurhash,
        variants=[_variant(one, address_of) for one in variants],
    )


def present_upload(site: Site, media: Media) -> entities.UploadedMedia:
    """An upload for its owner, who may look at it before a post shows it."""
    return entities.UploadedMedia(
        **msgspec.structs.asdict(present_media(site, media)),
        processing=entities.MediaProcessing(media.state.value, media.progress, media.error),
    )


def _addresses(site: Site, media: Media) -> AddressOf:
    return lambda file: site.media_url(media.id, file)


def _type(media: Media) -> str:
    return "unknown" if media.kind is None else media.kind.value


def _chosen(media: Media) -> tuple[Sequence[Variant], Variant | None, Variant | None]:
    """All files that are there, the one to show, and the one to show small."""
    if media.state is not State.READY:
        return (), None, None
    by_name = {one.name: one for one in media.variants}
    original = next((by_name[name] for name in _ORIGINALS if name in by_name), None)
    preview = next((by_name[name] for name in _PREVIEWS if name in by_name), None)
    return media.variants, original, preview if preview is not None or media.kind is not Kind.IMAGE else original


def _variant(variant: Variant, address_of: AddressOf) -> entities.MediaVariant:
    return entities.MediaVariant(
        variant.name,
        address_of(variant.file),
        variant.content_type,
        variant.width or None,
        variant.height or None,
    )


def _meta(media: Media, original: Variant | None, preview: Variant | None) -> entities.MediaMeta:
    meta = media.meta
    focus = entities.MediaFocus(*media.focus) if media.focus is not None else None
    if original is None:
        return entities.MediaMeta(focus=focus)
    measured = _size(original.width or meta.width, original.height or meta.height)
    small = _size(preview.width, preview.height) if preview is not None and preview.width else None
    if not meta.duration_s:
        return entities.MediaMeta(original=measured, small=small, focus=focus)
    duration_s = round(meta.duration_s, 3)
    whole = entities.MediaMeta(
        original=measured,
        small=small,
        focus=focus,
        length=_length(duration_s),
        duration=duration_s,
        fps=_rounded(meta.frame_rate),
        width=measured.width,
        height=measured.height,
        size=measured.size,
        aspect=measured.aspect,
    )
    measured.frame_rate, measured.duration, measured.bitrate = meta.frame_rate or None, duration_s, meta.bitrate or None
    return whole
=======
    """One medium; without addresses until its files are there."""
    is_ready = media.state is State.READY
    original = _first(media.variants, _ORIGINALS) if is_ready else None
    preview = _first(media.variants, _PREVIEWS) if is_ready else None
    return entities.MediaAttachment(
        id=str(media.id),
        type=media.kind.value if media.kind is not None else "unknown",
        url=_url(site, media, original),
        preview_url=_url(site, media, preview),
        remote_url=None,
        meta=entities.MediaMeta(
            original=_measured(media, original) if original else None,
            small=_size(preview.width, preview.height) if preview and preview.width else None,
            focus=entities.MediaFocus(*media.focus) if media.focus else None,
        ),
        description=media.description or None,
        blurhash=media.blurhash,
    )


def _first(variants: Sequence[Variant], names: Sequence[str]) -> Variant | None:
    by_name = {one.name: one for one in variants}
    return next((by_name[name] for name in names if name in by_name), None)


def _url(site: Site, media: Media, variant: Variant | None) -> str | None:
    return f"{site.public_url}/media/{media.id}/{variant.file}" if variant is not None else None


def _measured(media: Media, original: Variant) -> entities.MediaSize:
    meta = media.meta
    size = _size(original.width or meta.width, original.height or meta.height)
    size.frame_rate, size.duration, size.bitrate = (
        meta.frame_rate or None,
        meta.duration_s or None,
        meta.bitrate or None,
    )
    return size
>>>>>>> main


def _size(width: int, height: int) -> entities.MediaSize:
    if not width or not height:
        return entities.MediaSize()
<<<<<<< HEAD
    return entities.MediaSize(width, height, f"{width}x{height}", width / height)


def _length(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes) // 60}:{int(minutes) % 60:02d}:{rest:05.2f}"


def _rounded(frame_rate: str) -> int | None:
    """Frames a second out of a fraction such as `30000/1001`; None where none is known."""
    try:
        return round(Fraction(frame_rate)) or None
    except (ValueError, ZeroDivisionError):
        return None
=======
    return entities.MediaSize(width, height, f"{width}x{height}", round(width / height, 6))
>>>>>>> main
