"""Questions about what somebody wants to show."""

from collections.abc import Sequence

from linnet.features.accounts.models import Viewer
from linnet.features.media.actions import check_attachable
from linnet.features.media.models import Media
from linnet.features.media.store import uploads
from linnet.platform.postgres import Queries


async def attachable(db: Queries, viewer: Viewer, media_ids: Sequence[int]) -> tuple[Media, ...]:
    """The viewer's uploads with these ids, in their order. One statement, none for no ids.

    Raises `Invalid` where one is not theirs, not ready, shown by another post, or does not go with the others.
    """
    if not media_ids:
        return ()
    found = {one.id: one for one in await uploads.some(db, viewer.account_id, media_ids) if one.status_id is None}
    check_attachable(media_ids, list(found.values()))
    return tuple(found[one] for one in media_ids)


async def some(db: Queries, viewer: Viewer, media_ids: Sequence[int]) -> dict[int, Media]:
    """Those of these uploads that are the viewer's, by id. One statement, none for no ids."""
    return {one.id: one for one in await uploads.some(db, viewer.account_id, media_ids)} if media_ids else {}
