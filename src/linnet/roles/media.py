"""From settings to the store of files, and to how many of them are processed at once."""

from collections.abc import Mapping
from typing import Final

from linnet.features.media.models import Lane
from linnet.platform.blobs import Blobs
from linnet.platform.blobs.opening import BadStore, StoreRules, open_blobs
from linnet.settings import BadSetting, Settings

FOLDER: Final = "media"


def blobs_of(settings: Settings) -> Blobs:
    """The store, which is not asked anything yet; raises `BadSetting`."""
    url = settings.media_store_url or (settings.folder / FOLDER).as_uri()
    rules = StoreRules(
        url,
        endpoint=settings.media_store_endpoint,
        region=settings.media_store_region,
        access_key=settings.media_store_access_key,
        secret_key=settings.media_store_secret_key,
    )
    try:
        return open_blobs(rules)
    except BadStore as error:
        raise BadSetting(f"LINNET_MEDIA_STORE_URL={url!r} cannot be used: {error.message}.") from None


def media_slots(settings: Settings) -> Mapping[str, int]:
    """How many uploads of each queue one worker processes at once."""
    return {
        Lane.IMAGES.value: settings.media_images_at_once,
        Lane.VIDEOS.value: settings.media_videos_at_once,
    }
