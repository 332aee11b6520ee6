"""Media for the wire. Pure: no statement."""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Final

import msgspec

from linnet.features.media.models import Kind, Media, State, Variant
from linnet.mastodon.entities import media as entities
from linnet.platform.site import Site

_PREVIEWS: Final = ("small", "small_jpeg", "poster")
"""Variants to show small, the first there is: in forms that every client shows."""

AddressOf = Callable[[str], str]
"""Where a file of an attachment is, by its name below the attachment's folder."""


def present_all(site: Site, media: Iterable[Media]) -> list[entities.MediaAttachment]:
    """What posts show, in their order."""
    return [present_media(site, one) for one in media]


def present_media(site: Site, media: Media) -> entities.MediaAttachment:
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
    """Plain where something shows it; else such as only its owner is given, who alone is shown it."""
    address_of = site.upload_url if media.status_id is None else site.media_url
    return lambda file: address_of(media.id, file)


def _type(media: Media) -> str:
    return "unknown" if media.kind is None else media.kind.value


def _chosen(media: Media) -> tuple[Sequence[Variant], Variant | None, Variant | None]:
    """All files that are there, the one to show, and the one to show small."""
    if media.state is not State.READY:
        return (), None, None
    by_name = {one.name: one for one in media.variants}
    original = media.original
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


def _size(width: int, height: int) -> entities.MediaSize:
    if not width or not height:
        return entities.MediaSize()
    return entities.MediaSize(width, height, f"{width}x{height}", round(width / height, 6))


def _length(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes) // 60}:{int(minutes) % 60:02d}:{rest:05.2f}"


def _rounded(frame_rate: str) -> int | None:
    """Frames a second out of a fraction such as `30000/1001`; None where none is known."""
    try:
        return round(Fraction(frame_rate)) or None
    except (ValueError, ZeroDivisionError):
        return None
