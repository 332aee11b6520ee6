"""Rows of uploads in parts, and of the pieces that are here."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg
import msgspec

from linnet.features.media.resumable.models import Details, Piece, Resumable
from linnet.platform.ids import parse_id
from linnet.platform.postgres import Queries


async def unfinished(db: Queries, account_id: int, at: datetime) -> int:
    """How many uploads of an account are not complete. Uses resumable_uploads_account."""
    return await db.value(
        "select count(*) from resumable_uploads where account_id = $1 and completed_at is null and expires_at > $2",
        account_id,
        at,
    )


async def bytes_coming(db: Queries, account_id: int) -> int:
    """What an account's uploads have that are no media yet, as far as is known. Uses resumable_uploads_account."""
    return await db.value(
        """
        select coalesce(sum(greatest(bytes_total, bytes_here)), 0)::bigint from resumable_uploads
        where account_id = $1 and composed_at is null
        """,
        account_id,
    )


async def open_ones(db: Queries, account_id: int, at: datetime, limit: int) -> list[Resumable]:
    """Up to `limit` uploads of an account that are not complete, newest first. Uses resumable_uploads_account."""
    rows = await db.rows(
        """
        select id, account_id, bytes_total, bytes_here, pieces, details, created_at, expires_at, completed_at, refusal
        from resumable_uploads where account_id = $1 and completed_at is null and expires_at > $2
        order by id desc limit $3
        """,
        account_id,
        at,
        limit,
    )
    return [_resumable(row) for row in rows]


async def insert(
    db: Queries, account_id: int, bytes_total: int | None, details: Details, at: datetime, expires_at: datetime
) -> Resumable:
    """Begin an upload."""
    row = await db.row(
        """
        insert into resumable_uploads (id, account_id, bytes_total, details, created_at, expires_at)
        values (snowflake($4), $1, $2, $3, $4, $5)
        returning id, account_id, bytes_total, bytes_here, pieces, details, created_at, expires_at, completed_at,
            refusal
        """,
        account_id,
        bytes_total,
        msgspec.to_builtins(details),
        at,
        expires_at,
    )
    assert row is not None, "an insert without a condition gives its row"
    return _resumable(row)


async def load(db: Queries, account_id: int, upload_id: int, at: datetime) -> Resumable | None:
    """One of an account's uploads that has not expired. Uses resumable_uploads_pkey."""
    row = await db.row(
        """
        select id, account_id, bytes_total, bytes_here, pieces, details, created_at, expires_at, completed_at, refusal
        from resumable_uploads where id = $2 and account_id = $1 and expires_at > $3
        """,
        account_id,
        upload_id,
        at,
    )
    return _resumable(row) if row else None


async def take(
    db: Queries, upload: Resumable, bytes_here: int, bytes_total: int | None, holder: int, at: datetime
) -> bool:
    """Give an upload that is at `bytes_here` to the request `holder`, and its length; False when it is elsewhere."""
    taken = await db.execute(
        """
        update resumable_uploads set holder = $4, bytes_total = coalesce(bytes_total, $5)
        where id = $1 and account_id = $2 and bytes_here = $3 and completed_at is null and expires_at > $6
        """,
        upload.id,
        upload.account_id,
        bytes_here,
        holder,
        bytes_total,
        at,
    )
    return taken == 1


async def add(
    db: Queries, upload_id: int, holder: int, piece: Piece, at: datetime, expires_at: datetime
) -> bool | None:
    """Add a piece for the request `holder`: whether the upload is complete; None when it is not the holder's any more.

    Uses resumable_uploads_pkey.
    """
    return await db.value(
        """
        with grown as (
            update resumable_uploads set bytes_here = $3 + $4, pieces = pieces + 1, expires_at = $7,
                completed_at = case when bytes_total = $3 + $4 then $6::timestamptz end
            where id = $1 and holder = $2 and bytes_here = $3 and completed_at is null
            returning id, completed_at
        ), added as (
            insert into resumable_pieces (upload_id, starts_at, bytes, blob) select id, $3, $4, $5 from grown
        )
        select completed_at is not null from grown
        """,
        upload_id,
        holder,
        piece.starts_at,
        piece.bytes,
        piece.blob,
        at,
        expires_at,
    )


