"""Rows of avatars and headers, which are made before they are written."""

import msgspec

from linnet.features.media.models import Lane, Made, Media, Source
from linnet.platform.postgres import Queries


async def insert(db: Queries, media: Media, source: Source, made: Made) -> None:
    """An upload that is ready, and used, from its first moment."""
    await db.execute(
        """
        insert into media (id, account_id, purpose, state, lane, kind, progress, source_name, source_type, source_bytes,
            source_sha256, variants, meta, blurhash, perceptual_hash, stored_bytes, created_at, changed_at)
        values ($1, $2, $3, 'ready', $4, $5, 100, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15)
        """,
        media.id,
        media.account_id,
        media.purpose,
        Lane.IMAGES,
        made.kind,
        source.name,
        source.content_type,
        source.bytes,
        source.sha256,
        msgspec.to_builtins(media.variants),
        msgspec.to_builtins(media.meta),
        media.blurhash,
        made.perceptual_bits,
        sum(variant.bytes for variant in media.variants),
        media.created_at,
    )
