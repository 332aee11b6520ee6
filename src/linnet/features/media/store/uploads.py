"""Rows of uploads."""

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString

import asyncpg
import msgspec

from linnet.features.media.models import (
    Kind,
    Lane,
    Media,
    Meta,
    Purpose,
    Source,
    State,
    Upload,
    Usage,
    Variant,
)
from linnet.platform.postgres import Queries

MEDIA: LiteralString = """
    m.id, m.account_id, m.purpose, m.state, m.created_at, m.kind, m.progress, m.error, m.description, m.focus,
    m.variants, m.meta, m.blurhash, m.status_id
"""
"""The columns that `media_of` reads, for stores of features above that join `media m`."""

UPLOAD: LiteralString = (
    MEDIA + ", m.source_name, m.source_type, m.source_bytes, m.source_sha256, m.lane, m.attempts, m.stands_for"
)


def media_of(row: asyncpg.Record) -> Media:
    """A row with the columns of `MEDIA`."""
    focus: list[float] | None = row["focus"]
    kind: str | None = row["kind"]
    return Media(
        id=row["id"],
        account_id=row["account_id"],
        purpose=Purpose(row["purpose"]),
        state=State(row["state"]),
        created_at=row["created_at"],
        kind=None if kind is None else Kind(kind),
        progress=row["progress"],
        error=row["error"],
        description=row["description"],
        focus=None if focus is None else (focus[0], focus[1]),
        variants=msgspec.convert(row["variants"], tuple[Variant, ...]),
        meta=msgspec.convert(row["meta"], Meta),
        blurhash=row["blurhash"],
        status_id=row["status_id"],
    )


def upload_of(row: asyncpg.Record) -> Upload:
    """A row with the columns of `UPLOAD`."""
    source = Source(row["source_name"], row["source_type"], row["source_bytes"], row["source_sha256"])
    return Upload(media_of(row), source, Lane(row["lane"]), row["attempts"], row["stands_for"])


async def new_id(db: Queries, at: datetime) -> int:
    """A fresh snowflake for the moment `at`."""
    return await db.value("select snowflake($1)", at)


async def insert(db: Queries, upload: Upload) -> None:
    """A new upload, which nothing uses yet."""
    media, source = upload.media, upload.source
    await db.execute(
        """
        insert into media (id, account_id, purpose, lane, description, focus, source_name, source_type, source_bytes,
            source_sha256, stands_for, created_at, changed_at, loose_since)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $12)
        """,
        media.id,
        media.account_id,
        media.purpose,
        upload.lane,
        media.description,
        media.focus,
        source.name,
        source.content_type,
        source.bytes,
        source.sha256,
        upload.stands_for,
        media.created_at,
    )


async def find(db: Queries, account_id: int, media_id: int, *, locks: bool = False) -> Media | None:
    """One of an account's uploads, on demand kept from others until the transaction ends. Uses media_pkey."""
    sql: LiteralString = "select " + MEDIA + " from media m where m.id = $1 and m.account_id = $2"
    row = await db.row(sql + " for update" if locks else sql, media_id, account_id)
    return None if row is None else media_of(row)


async def some(db: Queries, account_id: int, media_ids: Sequence[int], *, locks: bool = False) -> list[Media]:
    """Those of these that are the account's, in the order of their ids. Uses media_pkey."""
    sql: LiteralString = "select " + MEDIA + " from media m where m.id = any($1) and m.account_id = $2 order by m.id"
    rows = await db.rows(sql + " for update" if locks else sql, media_ids, account_id)
    return [media_of(row) for row in rows]


async def upload(db: Queries, media_id: int, *, locks: bool = False) -> Upload | None:
    """An upload, for whoever processes or keeps it. Uses media_pkey."""
    sql: LiteralString = "select " + UPLOAD + " from media m where m.id = $1"
    row = await db.row(sql + " for update" if locks else sql, media_id)
    return None if row is None else upload_of(row)


async def usage(db: Queries, account_id: int) -> Usage:
    """What an account has in the store: files made, and what waits to be processed. Uses media_account."""
    row = await db.row(
        """
        select count(*), coalesce(sum(case state when 'ready' then stored_bytes when 'failed' then 0
            else source_bytes end), 0)::bigint
        from media where account_id = $1
        """,
        account_id,
    )
    assert row is not None, "an aggregate gives a row"
    return Usage(row[0], row[1])


async def lock_account(db: Queries, account_id: int) -> None:
    """Let nobody else add to this account's media until the transaction ends, so that its quota holds."""
    await db.execute("select pg_advisory_xact_lock(hashtextextended('media', $1))", account_id)


async def describe(
    db: Queries, media_id: int, description: str, focus: tuple[float, float] | None, at: datetime
) -> None:
    """Put an upload into other words. Uses media_pkey."""
    await db.execute(
        "update media set description = $2, focus = $3, changed_at = $4 where id = $1",
        media_id,
        description,
        focus,
        at,
    )


async def drop(db: Queries, media_ids: Sequence[int]) -> list[int]:
    """Remove rows, and those of pictures that were to stand for them; whose files remain.

    Uses media_stands_for and media_holds_media.
    """
    rows = await db.rows(
        """
        with unheld as (delete from media_holds where media_id = any($1))
        delete from media where id = any($1) or stands_for = any($1) returning id
        """,
        media_ids,
    )
    return [row["id"] for row in rows]


async def ids_of(db: Queries, account_id: int, limit: int) -> list[int]:
    """Some uploads of an account. Uses media_account."""
    rows = await db.rows("select id from media where account_id = $1 order by id desc limit $2", account_id, limit)
    return [row["id"] for row in rows]
