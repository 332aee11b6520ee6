"""From settings to the store of files, where people find them, how many are processed at once, and what is made."""

import os
from collections.abc import Mapping
from typing import Final

from linnet.features.media.models import Lane
from linnet.features.media.processing.limits import FilmLimits
from linnet.platform.blobs import Blobs
from linnet.platform.blobs.opening import BadStore, StoreRules, open_blobs
from linnet.settings import BadSetting, Settings

FOLDER: Final = "media"
THREADS_MAX: Final = 4
_MIB: Final = 1 << 20


def blobs_of(settings: Settings) -> Blobs:
    """The store, which is not asked anything yet; raises `BadSetting`."""
    url = settings.media_store_url or (settings.folder / FOLDER).as_uri()
    try:
        return open_blobs(_rules(settings, url))
    except BadStore as error:
        raise BadSetting(f"LINNET_MEDIA_STORE_URL={url!r} cannot be used: {error.message}.") from None


def blobs_at(settings: Settings, url: str) -> Blobs:
    """Another store than the configured one, with its region and keys; raises `BadStore`."""
    return open_blobs(_rules(settings, url))


def _rules(settings: Settings, url: str) -> StoreRules:
    return StoreRules(
        url,
        endpoint=settings.media_store_endpoint,
        region=settings.media_store_region,
        access_key=settings.media_store_access_key,
        secret_key=settings.media_store_secret_key,
    )


def media_at(settings: Settings) -> str:
    """Where files are, if elsewhere; raises `BadSetting`."""
    if settings.media_public_url and not settings.media_public_url.startswith(("http://", "https://")):
        raise BadSetting(f"LINNET_MEDIA_PUBLIC_URL={settings.media_public_url!r} must begin with http:// or https://")
    return settings.media_public_url.rstrip("/")


def media_slots(settings: Settings) -> Mapping[str, int]:
    """How many uploads of each queue one worker processes at once."""
    return {
        Lane.IMAGES.value: settings.media_images_at_once,
        Lane.VIDEOS.value: settings.media_videos_at_once,
    }


def film_limits(settings: Settings) -> FilmLimits:
    """What is taken of films and sounds, and what is made of them."""
    return FilmLimits(
        film_length_s=float(settings.media_duration),
        sound_length_s=float(settings.media_duration),
        pixels_max=settings.media_video_pixels,
        source_rate_max=settings.media_video_frame_rate,
        short_side=settings.media_video_side,
        ladder_from_s=float(settings.media_ladder_from),
        preset=settings.media_video_preset,
        memory_bytes=settings.media_video_memory * _MIB,
        time_s=float(settings.media_video_time),
        threads=settings.media_video_threads or min(os.cpu_count() or 1, THREADS_MAX),
        ffmpeg=settings.media_ffmpeg,
    )
