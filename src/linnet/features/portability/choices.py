"""What somebody filters, and the folders of their bookmarks: no other server's files know these, so they are JSON."""

from linnet.features.accounts.models import Viewer
from linnet.features.filters import reads as filters
from linnet.features.portability import reads
from linnet.features.statuses import folders
from linnet.features.statuses import reads as statuses
from linnet.platform.engines import Engines
from linnet.platform.paging import Window


async def filtered(engines: Engines, viewer: Viewer) -> list[dict[str, object]]:
    """The viewer's filters, in the order they were made."""
    return [
        {
            "title": one.title,
            "context": one.contexts,
            "filter_action": one.action,
            "expires_at": one.expires_at,
            "keywords": [{"keyword": word.text, "whole_word": word.whole_word} for word in one.keywords],
            "status_ids": [str(status.status_id) for status in one.statuses],
        }
        for one in await filters.all_of(engines, viewer)
    ]


async def filed(engines: Engines, viewer: Viewer) -> list[dict[str, object]]:
    """The viewer's folders, in the order they were made, with the posts in each that they still may see."""
    found: list[dict[str, object]] = []
    for folder in await folders.all_of(engines, viewer):
        ids: list[str] = []
        window = Window(limit=reads.PAGE)
        while True:
            rows, page = await statuses.bookmarks(engines, viewer, window, folder.id)
            ids += map(str, page.ids)
            if len(rows) < window.limit or len(ids) >= reads.TABLE_ROWS_MAX:
                break
            window = Window(max_id=rows[-1][0], limit=reads.PAGE)
        found.append({"title": folder.title, "status_ids": ids})
    return found
