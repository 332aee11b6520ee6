"""Media for the wire. Pure: no statement."""

from collections.abc import Iterable, Sequence

from linnet.features.media.models import Media, State, Variant
from linnet.mastodon.entities import media as entities
from linnet.platform.site import Site

_ORIGINALS = ("original", "large")
_PREVIEWS = ("small_jpeg", "small", "poster", "original")
"""Variants by what they are for, the first there is; of previews, JPEG is what every client shows."""


def present_all(site: Site, media: Iterable[Media]) -> list[entities.MediaAttachment]:
    """Media in their order."""
    return [present_media(site, one) for one in media]


def present_media(site: Site, media: Media) -> entities.MediaAttachment:
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


def _size(width: int, height: int) -> entities.MediaSize:
    if not width or not height:
        return entities.MediaSize()
    return entities.MediaSize(width, height, f"{width}x{height}", round(width / height, 6))
