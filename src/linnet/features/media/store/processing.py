"""How far uploads are, as the jobs that process them write it down."""

from datetime import datetime

import msgspec

from linnet.features.media.models import Kind, Made, Media, State, Variant
from linnet.features.media.store.uploads import MEDIA, media_of
from linnet.platform.postgres import Queries


async def take_up(db: Queries, media_id: int, at: datetime) -> int | None:
    """Begin with an upload: the weight of all attempts at it so far, with this one; None when it is settled or gone.

    An attempt that did not even end, as when the worker was killed, weighs two. Uses media_pkey.
    """
    return await db.value(
        """
        update media set state = 'probing', progress = 0, changed_at = $2,
            attempts = attempts + case when state = 'uploaded' then 1 else 2 end
        where id = $1 and state in ('uploaded', 'probing', 'processing')
        returning attempts
        """,
        media_id,
        at,
    )


async def give_back(db: Queries, media_id: int, at: datetime, *, counted: bool) -> None:
    """Leave an upload to another attempt; this one weighs nothing unless it is `counted`. Uses media_pkey."""
    await db.execute(
        """
        update media set state = 'uploaded', progress = 0, changed_at = $2,
            attempts = greatest(attempts - case when $3 then 0 else 1 end, 0)
        where id = $1 and state in ('probing', 'processing')
        """,
        media_id,
        at,
        counted,
    )


async def advance(db: Queries, media_id: int, kind: Kind | None, progress: int, at: datetime) -> bool:
    """Note how far the processing is, per cent, and what it turned out to be; False when the upload is gone.

    Uses media_pkey.
    """
    touched = await db.execute(
        """
        update media set state = 'processing', kind = coalesce($2, kind), progress = $3, changed_at = $4
        where id = $1 and state in ('probing', 'processing')
        """,
        media_id,
        kind,
        progress,
        at,
    )
    return touched == 1


async def finish(db: Queries, media_id: int, made: Made, variants: tuple[Variant, ...], at: datetime) -> bool:
    """All that was to be made is in the store; False when the upload is gone, or settled already. Uses media_pkey."""
    touched = await db.execute(
        """
        update media set state = 'ready', progress = 100, error = null, kind = $2, variants = $3, meta = $4,
            blurhash = $5, perceptual_hash = $6, stored_bytes = $7, changed_at = $8
        where id = $1 and state in ('probing', 'processing')
        """,
        media_id,
        made.kind,
        msgspec.to_builtins(variants),
        msgspec.to_builtins(made.meta),
        made.blurhash,
        made.perceptual_bits,
        sum(variant.bytes for variant in variants),
        at,
    )
    return touched == 1


async def fail(db: Queries, media_id: int, sentence: str, at: datetime) -> bool:
    """Nothing can be made of it; False when the upload is gone, or settled already. Uses media_pkey."""
    touched = await db.execute(
        """
        update media set state = $2, error = $3, changed_at = $4
        where id = $1 and state in ('uploaded', 'probing', 'processing')
        """,
        media_id,
        State.FAILED,
        sentence,
        at,
    )
    return touched == 1


async def is_settled(db: Queries, media_id: int) -> bool:
    """Whether nothing more comes of an upload, nor of a picture that is to stand for it. Uses media_stands_for."""
    return await db.value(
        """
        select not exists (
            select from media where (id = $1 or stands_for = $1) and state in ('uploaded', 'probing', 'processing'))
        """,
        media_id,
    )


async def exists(db: Queries, media_id: int) -> bool:
    """Whether an upload was not deleted meanwhile. Uses media_pkey."""
    return await db.value("select exists (select from media where id = $1)", media_id)


async def thumbnails_of(db: Queries, media_id: int) -> list[Media]:
    """Pictures that are to stand for an upload, the latest last. Uses media_stands_for."""
    rows = await db.rows("select " + MEDIA + " from media m where m.stands_for = $1 order by m.id limit 100", media_id)
    return [media_of(row) for row in rows]


async def show_by(
    db: Queries, media_id: int, variants: tuple[Variant, ...], blurhash: str | None, at: datetime
) -> None:
    """Let other files stand for an upload. Uses media_pkey."""
    await db.execute(
        "update media set variants = $2, blurhash = $3, stored_bytes = $4, changed_at = $5 where id = $1",
        media_id,
        msgspec.to_builtins(variants),
        blurhash,
        sum(variant.bytes for variant in variants),
        at,
    )