async def take_to_compose(db: Queries, upload_id: int, at: datetime, given_up_before: datetime) -> Resumable | None:
    """A complete upload that is to be put together by whoever asks, and by nobody else for a while.

    One that somebody began with before `given_up_before` counts as left behind. Uses resumable_uploads_pkey.
    """
    row = await db.row(
        """
        update resumable_uploads set composing_at = $2
        where id = $1 and completed_at is not null and composed_at is null
            and (composing_at is null or composing_at < $3)
        returning id, account_id, bytes_total, bytes_here, pieces, details, created_at, expires_at, completed_at,
            refusal
        """,
        upload_id,
        at,
        given_up_before,
    )
    return _resumable(row) if row else None


async def is_to_be_composed(db: Queries, upload_id: int) -> bool:
    """Whether an upload is complete and no media yet. Uses resumable_uploads_pkey."""
    return await db.value(
        """
        select exists (select from resumable_uploads
            where id = $1 and completed_at is not null and composed_at is null)
        """,
        upload_id,
    )


async def pieces(db: Queries, upload_id: int) -> list[Piece]:
    """What is here of an upload, in its order; at most `PIECES_MAX` and some. Uses resumable_pieces_pkey."""
    rows = await db.rows(
        "select starts_at, bytes, blob from resumable_pieces where upload_id = $1 order by starts_at", upload_id
    )
    return [Piece(*row) for row in rows]


async def end_composing(db: Queries, upload_id: int, refusal: str | None, at: datetime) -> None:
    """Note that an upload has become a media, or why it has not."""
    await db.execute(
        "update resumable_uploads set composed_at = $3, refusal = $2 where id = $1 and composed_at is null",
        upload_id,
        refusal,
        at,
    )


async def refuse(db: Queries, upload_id: int, refusal: str, at: datetime) -> None:
    """Note that an upload is not taken, and why; nothing can be added to it any more."""
    await db.execute(
        """
        update resumable_uploads set completed_at = $3, composed_at = $3, refusal = $2, holder = null where id = $1
        """,
        upload_id,
        refusal,
        at,
    )


async def give_back(db: Queries, upload_id: int) -> None:
    """Leave an upload to be put together by somebody else."""
    await db.execute("update resumable_uploads set composing_at = null where id = $1", upload_id)


async def drop_pieces(db: Queries, upload_id: int) -> None:
    """Forget the pieces of an upload, once they are gone from the store."""
    await db.execute("delete from resumable_pieces where upload_id = $1", upload_id)


async def drop(db: Queries, upload_id: int) -> None:
    """Forget an upload, and its pieces, once those are gone from the store."""
    await db.execute(
        """
        with gone as (delete from resumable_uploads where id = $1)
        delete from resumable_pieces where upload_id = $1
        """,
        upload_id,
    )


async def expired(db: Queries, at: datetime, limit: int) -> list[Resumable]:
    """Up to `limit` uploads that have expired, oldest first. Uses resumable_uploads_expiry."""
    rows = await db.rows(
        """
        select id, account_id, bytes_total, bytes_here, pieces, details, created_at, expires_at, completed_at, refusal
        from resumable_uploads where expires_at <= $1 order by expires_at limit $2
        """,
        at,
        limit,
    )
    return [_resumable(row) for row in rows]


async def known_pieces(db: Queries, blobs: Sequence[str]) -> set[str]:
    """Those of these files that are pieces of an upload, by the uploads their names begin with.

    Uses resumable_pieces_pkey.
    """
    rows = await db.rows(
        """
        select p.blob from resumable_pieces p
        where p.upload_id = any($2::bigint[]) and p.blob = any($1::text[])
        """,
        list(blobs),
        sorted({upload_id for blob in blobs if (upload_id := parse_id(blob.split("/")[1])) is not None}),
    )
    return {row[0] for row in rows}


async def of_account(db: Queries, account_id: int, limit: int) -> list[int]:
    """Up to `limit` uploads of an account. Uses resumable_uploads_account."""
    rows = await db.rows("select id from resumable_uploads where account_id = $1 limit $2", account_id, limit)
    return [row[0] for row in rows]


def _resumable(row: asyncpg.Record) -> Resumable:
    return Resumable(
        id=row[0],
        account_id=row[1],
        bytes_total=row[2],
        bytes_here=row[3],
        pieces=row[4],
        details=msgspec.convert(row[5], Details),
        created_at=row[6],
        expires_at=row[7],
        completed_at=row[8],
        refusal=row[9],
    )
