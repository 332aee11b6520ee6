"""How far uploads are, as the jobs that process them write it down."""

from datetime import datetime

import msgspec

from linnet.features.media.models import Kind, Made, State, Variant
from linnet.platform.postgres import Queries


async def take_up(db: Queries, media_id: int, at: datetime) -> int | None:
    """Begin with an upload, again or for the first time: which attempt it is, None when there is nothing to do.

    Uses media_pkey.
    """
    return await db.value(
        """
        update media set state = 'probing', progress = 0, attempts = attempts + 1, changed_at = $2
        where id = $1 and state in ('uploaded', 'probing', 'processing')
        returning attempts
        """,
        media_id,
        at,
    )


async def give_back(db: Queries, media_id: int, at: datetime) -> None:
    """Leave an upload as it was before it was begun with: it was not its fault. Uses media_pkey."""
    await db.execute(
        """
        update media set state = 'uploaded', progress = 0, attempts = greatest(attempts - 1, 0), changed_at = $2
        where id = $1 and state in ('probing', 'processing')
        """,
        media_id,
        at,
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
        made.perceptual_hash,
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
