"""What operators ask and do about everybody's uploads."""

from collections.abc import Sequence
from typing import Final

from linnet.features.media.events import MediaUploaded
from linnet.features.media.models import State, Upload, UsageOfAccount, UsageOfKind, source_name
from linnet.features.media.store import oversight as store
from linnet.features.media.store import uploads
from linnet.platform.blobs import BlobMissing
from linnet.platform.engines import Engines
from linnet.platform.errors import Invalid, NotFound

LISTED_MAX: Final = 1_000


async def page(engines: Engines, account_id: int | None, state: State | None, limit: int) -> Sequence[Upload]:
    """The newest uploads, at most `LISTED_MAX` of them."""
    return await store.page(engines.db, account_id, state, min(limit, LISTED_MAX))


async def show(engines: Engines, media_id: int) -> Upload:
    """An upload, whoever's it is, or `NotFound`."""
    found = await uploads.upload(engines.db, media_id)
    if found is None:
        raise NotFound(f"There is no media {media_id}")
    return found


async def retry(engines: Engines, media_id: int) -> Upload:
    """Have an upload processed anew that is not ready; `Invalid` for one that is, and for one whose file is gone.

    What failed for good has let go of its file: whoever uploaded it must do so again.
    """
    upload = await show(engines, media_id)
    if upload.media.state is State.READY:
        raise Invalid(f"Media {media_id} is ready: there is nothing to do again")
    try:
        await engines.blobs.size(source_name(media_id))
    except BlobMissing:
        raise Invalid(f"The file of media {media_id} is not in the store any more: it must be uploaded again") from None
    async with engines.transaction() as tx:
        if await store.begin_anew(tx, media_id, engines.clock.now()):
            account_id = upload.media.account_id
            await tx.record(MediaUploaded(media_id=media_id, account_id=account_id, lane=upload.lane))
    return await show(engines, media_id)


async def usage(engines: Engines, account_id: int | None) -> Sequence[UsageOfKind]:
    """What an account has in the store, or everybody together, by kind, the most first."""
    if account_id is None:
        return await store.total_by_kind(engines.db)
    return await store.usage_by_kind(engines.db, account_id)


async def largest(engines: Engines, limit: int) -> Sequence[UsageOfAccount]:
    """Who has most in the store."""
    return await store.largest(engines.db, limit)
