"""Later work of media. Every job here may run twice."""

from collections.abc import Sequence
from typing import Final

from linnet.features.accounts.events import AccountDeleted
from linnet.features.media import actions, filing, pipeline
from linnet.features.media.events import MediaDropped, MediaUploaded
from linnet.features.media.models import Lane
from linnet.features.media.store import uploads
from linnet.platform.engines import Engines
from linnet.platform.jobs import Job

ERASE_SLICE: Final = 200

_LATER_S: Final = 300.0
"""So much longer than the pipeline itself allows may a job take, so that it is the pipeline that ends it."""


async def _process(engines: Engines, works: Sequence[MediaUploaded]) -> None:
    for work in works:
        await pipeline.process(engines, work.media_id)


async def _delete_files(engines: Engines, works: Sequence[MediaDropped]) -> None:
    for work in works:
        for media_id in work.media_ids:
            await filing.delete(engines, media_id)


async def _erase(engines: Engines, works: Sequence[AccountDeleted]) -> None:
    """Remove all that accounts uploaded; their files go by the job of what is dropped."""
    for work in works:
        while ids := await uploads.ids_of(engines.db, work.account_id, ERASE_SLICE):
            async with engines.transaction() as tx:
                await actions.drop(tx, ids)


MAKE_PICTURE = Job(
    "media.make_picture",
    MediaUploaded,
    _process,
    queue=Lane.IMAGES.value,
    batch_max=1,
    timeout_s=pipeline.TIME_S[Lane.IMAGES] + _LATER_S,
    concerns=lambda event: event.lane is Lane.IMAGES,
)
MAKE_VIDEO = Job(
    "media.make_video",
    MediaUploaded,
    _process,
    queue=Lane.VIDEOS.value,
    batch_max=1,
    timeout_s=pipeline.TIME_S[Lane.VIDEOS] + _LATER_S,
    concerns=lambda event: event.lane is Lane.VIDEOS,
)
DELETE_FILES = Job("media.delete_files", MediaDropped, _delete_files, queue="maintenance")
ERASE = Job("media.erase", AccountDeleted, _erase, queue="maintenance")
