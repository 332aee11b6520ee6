"""What people do to take their things along: bring a file, ask for an archive."""

from collections.abc import Iterable
from datetime import timedelta

from linnet.features.accounts.models import Viewer
from linnet.features.portability import store
from linnet.features.portability.events import ArchiveAsked, ImportBrought
from linnet.features.portability.models import (
    ARCHIVE_EVERY_S,
    IMPORT_BYTES_MAX,
    LIST_BYTES_MAX,
    WAITING_MAX,
    ImportKind,
)
from linnet.platform.engines import Engines
from linnet.platform.errors import Invalid, TooLarge, TooMany


async def bring(
    engines: Engines, viewer: Viewer, kind: ImportKind, filename: str, pieces: Iterable[bytes], *, overwrites: bool
) -> int:
    """Take a file in, to be read by a job; the import's id. `pieces` are some hundred kilobytes each.

    Raises `Invalid` for an empty file and while `WAITING_MAX` others have not ended, `TooLarge` for one that is.
    """
    bytes_max = IMPORT_BYTES_MAX if kind is ImportKind.POSTS else LIST_BYTES_MAX
    async with engines.transaction() as tx:
        await store.lock(tx, viewer.account_id)
        if await store.unended(tx, viewer.account_id) >= WAITING_MAX:
            raise Invalid("Your earlier imports have not ended yet. Please wait for them.")
        import_id = await store.begin_import(
            tx, viewer.account_id, kind, filename, engines.clock.now(), overwrites=overwrites
        )
        size = 0
        for place, piece in enumerate(pieces):
            size += len(piece)
            if size > bytes_max:
                raise TooLarge(f"A file of this kind may have at most {bytes_max // 1024**2} MB.")
            await store.put_import_piece(tx, import_id, place, piece)
        if not size:
            raise Invalid("There is nothing in this file.")
        await tx.record(ImportBrought(import_id=import_id, account_id=viewer.account_id))
    return import_id


async def ask_for_archive(engines: Engines, viewer: Viewer) -> int:
    """Have an archive made of everything of the viewer's; its id. `TooMany` within `ARCHIVE_EVERY_S` of the last."""
    now = engines.clock.now()
    async with engines.transaction() as tx:
        await store.lock(tx, viewer.account_id)
        for last in await store.archives(tx, viewer.account_id, 1):
            wait = last.created_at + timedelta(seconds=ARCHIVE_EVERY_S) - now
            if wait > timedelta():
                raise TooMany(
                    "An archive can be asked for once a day; your last one is still here to be fetched.",
                    retry_after_s=int(wait.total_seconds()) + 1,
                )
        archive_id = await store.begin_archive(tx, viewer.account_id, now)
        await tx.record(ArchiveAsked(archive_id=archive_id, account_id=viewer.account_id))
    return archive_id
