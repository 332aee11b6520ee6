"""Folders that people keep bookmarks in. All of it is their own business, so no event is recorded."""

from typing import Final

from linnet.features.accounts.models import Viewer
from linnet.features.statuses.models import FOLDER_TITLE_LENGTH_MAX, FOLDERS_MAX, Folder
from linnet.features.statuses.store import folders as store
from linnet.platform.engines import Engines
from linnet.platform.errors import Invalid, NotFound, Problem
from linnet.platform.postgres import Queries

SLICE: Final = 1_000
"""Bookmarks that one statement takes out of a folder."""


async def all_of(engines: Engines, viewer: Viewer) -> list[Folder]:
    """The viewer's folders, in the order they were made."""
    return await store.all_of(engines.db, viewer.account_id)


async def show(engines: Engines, viewer: Viewer, folder_id: int) -> Folder:
    """One of the viewer's folders; `NotFound` when it is not theirs."""
    return _found(await store.one_of(engines.db, viewer.account_id, folder_id))


async def hold(db: Queries, viewer: Viewer, folder_id: int) -> None:
    """Keep one of the viewer's folders until the transaction ends; `NotFound` when it is not theirs."""
    if not await store.hold(db, viewer.account_id, folder_id):
        raise NotFound


async def create(engines: Engines, viewer: Viewer, title: str) -> Folder:
    """Make a folder; `Invalid` without a title, or when there are too many."""
    title = _title(title)
    async with engines.transaction() as tx:
        made = await store.add(tx, viewer.account_id, title, engines.clock.now(), FOLDERS_MAX)
    if made is None:
        raise Invalid(f"You can have at most {FOLDERS_MAX} folders.")
    return made


async def rename(engines: Engines, viewer: Viewer, folder_id: int, title: str) -> Folder:
    """Give one of the viewer's folders another title; `NotFound` when it is not theirs."""
    return _found(await store.rename(engines.db, viewer.account_id, folder_id, _title(title)))


async def delete(engines: Engines, viewer: Viewer, folder_id: int) -> None:
    """Remove one of the viewer's folders; what was in it stays bookmarked. `NotFound` when it is not theirs."""
    if not await store.remove(engines.db, viewer.account_id, folder_id):
        raise NotFound
    while await store.empty(engines.db, folder_id, SLICE) == SLICE:
        pass


def _found(folder: Folder | None) -> Folder:
    if folder is None:
        raise NotFound
    return folder


def _title(title: str) -> str:
    title = title.strip()
    if not title:
        raise Invalid.of({"title": [Problem("ERR_BLANK", "can't be blank")]})
    if len(title) > FOLDER_TITLE_LENGTH_MAX:
        too_long = f"is too long (maximum is {FOLDER_TITLE_LENGTH_MAX} characters)"
        raise Invalid.of({"title": [Problem("ERR_TOO_LONG", too_long)]})
    return title
