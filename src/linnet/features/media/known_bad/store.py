"""Rows of known pictures, and how those are found that look like one."""

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString

import asyncpg

from linnet.features.media.known_bad.models import KnownBad, Match, probes, signed, unsigned
from linnet.platform.paging import Window
from linnet.platform.postgres import Queries


async def nearest(db: Queries, hash_: int, distance_max: int, at: datetime) -> Match | None:
    """The known picture that is nearest to this hash, if one is as near as `distance_max`.

    Uses media_known_bad_quarter_1 to _4: of 100,000 hashes some hundred are compared.
    """
    row = await db.row(
        """
        select id, hash, reason, added_by, created_at, expires_at, bit_count((hash # $1)::bit(64)) as distance
        from media_known_bad
        where ((hash >> 48) & 65535 = any($2::bigint[]) or (hash >> 32) & 65535 = any($3::bigint[])
                or (hash >> 16) & 65535 = any($4::bigint[]) or hash & 65535 = any($5::bigint[]))
            and bit_count((hash # $1)::bit(64)) <= $6 and (expires_at is null or expires_at > $7)
        order by distance, id limit 1
        """,
        signed(hash_),
        *probes(hash_, distance_max),
        distance_max,
        at,
    )
    return Match(_known(row), row["distance"]) if row else None


async def insert(
    db: Queries, hash_: int, reason: str, added_by: int | None, at: datetime, expires_at: datetime | None
) -> tuple[bool, KnownBad]:
    """Add a picture, and whether it was not there (or had expired); uses media_known_bad_hash_key."""
    row = await db.row(
        """
        insert into media_known_bad as k (id, hash, reason, added_by, created_at, expires_at)
        values (snowflake($4), $1, $2, $3, $4, $5)
        on conflict (hash) do update set reason = $2, added_by = $3, created_at = $4, expires_at = $5
            where k.expires_at <= $4
        returning id, hash, reason, added_by, created_at, expires_at
        """,
        signed(hash_),
        reason,
        added_by,
        at,
        expires_at,
    )
    if row is not None:
        return True, _known(row)
    row = await db.row(
        "select id, hash, reason, added_by, created_at, expires_at from media_known_bad where hash = $1", signed(hash_)
    )
    assert row is not None, "a hash that cannot be inserted is there"
    return False, _known(row)


async def insert_many(
    db: Queries,
    hashes: Sequence[int],
    reasons: Sequence[str],
    expiries: Sequence[datetime | None],
    added_by: int | None,
    at: datetime,
) -> int:
    """Add pictures; how many were not there. Uses media_known_bad_hash_key."""
    return await db.execute(
        """
        insert into media_known_bad (id, hash, reason, added_by, created_at, expires_at)
        select snowflake($5), hash, reason, $4, $5, expires_at
        from unnest($1::bigint[], $2::text[], $3::timestamptz[]) as new (hash, reason, expires_at)
        on conflict (hash) do nothing
        """,
        [signed(one) for one in hashes],
        list(reasons),
        list(expiries),
        added_by,
        at,
    )


async def delete(db: Queries, known_id: int) -> KnownBad | None:
    """Take a picture off the list; what it was. Uses media_known_bad_pkey."""
    row = await db.row(
        "delete from media_known_bad where id = $1 returning id, hash, reason, added_by, created_at, expires_at",
        known_id,
    )
    return _known(row) if row else None


async def delete_expired(db: Queries, at: datetime, limit: int) -> int:
    """Forget up to `limit` pictures whose time is over. Uses media_known_bad_expiry."""
    return await db.execute(
        """
        delete from media_known_bad where id in (
            select id from media_known_bad where expires_at <= $1 order by expires_at limit $2)
        """,
        at,
        limit,
    )


async def load(db: Queries, known_id: int) -> KnownBad | None:
    """One of them. Uses media_known_bad_pkey."""
    row = await db.row(
        "select id, hash, reason, added_by, created_at, expires_at from media_known_bad where id = $1", known_id
    )
    return _known(row) if row else None


async def by_hash(db: Queries, hash_: int) -> KnownBad | None:
    """The one with exactly this hash. Uses media_known_bad_hash_key."""
    row = await db.row(
        "select id, hash, reason, added_by, created_at, expires_at from media_known_bad where hash = $1", signed(hash_)
    )
    return _known(row) if row else None


async def page(db: Queries, window: Window) -> list[KnownBad]:
    """A page of them, newest first. Uses media_known_bad_pkey."""
    asked: LiteralString = """
        select id, hash, reason, added_by, created_at, expires_at from media_known_bad where id > $1 and id < $2
        """
    order: LiteralString = " order by id asc limit $3" if window.forward else " order by id desc limit $3"
    rows = await db.rows(asked + order, window.floor, window.ceiling, window.limit)
    found = [_known(row) for row in rows]
    return found[::-1] if window.forward else found


async def hash_of_media(db: Queries, media_id: int) -> int | None:
    """What an upload looks like, if that is known. Uses media_pkey."""
    found = await db.value("select perceptual_hash from media where id = $1", media_id)
    return None if found is None else unsigned(found)


def _known(row: asyncpg.Record) -> KnownBad:
    return KnownBad(row[0], unsigned(row[1]), row[2], row[3], row[4], row[5])
