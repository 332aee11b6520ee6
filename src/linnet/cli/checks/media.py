"""Checks of the media store: whether files can be written and read there, and how many still can."""

from typing import Final

from linnet.cli.checks import Finding, fail, ok, warn
from linnet.platform.blobs import Blobs
from linnet.platform.errors import EngineDown, StoreFull
from linnet.roles.media import FOLDER, blobs_of
from linnet.settings import BadSetting, Settings

FREE_BYTES_MIN: Final = 5 << 30
CHECK: Final = "media store"


async def media(settings: Settings) -> list[Finding]:
    """Every check of the store, in the order of the report."""
    if not settings.media_store_url and not (settings.folder / FOLDER).exists():
        return [ok(CHECK, "a folder, made when Linnet is first started here")]
    try:
        blobs = blobs_of(settings)
    except BadSetting as error:
        return [fail(CHECK, "cannot be used", error.message)]
    try:
        await blobs.try_out()
    except StoreFull:
        return [
            fail(CHECK, f"{blobs.where} is full", "Free some space, or make it larger: nobody can upload anything.")
        ]
    except EngineDown as error:
        why = str(error.__cause__).partition("\n")[0]
        advice = "Check LINNET_MEDIA_STORE_URL and its keys, the network, and whether this user may write there."
        return [fail(CHECK, f"{blobs.where} does not take files: {why}", advice)]
    return [await _room(blobs), *_shared(settings, blobs)]


async def _room(blobs: Blobs) -> Finding:
    free = await blobs.free_bytes()
    if free is None:
        return ok(CHECK, f"{blobs.where}: takes files and gives them back")
    found = f"{blobs.where}: takes files and gives them back, {free / (1 << 30):.1f} GiB free"
    if free < FREE_BYTES_MIN:
        return warn(CHECK, found, "Free some space, or move it to a larger disk or a bucket: LINNET_MEDIA_STORE_URL.")
    return ok(CHECK, found)


def _shared(settings: Settings, blobs: Blobs) -> list[Finding]:
    if blobs.folder is None or settings.media_store_url or not settings.database_url:
        return []
    advice = (
        "Where processes of other machines work with the same PostgreSQL, all need one store: "
        "LINNET_MEDIA_STORE_URL=s3://… or file:///a/folder/that/all/see"
    )
    return [warn(CHECK, "a folder of this machine alone", advice)]
