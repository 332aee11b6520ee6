"""What nothing uses, and which of some files are known."""

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString

import msgspec

from linnet.features.media.models import State, Variant
from linnet.platform.postgres import Queries

_UNUSED: LiteralString = """
    select m.id, case when m.state = 'ready' then m.stored_bytes when m.state = 'failed' then 0 else m.source_bytes end
    from media m
    where m.loose_since <= $1 and m.id > $2 and not exists (select from media_holds h where h.media_id = m.id)
    order by m.id limit $3
"""


async def unused(db: Queries, since: datetime, after_id: int, limit: int) -> list[tuple[int, int]]:
    """Ids and bytes of up to `limit` uploads above `after_id` that nothing has used since then.

    Uses media_loose and media_holds_media.
    """
    return [(row[0], row[1]) for row in await db.rows(_UNUSED, since, after_id, limit)]


async def lock_unused(db: Queries, since: datetime, limit: int) -> list[tuple[int, int]]:
    """The same, from the lowest id on, kept from who wants to use them now until the transaction ends."""
    sql: LiteralString = _UNUSED + " for update of m skip locked"
    return [(row[0], row[1]) for row in await db.rows(sql, since, 0, limit)]


async def known_uploads(db: Queries, media_ids: Sequence[int]) -> dict[int, tuple[State, tuple[Variant, ...]]]:
    """How far those of these uploads are that there are, and their files. Uses media_pkey."""
    rows = await db.rows("select id, state, variants from media where id = any($1)", list(media_ids))
    return {row[0]: (State(row[1]), msgspec.convert(row[2], tuple[Variant, ...])) for row in rows}


async def with_thumbnails_coming(db: Queries, media_ids: Sequence[int]) -> set[int]:
    """Those of these uploads for which a picture is still in the making. Uses media_stands_for."""
    rows = await db.rows("select distinct stands_for from media where stands_for = any($1)", list(media_ids))
    return {row[0] for row in rows}
