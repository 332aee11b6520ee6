"""What is done with an upload in parts: it begins, bytes are added where it was, it is given up."""

from contextlib import suppress
from datetime import timedelta
from secrets import randbits

from linnet.features.accounts.models import Viewer
from linnet.features.media import actions as media
from linnet.features.media.actions import Words, check_words
from linnet.features.media.models import MediaRules
from linnet.features.media.quotas import check_room
from linnet.features.media.resumable import composing, store
from linnet.features.media.resumable.adding import add_pieces
from linnet.features.media.resumable.models import (
    FILENAME_CHARS_MAX,
    KEPT_S,
    OPEN_MAX,
    PIECES_MAX,
    Checksum,
    Details,
    Incoming,
    Resumable,
)
from linnet.features.media.resumable.reads import show
from linnet.features.media.store import uploads
from linnet.platform.engines import Engines
from linnet.platform.errors import Conflict, Invalid, NotFound, TooLarge

HOLDER_BITS = 62


async def begin(engines: Engines, viewer: Viewer, bytes_total: int | None, details: Details) -> Resumable:
    """Begin an upload of so many bytes (None: to be told later). Its bytes come by `add`.

    Raises `TooLarge` for what no file may be, `Invalid` for an empty one, for words that are too long, for one more
    than may be unfinished at once, and for more than the account has room for.
    """
    check_words(Words(details.description, details.focus))
    if len(details.filename) > FILENAME_CHARS_MAX:
        raise Invalid(f"Validation failed: Filename is too long (maximum is {FILENAME_CHARS_MAX} characters)")
    if bytes_total is not None:
        check_size(engines, bytes_total)
    now = engines.clock.now()
    async with engines.transaction() as tx:
        await uploads.lock_account(tx, viewer.account_id)
        number = await store.unfinished(tx, viewer.account_id, now)
        if number >= OPEN_MAX:
            raise Invalid(
                f"You have {number} unfinished uploads. Finish or cancel some of them first; they end by themselves "
                f"{KEPT_S // 3600} hours after the last bytes of each."
            )
        await check_room(engines, tx, viewer.account_id, bytes_total or 0)
        return await store.insert(tx, viewer.account_id, bytes_total, details, now, now + timedelta(seconds=KEPT_S))


async def add(
    engines: Engines,
    viewer: Viewer,
    upload_id: int,
    bytes_here: int,
    incoming: Incoming,
    *,
    bytes_total: int | None = None,
    checksum: Checksum | None = None,
) -> Resumable:
    """Add bytes to an upload that is at `bytes_here`: as many as come, also when they are not all that was meant to.

    When none is missing any more it is put together, and is a media from then on. Whoever adds last takes the upload
    from whoever still hangs on to it: a phone that comes back is not kept waiting by its own broken connection.
    Raises `Conflict` when the upload is elsewhere, or went to another; `Damaged`; `TooLarge`; `NotFound`.
    """
    upload = await show(engines, viewer, upload_id)
    if bytes_total is not None:
        check_size(engines, bytes_total)
        if upload.bytes_total not in {None, bytes_total} or bytes_total < upload.bytes_here:
            raise Invalid("The length of an upload cannot be changed, nor be less than what is here of it")
    if upload.pieces >= PIECES_MAX:
        raise Invalid("This upload came in too many small parts. Please begin it anew, with larger ones.")
    holder = randbits(HOLDER_BITS)
    async with engines.transaction() as tx:
        if upload.bytes_total is None and bytes_total is not None:
            await check_room(engines, tx, viewer.account_id, bytes_total - upload.bytes_here)
        if not await store.take(tx, upload, bytes_here, bytes_total, holder, engines.clock.now()):
            raise Conflict(f"This upload is at {upload.bytes_here} bytes: go on from there")
    total = bytes_total or upload.bytes_total
    most, measured = total or _bytes_max(engines), total is not None
    if await add_pieces(engines, upload.id, holder, bytes_here, most, incoming, checksum, is_measured=measured):
        await composing.compose(engines, upload.id)
    return await show(engines, viewer, upload_id)


async def cancel(engines: Engines, viewer: Viewer, upload_id: int) -> None:
    """Give up an upload: what is here of it goes, and so does the media it has become, unless a post shows it."""
    upload = await store.load(engines.db, viewer.account_id, upload_id, engines.clock.now())
    if upload is None:
        raise NotFound
    if upload.is_complete:
        with suppress(NotFound):  # it is gone, or was not put together yet
            await media.discard(engines, viewer, upload.id)
    await composing.drop(engines, [upload.id])


def check_size(engines: Engines, bytes_total: int) -> None:
    """Refuse what no file may be."""
    bytes_max = _bytes_max(engines)
    if bytes_total > bytes_max:
        raise TooLarge(f"This file is too large: at most {bytes_max // 1_048_576} MB are taken")
    if bytes_total == 0:
        raise Invalid("This file is empty")


def _bytes_max(engines: Engines) -> int:
    rules = engines.config(MediaRules)
    return max(rules.video_bytes_max, rules.image_bytes_max)
