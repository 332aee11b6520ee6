"""SQL of portability: files in pieces, the rows read out of them, archives."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any, LiteralString

import asyncpg

from linnet.features.portability.models import Archive, Failure, Import, ImportKind, Row, State
from linnet.platform.paging import Window
from linnet.platform.postgres import Queries

_IMPORT: LiteralString = """
    i.id, i.account_id, i.kind, i.overwrites, i.state, i.filename, i.reason, i.rows_total, i.rows_done, i.rows_failed,
    i.created_at, i.ended_at
"""
_ARCHIVE: LiteralString = "x.id, x.account_id, x.state, x.size_bytes, x.created_at, x.ended_at"


def _import(row: asyncpg.Record) -> Import:
    columns: dict[str, Any] = {**dict(row), "kind": ImportKind(row["kind"]), "state": State(row["state"])}
    return Import(**columns)


def _archive(row: asyncpg.Record) -> Archive:
    columns: dict[str, Any] = {**dict(row), "state": State(row["state"])}
    return Archive(**columns)


async def lock(db: Queries, account_id: int) -> None:
    """Let nobody else begin an import or an archive of this account until the transaction ends."""
    await db.execute("select pg_advisory_xact_lock(hashtextextended('portability', $1))", account_id)


async def unended(db: Queries, account_id: int) -> int:
    """How many imports of an account have not ended. Uses imports_account."""
    return await db.value("select count(*) from imports where account_id = $1 and ended_at is null", account_id)


async def begin_import(
    db: Queries, account_id: int, kind: ImportKind, filename: str, at: datetime, *, overwrites: bool
) -> int:
    """A new import; its id."""
    return await db.value(
        """
        insert into imports (account_id, kind, overwrites, filename, created_at) values ($1, $2, $3, $4, $5)
        returning id
        """,
        account_id,
        kind,
        overwrites,
        filename,
        at,
    )


async def put_import_piece(db: Queries, import_id: int, place: int, piece: bytes) -> None:
    """Keep a piece of the file."""
    await db.execute("insert into import_pieces (import_id, place, bytes) values ($1, $2, $3)", import_id, place, piece)


async def import_pieces(db: Queries, import_id: int) -> AsyncIterator[bytes]:
    """The file, piece by piece; a statement for each. Uses import_pieces_pkey."""
    place = 0
    while piece := await db.value(
        "select bytes from import_pieces where import_id = $1 and place = $2", import_id, place
    ):
        yield piece
        place += 1


async def drop_import_pieces(db: Queries, import_id: int) -> None:
    """Let the file go. Uses import_pieces_pkey."""
    await db.execute("delete from import_pieces where import_id = $1", import_id)


async def imports(db: Queries, account_id: int, window: Window) -> list[Import]:
    """A page of an account's imports, newest first. Uses imports_account."""
    direction: LiteralString = " order by i.id asc limit $4" if window.forward else " order by i.id desc limit $4"
    rows = await db.rows(
        "select " + _IMPORT + " from imports i where i.account_id = $1 and i.id > $2 and i.id < $3" + direction,
        account_id,
        window.floor,
        window.ceiling,
        window.limit,
    )
    return [_import(row) for row in (reversed(rows) if window.forward else rows)]


async def find_import(db: Queries, account_id: int, import_id: int, *, locks: bool = False) -> Import | None:
    """One of an account's imports, on demand kept from others until the transaction ends. Uses imports_pkey."""
    sql: LiteralString = "select " + _IMPORT + " from imports i where i.id = $1 and i.account_id = $2"
    row = await db.row(sql + " for update" if locks else sql, import_id, account_id)
    return None if row is None else _import(row)


async def put_rows(db: Queries, import_id: int, first_place: int, rows: Sequence[Row]) -> None:
    """Keep rows at the places from `first_place` on."""
    await db.execute(
        """
        insert into import_rows (import_id, place, row)
        select $1, $2 + x.place - 1, x.row from jsonb_array_elements($3) with ordinality as x (row, place)
        """,
        import_id,
        first_place,
        rows,
    )


async def begin_rows(db: Queries, import_id: int, total: int) -> None:
    """All rows are there. Uses imports_pkey."""
    await db.execute("update imports set state = 'running', rows_total = $2 where id = $1", import_id, total)


async def end_import(db: Queries, import_id: int, state: State, reason: str, at: datetime) -> None:
    """An import has come to its end. Uses imports_pkey."""
    await db.execute(
        "update imports set state = $2, reason = $3, ended_at = $4 where id = $1", import_id, state, reason, at
    )


async def rows_from(db: Queries, import_id: int, place: int, limit: int) -> list[tuple[int, Row]]:
    """Rows from a place on, with their places. Uses import_rows_pkey."""
    rows = await db.rows(
        """
        select place, row from import_rows where import_id = $1 and place >= $2 and outcome is null
        order by place limit $3
        """,
        import_id,
        place,
        limit,
    )
    return [(row["place"], row["row"]) for row in rows]


async def settle_rows(db: Queries, import_id: int, places: Sequence[int], outcomes: Sequence[str]) -> None:
    """Note what became of rows (nothing: they are done, else why not), and count them once. Uses import_rows_pkey."""
    await db.execute(
        """
        with settled as (
            update import_rows r set outcome = x.outcome from unnest($2::int[], $3::text[]) as x (place, outcome)
            where r.import_id = $1 and r.place = x.place and r.outcome is null returning x.outcome
        )
        update imports set rows_done = rows_done + (select count(*) from settled where outcome = ''),
            rows_failed = rows_failed + (select count(*) from settled where outcome <> '') where id = $1
        """,
        import_id,
        places,
        outcomes,
    )


