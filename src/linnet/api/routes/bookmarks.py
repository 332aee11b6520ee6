"""`/api/v1/bookmarks`: what one keeps for later, and (our own addition) the folders one keeps it in."""

from linnet.api import direct
from linnet.api.direct import or_message
from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.marked import marked_page
from linnet.api.paging import Page, PageForm
from linnet.features.conversations import reads as conversations
from linnet.features.statuses import actions, folders, reads
from linnet.features.statuses.models import Folder
from linnet.mastodon.entities.bookmark_folder import BookmarkFolder
from linnet.mastodon.entities.status import Status
from linnet.mastodon.presenters.statuses import present_status
from linnet.platform.errors import Invalid, NotFound
from linnet.platform.ids import parse_id

NO_FOLDER = 0
"""What `folder_id` means when it is sent empty."""


class BookmarksForm(PageForm):
    """All bookmarks, or those in one folder."""

    folder_id: str | None = None


class BookmarkForm(Form):
    """In which folder to keep a status: an empty one means none, and without it a bookmark stays where it is."""

    folder_id: str | None = None


class FolderForm(Form):
    """What a folder is called."""

    title: str = ""


def _presented(folder: Folder) -> BookmarkFolder:
    return BookmarkFolder(str(folder.id), folder.title)


def _folder_id(text: str) -> int:
    folder_id = parse_id(text)
    if not folder_id:
        raise NotFound
    return folder_id


@endpoint("GET", "/api/v1/bookmarks", scope="read:bookmarks")
async def list_bookmarks(call: Call, form: BookmarksForm) -> Page[Status]:
    """What one has kept for later, or in one folder, the latest first. Messages are in no folder."""
    folder_id = _folder_id(form.folder_id) if form.folder_id else None
    if folder_id is not None:
        await folders.show(call.engines, call.me, folder_id)
    rows, page = await reads.bookmarks(call.engines, call.me, form.window, folder_id)
    in_folder = folder_id is not None
    messages = [] if in_folder else await conversations.bookmarks(call.engines, call.me, form.window)
    return await marked_page(call, form, rows, page, messages)


@endpoint("GET", "/api/v1/bookmarks/folders", scope="read:bookmarks")
async def list_folders(call: Call) -> list[BookmarkFolder]:
    """List one's folders."""
    return [_presented(one) for one in await folders.all_of(call.engines, call.me)]


@endpoint("POST", "/api/v1/bookmarks/folders", scope="write:bookmarks")
async def create_folder(call: Call, form: FolderForm) -> BookmarkFolder:
    """Make a folder."""
    return _presented(await folders.create(call.engines, call.me, form.title))


@endpoint("GET", "/api/v1/bookmarks/folders/{folder_id}", scope="read:bookmarks")
async def show_folder(call: Call, folder_id: int) -> BookmarkFolder:
    """Show one folder."""
    return _presented(await folders.show(call.engines, call.me, folder_id))


@endpoint("PUT", "/api/v1/bookmarks/folders/{folder_id}", scope="write:bookmarks")
async def rename_folder(call: Call, folder_id: int, form: FolderForm) -> BookmarkFolder:
    """Give a folder another title."""
    return _presented(await folders.rename(call.engines, call.me, folder_id, form.title))


@endpoint("DELETE", "/api/v1/bookmarks/folders/{folder_id}", scope="write:bookmarks")
async def delete_folder(call: Call, folder_id: int) -> None:
    """Remove a folder; what was in it stays bookmarked."""
    await folders.delete(call.engines, call.me, folder_id)


async def _bookmark_message(call: Call, message_id: int, form: BookmarkForm) -> Status:
    if form.folder_id:
        await conversations.message(call.engines.db, call.me, message_id)
        raise Invalid("Validation failed: A direct message cannot be kept in a folder")
    return await direct.bookmark(call, message_id)


@endpoint("POST", "/api/v1/statuses/{status_id}/bookmark", scope="write:bookmarks")
@or_message(_bookmark_message)
async def bookmark_status(call: Call, status_id: int, form: BookmarkForm) -> Status:
    """Keep a status for later, in private, in a folder if one is named."""
    folder_id = None if form.folder_id is None else _folder_id(form.folder_id) if form.folder_id else NO_FOLDER
    kept_id = await actions.bookmark(call.engines, call.me, status_id, folder_id)
    return await present_status(call.engines, call.me, kept_id)


@endpoint("POST", "/api/v1/statuses/{status_id}/unbookmark", scope="write:bookmarks")
@or_message(direct.unbookmark)
async def unbookmark_status(call: Call, status_id: int) -> Status:
    """Drop a bookmark."""
    return await present_status(call.engines, call.me, await actions.unbookmark(call.engines, call.me, status_id))
