"""From a file that has arrived to an upload that is processed: what it is, its place in the store, its row."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import BinaryIO, Final

from linnet.features.media import actions
from linnet.features.media.actions import Words, check_words
from linnet.features.media.models import Lane, Media, MediaRules, Purpose, Source, source_name
from linnet.features.media.processing.signatures import HEAD_BYTES, Signature, moves, recognise
from linnet.features.media.quotas import check_room
from linnet.platform.engines import Engines
from linnet.platform.errors import Invalid, ProductError, TooLarge

PIECE_BYTES: Final = 256 * 1024
_MIB: Final = 1024 * 1024


def signature_of(head: bytes) -> Signature:
    """What a file is by its first `HEAD_BYTES` (or all); `Invalid` for what is not taken."""
    if not head:
        raise Invalid("Validation failed: The file is empty")
    signature = recognise(head)
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


async def take_in(
    engines: Engines,
    account_id: int,
    purpose: Purpose,
    file: BinaryIO,
    *,
    name: str = "",
    words: Words | None = None,
    stands_for: int | None = None,
    media_id: int | None = None,
) -> Media:
    """Take in a file that lies whole on this machine: into the store, and to be processed by a job.

    `name` is its owner's and decides nothing. A `media_id` is one that was given out before, and room with it. Raises
    `Invalid` and `TooLarge` with sentences, `EngineDown` while the store is away; nothing is left of a file that is
    refused.
    """
    check_words(words or Words())
    head, size = await asyncio.to_thread(_measure, file)
    most = check_size(engines.config(MediaRules), purpose, head, size)
    has_room = media_id is not None
    if not has_room:
        await check_room(engines, engines.db, account_id, size)
    signature = signature_of(head)
    lane = await asyncio.to_thread(_lane_of, file, signature, purpose)
    media_id = media_id or await actions.new_id(engines)
    await engines.db.let_go()
    blob = source_name(media_id)
    written = await engines.blobs.write(blob, _pieces(file), bytes_max=most, content_type=signature.content_type)
    source = Source(name, signature.content_type, written.bytes, written.sha256)
    try:
        return await actions.begin(
            engines,
            account_id,
            purpose,
            source,
            lane,
            media_id=media_id,
            words=words,
            stands_for=stands_for,
            has_room=has_room,
        )
    except ProductError:
        with suppress(ProductError):
            await engines.blobs.delete([blob])
        raise


def _measure(file: BinaryIO) -> tuple[bytes, int]:
    """The first bytes of a file, and how many it has."""
    file.seek(0)
    head = file.read(HEAD_BYTES)
    return head, file.seek(0, 2)


def _lane_of(file: BinaryIO, signature: Signature, purpose: Purpose) -> Lane:
    """Pictures that move are videos, but where a picture is wanted."""
    is_video = not signature.picture or (purpose is Purpose.ATTACHMENT and moves(file, signature))
    return Lane.VIDEOS if is_video else Lane.IMAGES


async def _pieces(file: BinaryIO) -> AsyncGenerator[bytes]:
    await asyncio.to_thread(file.seek, 0)
    while piece := await asyncio.to_thread(file.read, PIECE_BYTES):
        yield piece
