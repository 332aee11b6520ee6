"""From a file that has arrived to an upload that is processed: what it is, its place in the store, its row."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import BinaryIO, Final

from linnet.features.media import actions
from linnet.features.media.actions import Words, check_words
from linnet.features.media.models import Lane, Media, MediaRules, Purpose, Source, source_name
from linnet.features.media.processing.signatures import HEAD_BYTES, Signature, may_move, recognise
from linnet.features.media.quotas import check_room
from linnet.platform.blobs import Arriving
from linnet.platform.engines import Engines
from linnet.platform.errors import Invalid, ProductError, TooLarge

PIECE_BYTES: Final = 256 * 1024
MOVES_BYTES: Final = 32 * 1024
"""By so many it is told whether a picture moves."""

_MIB: Final = 1024 * 1024


def signature_of(head: bytes) -> Signature:
    """What a file is by its first `HEAD_BYTES` (or more, or all); `Invalid` for what is not taken."""
    if not head:
        raise Invalid("Validation failed: The file is empty")
    signature = recognise(head[:HEAD_BYTES])
    if signature is None:
        raise Invalid("Validation failed: This kind of file is not supported")
    return signature


def bytes_max(rules: MediaRules, purpose: Purpose, head: bytes) -> int:
    """How many bytes a file may have that begins so; `Invalid` for what is not taken for this purpose."""
    signature = signature_of(head)
    if purpose is not Purpose.ATTACHMENT and not signature.picture:
        raise Invalid("Validation failed: This must be a picture")
    return rules.image_bytes_max if signature.picture else rules.video_bytes_max


def check_size(rules: MediaRules, purpose: Purpose, head: bytes, size: int) -> int:
    """`bytes_max`; `TooLarge` for a file that has more."""
    most = bytes_max(rules, purpose, head)
    if size > most:
        raise TooLarge(f"The file is too large: at most {most // _MIB} MB are taken of its kind")
    return most


class Arrival:
    """A file that goes into the store while it arrives; it is an upload once `take` has taken it."""

    def __init__(self, media_id: int, purpose: Purpose, signature: Signature, lane: Lane, file: Arriving) -> None:
        self._media_id = media_id
        self._purpose = purpose
        self._signature = signature
        self._lane = lane
        self._file = file

    async def add(self, chunk: bytes) -> None:
        """Take the next bytes; `TooLarge` and `EngineDown` as a store raises them."""
        await self._file.add(chunk)

    async def discard(self) -> None:
        """Leave nothing behind, unless it was taken."""
        await self._file.discard()

    async def take(
        self,
        engines: Engines,
        account_id: int,
        *,
        name: str = "",
        words: Words | None = None,
        stands_for: int | None = None,
        has_room: bool = False,
    ) -> Media:
        """Make an upload of it, now that all of it is here: its place in the store, its row, the job that processes it.

        `name` is its owner's and decides nothing. `has_room`: there is, as was found before. Raises `Invalid` with
        sentences, `EngineDown` while the store is away; nothing is left of a file that is refused.
        """
        check_words(words or Words())
        if not has_room:
            await check_room(engines, engines.db, account_id, self._file.bytes)
        await engines.db.let_go()
        written = await self._file.finish()
        source = Source(name, self._signature.content_type, written.bytes, written.sha256)
        try:
            return await actions.begin(
                engines,
                account_id,
                self._purpose,
                source,
                self._lane,
                media_id=self._media_id,
                words=words,
                stands_for=stands_for,
                has_room=has_room,
            )
        except ProductError:
            with suppress(ProductError):
                await engines.blobs.delete([source_name(self._media_id)])
            raise


async def arrive(engines: Engines, purpose: Purpose, head: bytes, media_id: int | None = None) -> Arrival:
    """Begin to take in a file whose first bytes are `head`, which are added with all others; `Invalid` as `bytes_max`.

    A `media_id` is one that was given out before.
    """
    most = bytes_max(engines.config(MediaRules), purpose, head)
    signature = signature_of(head)
    lane = Lane.VIDEOS if _is_video(head, signature, purpose) else Lane.IMAGES
    media_id = media_id or await actions.new_id(engines)
    await engines.db.let_go()
    file = engines.blobs.begin(source_name(media_id), bytes_max=most, content_type=signature.content_type)
    return Arrival(media_id, purpose, signature, lane, file)


async def take_in(
    engines: Engines,
    account_id: int,
    purpose: Purpose,
    file: BinaryIO,
    *,
    name: str = "",
    words: Words | None = None,
    media_id: int | None = None,
) -> Media:
    """Take in a file that lies whole on this machine: into the store, and to be processed by a job.

    A `media_id` is one that was given out before, and room with it. Else, and in what it raises, as `Arrival.take`.
    """
    head, size = await asyncio.to_thread(_measure, file)
    check_size(engines.config(MediaRules), purpose, head, size)
    arrival = await arrive(engines, purpose, head, media_id)
    try:
        async for piece in _pieces(file):
            await arrival.add(piece)
        return await arrival.take(engines, account_id, name=name, words=words, has_room=media_id is not None)
    except BaseException:
        await arrival.discard()
        raise


def _measure(file: BinaryIO) -> tuple[bytes, int]:
    """The first bytes of a file, and how many it has."""
    file.seek(0)
    head = file.read(MOVES_BYTES)
    return head, file.seek(0, 2)


def _is_video(head: bytes, signature: Signature, purpose: Purpose) -> bool:
    """Pictures that move are made as videos are, but where a picture is wanted; so are those of which it is not known.

    Whoever makes them looks again. What is not known is seldom: GIF of one large frame, PNG with long notes before it.
    """
    return not signature.picture or (purpose is Purpose.ATTACHMENT and may_move(head, signature))


async def _pieces(file: BinaryIO) -> AsyncGenerator[bytes]:
    await asyncio.to_thread(file.seek, 0)
    while piece := await asyncio.to_thread(file.read, PIECE_BYTES):
        yield piece