async def failures(db: Queries, import_id: int, after_place: int, limit: int) -> list[Failure]:
    """Rows that could not be brought along, in their order. Uses import_rows_failed."""
    rows = await db.rows(
        """
        select place, row, outcome from import_rows where import_id = $1 and place > $2 and outcome <> ''
        order by place limit $3
        """,
        import_id,
        after_place,
        limit,
    )
    return [Failure(row["place"], row["row"], row["outcome"]) for row in rows]


async def statuses_of(db: Queries, account_id: int, sources: Sequence[str]) -> dict[str, int]:
    """Which statuses old posts have become. Uses imported_statuses_pkey."""
    rows = await db.rows(
        "select source, status_id from imported_statuses where account_id = $1 and source = any($2)",
        account_id,
        sources,
    )
    return {row["source"]: row["status_id"] for row in rows}


async def note_statuses(db: Queries, account_id: int, sources: Sequence[str], status_ids: Sequence[int]) -> None:
    """Remember which statuses old posts have become, columns in parallel."""
    await db.execute(
        """
        insert into imported_statuses (account_id, source, status_id)
        select $1, source, status_id from unnest($2::text[], $3::bigint[]) as x (source, status_id)
        on conflict (account_id, source) do update set status_id = excluded.status_id
        """,
        account_id,
        sources,
        status_ids,
    )


async def begin_archive(db: Queries, account_id: int, at: datetime) -> int:
    """A new archive; its id."""
    return await db.value("insert into archives (account_id, created_at) values ($1, $2) returning id", account_id, at)


async def archives(db: Queries, account_id: int, limit: int) -> list[Archive]:
    """An account's archives, newest first. Uses archives_account."""
    rows = await db.rows(
        "select " + _ARCHIVE + " from archives x where x.account_id = $1 order by x.id desc limit $2", account_id, limit
    )
    return [_archive(row) for row in rows]


async def find_archive(db: Queries, account_id: int, archive_id: int) -> Archive | None:
    """One of an account's archives. Uses archives_pkey."""
    row = await db.row(
        "select " + _ARCHIVE + " from archives x where x.id = $1 and x.account_id = $2", archive_id, account_id
    )
    return None if row is None else _archive(row)


async def drop_archive_pieces(db: Queries, archive_id: int) -> None:
    """Let a file go, whole or begun. Uses archive_pieces_pkey."""
    await db.execute("delete from archive_pieces where archive_id = $1", archive_id)


async def put_archive_piece(db: Queries, archive_id: int, place: int, piece: bytes) -> None:
    """Keep a piece of the file."""
    await db.execute(
        "insert into archive_pieces (archive_id, place, bytes) values ($1, $2, $3)", archive_id, place, piece
    )


async def archive_piece(db: Queries, archive_id: int, place: int) -> bytes | None:
    """A piece of the file, None after the last. Uses archive_pieces_pkey."""
    return await db.value("select bytes from archive_pieces where archive_id = $1 and place = $2", archive_id, place)


async def end_archive(db: Queries, archive_id: int, size_bytes: int, at: datetime) -> None:
    """An archive is whole. Uses archives_pkey."""
    await db.execute(
        "update archives set state = 'finished', size_bytes = $2, ended_at = $3 where id = $1",
        archive_id,
        size_bytes,
        at,
    )


async def forget_imports(db: Queries, before: datetime, limit: int) -> int:
    """Drop imports that ended before a moment, with their rows; how many. Uses imports_ended and the keys of both."""
    return await db.execute(
        """
        with old as (
            select id from imports where ended_at < $1 order by ended_at limit $2
        ), rows as (
            delete from import_rows where import_id in (select id from old)
        ), pieces as (
            delete from import_pieces where import_id in (select id from old)
        )
        delete from imports where id in (select id from old)
        """,
        before,
        limit,
    )


async def forget_archives(db: Queries, before: datetime, limit: int) -> int:
    """Drop archives made before a moment, with their files; how many. Uses archives_created."""
    return await db.execute(
        """
        with old as (
            select id from archives where created_at < $1 order by created_at limit $2
        ), pieces as (
            delete from archive_pieces where archive_id in (select id from old)
        )
        delete from archives where id in (select id from old)
        """,
        before,
        limit,
    )


async def erase_account(db: Queries, account_id: int, limit: int) -> int:
    """Drop some of what an account brought or asked for; how many rows of those. Uses the keys of all."""
    return await db.execute(
        """
        with own as (
            select id from imports where account_id = $1 limit $2
        ), taken as (
            select id from archives where account_id = $1 limit $2
        ), rows as (
            delete from import_rows where import_id in (select id from own)
        ), pieces as (
            delete from import_pieces where import_id in (select id from own)
        ), parts as (
            delete from archive_pieces where archive_id in (select id from taken)
        ), gone as (
            delete from archives where id in (select id from taken) returning id
        ), left_behind as (
            delete from imports where id in (select id from own) returning id
        ), sources as (
            delete from imported_statuses where (account_id, source) in (
                select account_id, source from imported_statuses where account_id = $1 limit $2) returning status_id
        )
        select id from gone union all select id from left_behind union all select status_id from sources
        """,
        account_id,
        limit,
    )
