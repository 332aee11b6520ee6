"""Later work of portability: reading a file, bringing its rows along slice by slice, making an archive.

Every job here may run twice: rows keep what has become of them, old posts which statuses they are.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, Final, cast

from linnet.features.accounts.events import AccountDeleted
from linnet.features.accounts.models import Viewer
from linnet.features.moderation.rates import TooOften
from linnet.features.portability import archive, bringing, old_posts, reads, store, tables
from linnet.features.portability.events import ArchiveAsked, ImportBrought
from linnet.features.portability.models import KEPT_S, Import, ImportKind, Row, State
from linnet.platform.engines import Engines, Transaction
from linnet.platform.errors import Invalid
from linnet.platform.jobs import Job, Periodic, Work

SLICE: Final = 100
"""Rows brought along by one step; the rest is another job, so that nobody else's waits."""

ROWS_AT_ONCE: Final = 1_000
MEMORY_BYTES_MAX: Final = 8 * 1024 * 1024
"""A file beyond this is read from the disk."""

FORGET_EVERY_S: Final = 3_600.0
FORGET_MAX: Final = 20
ERASE_MAX: Final = 500
READ_TIMEOUT_S: Final = 1_800.0


class ImportSlice(Work, frozen=True):
    """Rows of an import from a place on."""

    import_id: int
    account_id: int
    place: int = 0


async def _read_imports(engines: Engines, works: Sequence[ImportBrought]) -> None:
    for work in works:
        await _read_import(engines, work)


async def _read_import(engines: Engines, work: ImportBrought) -> None:
    """Read a file into rows, all or none; what is no such file is refused with a sentence."""
    found = await store.find_import(engines.db, work.account_id, work.import_id)
    if found is None or found.state is not State.WAITING:
        return  # erased, or read by this job before
    try:
        rows = await _rows_of(engines, found)
    except Invalid as error:
        async with engines.transaction() as tx:
            await store.end_import(tx, found.id, State.REFUSED, error.message, engines.clock.now())
            await store.drop_import_pieces(tx, found.id)
        return
    async with engines.transaction() as tx:
        held = await store.find_import(tx, work.account_id, work.import_id, locks=True)
        if held is None or held.state is not State.WAITING:
            return
        for start in range(0, len(rows), ROWS_AT_ONCE):
            await store.put_rows(tx, found.id, start, rows[start : start + ROWS_AT_ONCE])
        await store.begin_rows(tx, found.id, len(rows))
        await store.drop_import_pieces(tx, found.id)
        await tx.enqueue(BRING_SLICE, [ImportSlice(import_id=found.id, account_id=found.account_id)])


async def _rows_of(engines: Engines, brought: Import) -> list[Row]:
    """The rows of a file, parsed on a thread of its own; and those it does not name, when it is to replace them."""
    with SpooledTemporaryFile(max_size=MEMORY_BYTES_MAX) as file:
        async for piece in store.import_pieces(engines.db, brought.id):
            file.write(piece)
        file.seek(0)
        if brought.kind is ImportKind.POSTS:
            return await asyncio.to_thread(old_posts.read, cast("BinaryIO", file))
        raw = file.read()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid("This file is not a text in UTF-8.") from error
    rows = await asyncio.to_thread(tables.read, brought.kind, text)
    if not brought.overwrites:
        return rows
    named = {row["address"].lower().removeprefix("@").partition("@")[0] for row in rows if "address" in row}
    return [*await reads.unnamed(engines, Viewer(brought.account_id), brought.kind, named), *rows]


async def _bring_slices(engines: Engines, works: Sequence[ImportSlice]) -> None:
    for work in works:
        await _bring_slice(engines, work)


async def _bring_slice(engines: Engines, work: ImportSlice) -> None:
    """Bring a slice along; what is more than its owner may do now, such as follows, waits until they may."""
    brought = await store.find_import(engines.db, work.account_id, work.import_id)
    if brought is None or brought.state is not State.RUNNING:
        return
    rows = await store.rows_from(engines.db, work.import_id, work.place, SLICE)
    if brought.kind is ImportKind.POSTS:
        async with engines.transaction() as tx:
            await store.lock(tx, work.account_id)
            outcomes = await bringing.bring_posts(engines, tx, work.account_id, [row for _, row in rows])
            await _settle(engines, tx, work, [place for place, _ in rows], outcomes)
        return
    viewer, outcomes, wait_s = Viewer(work.account_id), list[str](), 0
    for _, row in rows:
        try:
            outcomes.append(await bringing.bring(engines, viewer, brought.kind, row))
        except TooOften as refused:
            wait_s = refused.retry_after_s
            break
    async with engines.transaction() as tx:
        if not wait_s:
            await _settle(engines, tx, work, [place for place, _ in rows], outcomes)
            return
        await store.settle_rows(tx, work.import_id, [place for place, _ in rows[: len(outcomes)]], outcomes)
        rest = ImportSlice(import_id=work.import_id, account_id=work.account_id, place=rows[len(outcomes)][0])
        await tx.enqueue(BRING_SLICE, [rest], delay_s=wait_s)


async def _settle(
    engines: Engines, tx: Transaction, work: ImportSlice, places: Sequence[int], outcomes: Sequence[str]
) -> None:
    """Note what became of a slice, and go on to the next, or end."""
    await store.settle_rows(tx, work.import_id, places, outcomes)
    if len(places) == SLICE:
        rest = ImportSlice(import_id=work.import_id, account_id=work.account_id, place=places[-1] + 1)
        await tx.enqueue(BRING_SLICE, [rest])
    else:
        await store.end_import(tx, work.import_id, State.FINISHED, "", engines.clock.now())


async def _make_archives(engines: Engines, works: Sequence[ArchiveAsked]) -> None:
    for work in works:
        found = await store.find_archive(engines.db, work.account_id, work.archive_id)
        if found is not None and found.state is not State.FINISHED:
            await archive.make(engines, Viewer(work.account_id), work.archive_id)


async def _erase_account(engines: Engines, works: Sequence[AccountDeleted]) -> None:
    for work in works:
        while await store.erase_account(engines.db, work.account_id, ERASE_MAX):
            pass


async def _forget(engines: Engines) -> None:
    """Drop what was kept for `KEPT_S`."""
    before = engines.clock.now() - timedelta(seconds=KEPT_S)
    while await store.forget_imports(engines.db, before, FORGET_MAX) == FORGET_MAX:
        pass
    while await store.forget_archives(engines.db, before, FORGET_MAX) == FORGET_MAX:
        pass


_QUEUE = "maintenance"

READ_IMPORT = Job(
    "portability.read_import", ImportBrought, _read_imports, queue=_QUEUE, batch_max=1, timeout_s=READ_TIMEOUT_S
)
BRING_SLICE = Job("portability.bring_slice", ImportSlice, _bring_slices, queue=_QUEUE, batch_max=1)
MAKE_ARCHIVE = Job(
    "portability.make_archive", ArchiveAsked, _make_archives, queue=_QUEUE, batch_max=1, timeout_s=READ_TIMEOUT_S
)
ERASE_ACCOUNT = Job("portability.erase_account", AccountDeleted, _erase_account, queue=_QUEUE, batch_max=1)

SLICES = (BRING_SLICE,)
"""Jobs that jobs enqueue themselves."""

PERIODICS = (Periodic("portability.forget", FORGET_EVERY_S, _forget),)
