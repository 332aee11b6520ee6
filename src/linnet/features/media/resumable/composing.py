"""An upload in parts becomes one file, and the file a media as any other."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Final

from linnet.features.media import actions as media
from linnet.features.media.actions import Words
from linnet.features.media.models import Lane, Purpose, Source, source_name
from linnet.features.media.resumable import store
from linnet.features.media.resumable.models import Piece, Resumable
from linnet.platform.engines import Engines

HEAD_BYTES: Final = 4_096
"""What the type of a file is told by."""


async def compose(engines: Engines, upload_id: int) -> None:
    """Put a complete upload together and have it processed, once; what is no such upload (any more) is left alone."""
    upload = await store.to_compose(engines.db, upload_id)
    if upload is None:
        return
    pieces = await store.pieces(engines.db, upload_id)
    await engines.db.let_go()
    whole = _Whole(engines, pieces)
    async with aclosing(whole.contents()) as contents:
        written = await engines.blobs.write(
            source_name(upload_id), contents, bytes_max=upload.bytes_here, content_type="application/octet-stream"
        )
    assert written.bytes == upload.bytes_here, "pieces follow one another without a gap"
    async with engines.transaction() as tx:
        if await store.end_composing(tx, upload_id, engines.clock.now()):
            await _take_in(engines, tx, upload, Source(...))
    await _forget_pieces(engines, upload_id, pieces)
