"""From an upload to what is shown of it: taken up, looked at, made, put into the store, ready. It may run twice."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from linnet.features.media import filing, thumbnails
from linnet.features.media.events import MediaReady
from linnet.features.media.known_bad.actions import refuse_known
from linnet.features.media.making import make
from linnet.features.media.models import (
    ATTEMPTS_WEIGHT_MAX,
    Kind,
    Lane,
    Made,
    Purpose,
    Refused,
    Upload,
    Variant,
    folder_name,
    source_name,
)
from linnet.features.media.processing.ffmpeg import FfmpegFailed
from linnet.features.media.store import processing, uploads
from linnet.platform import live
from linnet.platform.blobs import BlobMissing
from linnet.platform.engines import Engines
from linnet.platform.errors import EngineDown, StoreFull
from linnet.platform.live import Live
from linnet.platform.processes import CannotStart

TELL_EVERY_S: Final = 0.5
"""How often progress is written down and told, and it is looked whether the upload is still wanted."""

TIME_S: Final = {Lane.IMAGES: 180.0, Lane.VIDEOS: 4 * 3_600.0}
"""What is not done by then is refused."""

_GIVEN_UP: Final = "This file could not be processed. It may be damaged, or too demanding."
_LOST: Final = "This file was lost before it was processed. Please upload it again."
_TOO_LONG: Final = "This file takes too long to process."


async def process(engines: Engines, media_id: int) -> None:
    """Make of an upload what is shown of it, or note why that cannot be; nothing where that is done.

    Cancelled, or while an engine is away, it leaves the upload to another attempt.
    """
    weight = await processing.take_up(engines.db, media_id, engines.clock.now())
    upload = await uploads.upload(engines.db, media_id)
    if upload is None or weight is None:
        await engines.blobs.delete([source_name(media_id)])
        return
    if weight > ATTEMPTS_WEIGHT_MAX:
        await _fail(engines, upload, _GIVEN_UP)
        return
    limit = asyncio.timeout(TIME_S[upload.lane])
    try:
        async with limit:
            await _process(engines, upload)
    except Refused as refused:
        await _fail(engines, upload, str(refused))
    except BlobMissing:
        await _fail(engines, upload, _LOST)
    except (EngineDown, asyncio.CancelledError):
        await processing.give_back(engines.db, media_id, engines.clock.now(), counted=False)
        raise
    except TimeoutError:
        if not limit.expired():
            raise
        await _fail(engines, upload, _TOO_LONG)
    except (FfmpegFailed, CannotStart):
        await processing.give_back(engines.db, media_id, engines.clock.now(), counted=True)
        raise
    except OSError as error:  # most likely there is no room for temporary files
        await processing.give_back(engines.db, media_id, engines.clock.now(), counted=False)
        raise StoreFull("temporary files") from error


async def _process(engines: Engines, upload: Upload) -> None:
    with TemporaryDirectory(prefix="linnet-media-") as name:
        source, folder = Path(name, "source"), Path(name, "made")
        await asyncio.to_thread(folder.mkdir)
        await engines.blobs.fetch(source_name(upload.media.id), source)
        made = await _made(engines, upload, source, folder)
        if made is None:
            return
        await refuse_known(engines, upload.media.account_id, upload.media.id, made.perceptual_hash)
        if upload.media.purpose is Purpose.THUMBNAIL:
            await thumbnails.finish(engines, upload, made)
        else:
            await _finish(engines, upload, made, await filing.file_away(engines, upload.media.id, made.files))
    await engines.blobs.delete([source_name(upload.media.id)])


class _Progress:
    """What is heard of the work, until it is written down."""

    def __init__(self) -> None:
        self.kind: Kind | None = None
        self.per_cent = 0
        self._told = (None, -1)

    def hear(self, per_cent: int) -> None:
        """The work is so far."""
        self.per_cent = min(max(per_cent, self.per_cent), 99)

    def recognised(self, kind: Kind) -> None:
        """It is known what the file is."""
        self.kind = kind

    async def write_down(self, engines: Engines, upload: Upload) -> bool:
        """Write down what is new; whether the upload is still there."""
        now = (self.kind, self.per_cent)
        if self.kind is None or now == self._told:
            return await processing.exists(engines.db, upload.media.id)
        self._told = now
        is_there = await processing.advance(engines.db, upload.media.id, *now, engines.clock.now())
        await live.tell(engines.bus, [live.hint(Live.MEDIA, upload.media.id, upload.media.account_id)])
        return is_there


async def _made(engines: Engines, upload: Upload, source: Path, folder: Path) -> Made | None:
    """What is made of a file; None when its owner deleted it meanwhile. The work ends with this, whatever happens."""
    progress = _Progress()
    work = asyncio.create_task(make(engines, upload, source, folder, progress.recognised, progress.hear))
    try:
        while not (await asyncio.wait({work}, timeout=TELL_EVERY_S))[0]:
            if not await progress.write_down(engines, upload):
                return None
        return work.result()
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)


async def _finish(engines: Engines, upload: Upload, made: Made, variants: tuple[Variant, ...]) -> None:
    media = upload.media
    gone: list[str] = []
    async with engines.transaction() as tx:
        done = await processing.finish(tx, media.id, made, variants, engines.clock.now())
        if done:
            await tx.record(MediaReady(media_id=media.id, account_id=media.account_id, purpose=media.purpose))
            tx.live(Live.MEDIA, media.id, media.account_id)
            ready = await uploads.upload(tx, media.id)
            assert ready is not None, "it was finished in this transaction"
            gone = await thumbnails.apply(engines, tx, ready.media)
            variants = ready.media.variants
    if not done:
        await engines.blobs.delete([folder_name(media.id) + variant.file for variant in variants])
    elif upload.attempts > 1:
        await _sweep(engines, media.id)
    await engines.blobs.delete(gone)


async def _sweep(engines: Engines, media_id: int) -> None:
    """Delete what attempts that did not end left, unless a picture to stand for it is in the making."""
    now = await uploads.upload(engines.db, media_id)
    if now is not None and not await processing.thumbnails_of(engines.db, media_id):
        await filing.sweep(engines, media_id, now.media.variants)


async def _fail(engines: Engines, upload: Upload, sentence: str) -> None:
    """Note that nothing can be made of it; then let go of what was sent, and of what had been made."""
    media = upload.media
    async with engines.transaction() as tx:
        if await processing.fail(tx, media.id, sentence, engines.clock.now()):
            tx.live(Live.MEDIA, media.id, media.account_id)
    if media.purpose is Purpose.THUMBNAIL:
        await engines.blobs.delete([source_name(media.id)])
    else:
        await filing.delete(engines, media.id)
