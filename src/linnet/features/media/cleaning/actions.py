"""What clean-up does: each step in slices that may be repeated, and with `dry` none of them changes anything."""

import asyncio
import shutil
import tempfile
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

from linnet.features.media import actions as media
from linnet.features.media.cleaning import store
from linnet.features.media.cleaning.models import (
    GRACE_S,
    MEDIA,
    NAMES_SLICE,
    PIECES,
    SLICE,
    TRIALS,
    UPLOADS,
    Waste,
    Why,
)
from linnet.features.media.models import State, Variant
from linnet.features.media.resumable import composing
from linnet.features.media.resumable import store as resumable
from linnet.platform.blobs import Found
from linnet.platform.engines import Engines
from linnet.platform.ids import parse_id

TEMPORARY: Final = "linnet-media-"
"""How folders of work on files begin, in the machine's folder for temporary ones."""


def nothing_told(_: int) -> None:
    """For who does not want to hear how many files were looked at."""


async def clean_up(
    engines: Engines, *, dry: bool, looked: Callable[[int], None] = nothing_told
) -> AsyncGenerator[Waste]:
    """Everything that goes, as it goes. `looked` hears now and then how many files of the store were looked at."""
    async for waste in delete_orphans(engines, dry=dry, looked=looked):
        yield waste
    async for waste in drop_expired(engines, dry=dry):
        yield waste
    async for waste in drop_unused(engines, dry=dry):
        yield waste
    if not dry:
        await engines.blobs.forget_unfinished(older_s=GRACE_S)
    for waste in await asyncio.to_thread(_left_folders, dry=dry):
        yield waste


async def drop_unused(engines: Engines, *, dry: bool) -> AsyncGenerator[Waste]:
    """Uploads that no post, draft, post for later or profile has used for a day; jobs delete their files.

    Those of a deleted post are among them a day after it.
    """
    since = engines.clock.now() - timedelta(seconds=GRACE_S)
    after_id = 0
    while True:
        if dry:
            found = await store.unused(engines.db, since, after_id, SLICE)
        else:
            async with engines.transaction() as tx:
                found = await store.lock_unused(tx, since, SLICE)
                await media.drop(tx, [media_id for media_id, _ in found])
        for media_id, size in found:
            yield Waste(Why.UNUSED, str(media_id), size)
            after_id = max(after_id, media_id)
        if len(found) < SLICE:
            return


async def drop_expired(engines: Engines, *, dry: bool) -> AsyncGenerator[Waste]:
    """Uploads in parts to which nothing was added for a day; those that are media by now are not told of."""
    now = engines.clock.now()
    while expired := await resumable.expired(engines.db, now, SLICE):
        for upload in expired:
            if not upload.is_complete:
                yield Waste(Why.EXPIRED, str(upload.id), upload.bytes_here)
        if dry:
            return
        await composing.drop(engines, [upload.id for upload in expired])


async def delete_orphans(
    engines: Engines, *, dry: bool, looked: Callable[[int], None] = nothing_told
) -> AsyncGenerator[Waste]:
    """Files in the store, a day old or older, that no row knows.

    Rows are asked after the files were listed, and a row comes at most hours after its files: so no file of an upload
    that is under way is among them.
    """
    before = engines.clock.now() - timedelta(seconds=GRACE_S)
    number = 0
    batch: list[Found] = []
    async for found in engines.blobs.list(""):
        number += 1
        if found.modified_at <= before and found.name.startswith((f"{PIECES}/", f"{UPLOADS}/", f"{MEDIA}/", TRIALS)):
            batch.append(found)
        if len(batch) == NAMES_SLICE:
            looked(number)
            for waste in await _delete_unknown(engines, batch, dry=dry):
                yield waste
            batch = []
    looked(number)
    for waste in await _delete_unknown(engines, batch, dry=dry):
        yield waste


async def _delete_unknown(engines: Engines, files: Sequence[Found], *, dry: bool) -> list[Waste]:
    if not files:
        return []
    ids = {media_id for one in files if (media_id := _id_in(one.name)) is not None}
    uploads = await store.known_uploads(engines.db, list(ids))
    unsettled = await store.with_thumbnails_coming(engines.db, list(ids))
    pieces = await resumable.known_pieces(engines.db, [one.name for one in files if one.name.startswith(PIECES)])
    waste: list[Waste] = []
    for one in files:
        area, media_id = one.name.partition("/")[0], _id_in(one.name)
        state, variants = uploads.get(media_id or 0, (None, ()))
        if area == PIECES:
            why = None if one.name in pieces else Why.LEFT_OVER
        elif area not in {UPLOADS, MEDIA}:
            why = Why.LEFT_OVER
        elif state is None:
            why = Why.ORPHAN
        elif state not in {State.READY, State.FAILED} or media_id in unsettled:
            why = None
        else:
            why = None if area == MEDIA and _is_of(one.name, variants) else Why.LEFT_OVER
        if why is not None:
            waste.append(Waste(why, one.name, one.bytes))
    if not dry:
        await engines.blobs.delete([one.name for one in waste])
    return waste


def _id_in(name: str) -> int | None:
    """The id that the second part of a file's name is."""
    return parse_id(name.split("/")[1]) if "/" in name else None


def _is_of(name: str, variants: Sequence[Variant]) -> bool:
    """Whether a file below `media/<id>/` is one of these, or belongs to a playlist among them."""
    file = name.split("/", 2)[2]
    return any(
        file == variant.file or ("/" in variant.file and file.startswith(f"{variant.file.partition('/')[0]}/"))
        for variant in variants
    )


def _left_folders(*, dry: bool) -> list[Waste]:
    """Folders of work that processes of this machine left when they were killed, a day ago or longer."""
    before = time.time() - GRACE_S
    waste: list[Waste] = []
    for folder in Path(tempfile.gettempdir()).glob(f"{TEMPORARY}*"):
        try:
            if not folder.is_dir() or folder.is_symlink() or folder.stat().st_mtime > before:
                continue
            size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
        except OSError:  # another process removes it at this moment, or owns it
            continue
        waste.append(Waste(Why.LEFT_OVER, str(folder), size))
        if not dry:
            shutil.rmtree(folder, ignore_errors=True)
    return waste
