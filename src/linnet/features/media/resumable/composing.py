"""An upload in parts becomes one file, and the file a media as any other."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from tempfile import TemporaryFile
from typing import BinaryIO, Final, cast

from linnet.features.media import intake
from linnet.features.media.actions import Words
from linnet.features.media.models import Purpose
from linnet.features.media.resumable import store
from linnet.features.media.resumable.models import Piece, Resumable
from linnet.features.media.store import uploads
from linnet.platform.blobs import BlobMissing
from linnet.platform.engines import Engines
from linnet.platform.errors import Invalid, ProductError, StoreFull, TooLarge

LEFT_BEHIND_S: Final = 900.0
"""Whoever began to put an upload together so long ago was killed."""

_LOST: Final = "Parts of this file were lost before all of it was here. Please upload it again."


async def compose(engines: Engines, upload_id: int) -> bool:
    """Put a complete upload together and have it processed, once; False while somebody else is at it.

    What is refused is noted with its reason, as is what was lost; while the store is away another attempt may follow.
    """
    now = engines.clock.now()
    upload = await store.take_to_compose(engines.db, upload_id, now, now - timedelta(seconds=LEFT_BEHIND_S))
    if upload is None:
        return not await store.is_to_be_composed(engines.db, upload_id)
    pieces = await store.pieces(engines.db, upload_id)
    await engines.db.let_go()
    refusal = None
    try:
        if await uploads.upload(engines.db, upload_id) is None:
            await _take_in(engines, upload, pieces)
    except (Invalid, TooLarge) as refused:
        refusal = refused.message
    except BlobMissing:
        refusal = _LOST
    except (ProductError, asyncio.CancelledError):
        await store.give_back(engines.db, upload_id)
        raise
    await store.end_composing(engines.db, upload_id, refusal, engines.clock.now())
    await _forget(engines, upload_id, pieces)
    return True


async def drop(engines: Engines, upload_ids: Sequence[int]) -> None:
    """Forget uploads, and what is here of them: first the files, then the rows that know of them."""
    for upload_id in upload_ids:
        pieces = await store.pieces(engines.db, upload_id)
        await engines.blobs.delete([piece.blob for piece in pieces])
        await store.drop(engines.db, upload_id)


async def _take_in(engines: Engines, upload: Resumable, pieces: Sequence[Piece]) -> None:
    details = upload.details
    try:
        with TemporaryFile(prefix="linnet-media-") as file:
            for piece in pieces:
                async for some in engines.blobs.read(piece.blob):
                    await asyncio.to_thread(file.write, some)
            assert file.tell() == upload.bytes_here, "pieces follow one another without a gap"
            await intake.take_in(
                engines,
                upload.account_id,
                Purpose.ATTACHMENT,
                cast("BinaryIO", file),
                name=details.filename,
                words=Words(details.description, details.focus),
                media_id=upload.id,
            )
    except OSError as error:
        raise StoreFull("temporary files") from error


async def _forget(engines: Engines, upload_id: int, pieces: Sequence[Piece]) -> None:
    await engines.blobs.delete([piece.blob for piece in pieces])
    await store.drop_pieces(engines.db, upload_id)
