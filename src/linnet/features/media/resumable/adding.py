"""From a request's bytes to pieces in the store, each written down in the database before the next one is begun."""

import hashlib
from asyncio import get_running_loop
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import timedelta
from secrets import token_hex
from typing import Final

from linnet.features.media import intake
from linnet.features.media.models import MediaRules, Purpose
from linnet.features.media.processing.signatures import HEAD_BYTES
from linnet.features.media.resumable import store
from linnet.features.media.resumable.jobs import COMPOSE
from linnet.features.media.resumable.models import (
    KEPT_S,
    PIECE_BYTES_MAX,
    PIECE_BYTES_MIN,
    PIECE_S,
    QUIET_S,
    SILENT_S,
    Checksum,
    Incoming,
    Piece,
    Whole,
)
from linnet.platform.engines import Engines
from linnet.platform.errors import Conflict, Damaged, Invalid, TooLarge

COMPOSED_BY_JOB_AFTER_S: Final = 60.0
"""The request that brings the last bytes puts an upload together; should it die, a job does."""

PIECE_TYPE: Final = "application/octet-stream"


async def add_pieces(
    engines: Engines,
    upload_id: int,
    holder: int,
    bytes_here: int,
    bytes_max: int,
    incoming: Incoming,
    checksum: Checksum | None,
    *,
    is_measured: bool,
) -> bool:
    """Write down what comes for an upload that `holder` has, up to `bytes_max`; whether nothing is missing then.

    `is_measured`: that is how many it will be, and not just how many there may be.

    With a checksum all of it is one piece: it counts when it is known to be right. Raises `Conflict` when another
    request took the upload, `TooLarge` when more comes than there may be, `Damaged`, and `Invalid` or `TooLarge` for a
    file that begins as none that is taken: nobody is to send all of it to hear that.
    """
    flow = _Flow(incoming, bytes_max - bytes_here, checksum)
    whole = False
    await engines.db.let_go()
    while await flow.goes_on():
        blob = f"pieces/{upload_id}/{bytes_here:015d}-{token_hex(8)}"
        async with aclosing(flow.piece()) as coming:
            written = await engines.blobs.write(blob, coming, bytes_max=bytes_max, content_type=PIECE_TYPE)
        if not flow.is_right:
            await engines.blobs.delete([blob])
            raise Damaged("The bytes that came are not those that were sent: please send them again")
        if bytes_here == 0:
            await _look_at(engines, upload_id, flow.head, bytes_max if is_measured else 0, blob)
        noted = await _note(engines, upload_id, holder, Piece(bytes_here, written.bytes, blob))
        if noted is None:
            await engines.blobs.delete([blob])
            raise Conflict("Another request goes on with this upload")
        whole = noted
        bytes_here += written.bytes
    return whole


async def _look_at(engines: Engines, upload_id: int, head: bytes, size: int, blob: str) -> None:
    """Refuse an upload whose beginning says that it will not be taken, as far as there is enough of it to say."""
    if len(head) < HEAD_BYTES:
        return
    try:
        intake.check_size(engines.config(MediaRules), Purpose.ATTACHMENT, head, size)
    except (Invalid, TooLarge) as refused:
        await store.refuse(engines.db, upload_id, refused.message, engines.clock.now())
        await engines.blobs.delete([blob])
        raise


async def _note(engines: Engines, upload_id: int, holder: int, piece: Piece) -> bool | None:
    """Write a piece down, and with the last one that the upload is to be put together."""
    now = engines.clock.now()
    async with engines.transaction() as tx:
        whole = await store.add(tx, upload_id, holder, piece, now, now + timedelta(seconds=KEPT_S))
        if whole:
            await tx.enqueue(COMPOSE, [Whole(upload_id=upload_id)], delay_s=COMPOSED_BY_JOB_AFTER_S)
    await engines.db.let_go()
    return whole


class _Flow:
    """Bytes on their way, cut where they are to be written down."""

    def __init__(self, incoming: Incoming, room: int, checksum: Checksum | None) -> None:
        self._incoming = incoming
        self._room = room
        self._checksum = checksum
        self._digest = hashlib.new(checksum.algorithm, usedforsecurity=False) if checksum else None
        self._came = b""
        self._ended = False
        self.head = b""
        """What came first, up to `HEAD_BYTES`."""

    @property
    def is_right(self) -> bool:
        """Whether the bytes so far come to the checksum, if there is one."""
        return self._checksum is None or self._digest is None or self._digest.digest() == self._checksum.digest

    async def goes_on(self) -> bool:
        """Whether there are more bytes, for which it is waited."""
        return bool(self._came) or await self._comes(SILENT_S)

    async def piece(self) -> AsyncGenerator[bytes]:
        """The bytes of the next piece, which `goes_on` says there is."""
        size = 0
        loop = get_running_loop()
        began_s = loop.time()
        size_max = PIECE_BYTES_MAX if self._checksum is None else self._room + len(self._came)
        quiet_s = QUIET_S if self._checksum is None else SILENT_S
        while self._came:
            part, self._came = self._came[: size_max - size], self._came[size_max - size :]
            size += len(part)
            yield part
            late = self._checksum is None and size >= PIECE_BYTES_MIN and loop.time() - began_s >= PIECE_S
            if size == size_max or late or self._came or not await self._comes(quiet_s):
                break

    async def _comes(self, within_s: float) -> bool:
        """Wait for more bytes; False when there are no more, or none yet."""
        if self._ended:
            return False
        try:
            self._came = await self._incoming.next(within_s)
        except TimeoutError:
            self._ended = within_s >= SILENT_S
            return False
        self._ended = not self._came
        self._room -= len(self._came)
        if self._room < 0:
            raise TooLarge("More bytes came than this upload has")
        self.head += self._came[: HEAD_BYTES - len(self.head)]
        if self._digest is not None:
            self._digest.update(self._came)
        return bool(self._came)
