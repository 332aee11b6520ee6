"""Questions about statuses. Each takes the viewer; what the viewer may not see does not exist."""

from collections.abc import Collection, Iterable, Sequence

from linnet.features.accounts.models import Viewer
from linnet.features.statuses import shelf
from linnet.features.statuses.models import Hydrated, Status, Version
from linnet.features.statuses.store import edits, loading, marks, pages
from linnet.features.statuses.store import visible as visibility
from linnet.platform.engines import Engines
from linnet.platform.errors import NotFound
from linnet.platform.paging import Window
from linnet.platform.postgres import Queries

ANCESTORS_MAX = 4096
DESCENDANTS_MAX = 4096
DEPTH_MAX = 500
ANCESTORS_PUBLIC_MAX = 40
DESCENDANTS_PUBLIC_MAX = 60
DEPTH_PUBLIC_MAX = 20
"""Mastodon's bounds on a thread, for members and for the public."""

VERSIONS_MAX = 200


def viewer_id(viewer: Viewer | None) -> int:
    """The viewer's account id; 0, which no account has, for the public."""
    return viewer.account_id if viewer else 0


async def hydrate(engines: Engines, viewer: Viewer | None, ids: Sequence[int], *, if_known: bool = False) -> Hydrated:
    """Those of `ids` the viewer may see, in the same order, with what they reblog or quote.

    A reblog whose original the viewer may not see is left out as well. Out of what this process keeps, and what it
    then learns; with `if_known` by one statement for a viewer of whom it keeps nothing, which is for single statuses.
    """
    kept = await shelf.hydrate(engines, viewer, ids, if_known=if_known)
    return kept if kept is not None else await read(engines, viewer, ids)


async def read(engines: Engines, viewer: Viewer | None, ids: Sequence[int]) -> Hydrated:
    """The same as PostgreSQL has it now. One statement."""
    if not ids:
        return Hydrated()
    found = await loading.load(engines.db, viewer_id(viewer), ids)
    asked = tuple(dict.fromkeys(ids))
    seen = found.statuses
    shown = tuple(i for i in asked if i in seen and _leads_somewhere(seen[i], seen))
    return Hydrated(shown, seen, asked, marks=found.marks, authors=found.authors, stances=found.stances)


def _leads_somewhere(status: Status, found: dict[int, Status]) -> bool:
    return status.reblog_of_id is None or status.reblog_of_id in found


async def show(engines: Engines, viewer: Viewer | None, status_id: int) -> Hydrated:
    """One status, or `NotFound`."""
    page = await hydrate(engines, viewer, [status_id], if_known=True)
    if not page.ids:
        raise NotFound
    return page


async def visible(db: Queries, viewer: Viewer | None, status_id: int) -> Status:
    """One status by itself, inside a transaction too; `NotFound` when the viewer may not see it."""
    found = (await loading.load(db, viewer_id(viewer), [status_id])).statuses
    status = found.get(status_id)
    if status is None or not _leads_somewhere(status, found):
        raise NotFound
    return status


async def visible_pairs(db: Queries, pairs: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    """Of pairs (viewer id, status id) those whose viewer may see the status. One statement, none for no pairs."""
    return await visibility.visible_pairs(db, pairs) if pairs else set()


async def visible_words(db: Queries, pairs: Collection[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """Of such pairs those whose viewer may see the status, and its warning or else its text. One statement or none."""
    return await visibility.visible_words(db, pairs) if pairs else {}


async def subject(db: Queries, viewer: Viewer | None, status_id: int) -> Status:
    """The status a reader means by an id: of a reblog, the original. `NotFound` when the viewer may not see it."""
    found = (await loading.load(db, viewer_id(viewer), [status_id])).statuses
    status = found.get(status_id)
    if status is not None and status.reblog_of_id is not None:
        status = found.get(status.reblog_of_id)
    if status is None:
        raise NotFound
    return status


async def context(engines: Engines, viewer: Viewer | None, status_id: int) -> tuple[Hydrated, Hydrated]:
    """The thread around a status: what it answers (oldest first), and what answers it (each with its replies)."""
    status = await subject(engines.db, viewer, status_id)
    asking = viewer_id(viewer)
    up = await pages.ancestors(engines.db, asking, status.id, ANCESTORS_MAX if viewer else ANCESTORS_PUBLIC_MAX)
    down = await pages.descendants(
        engines.db,
        asking,
        status.id,
        DESCENDANTS_MAX if viewer else DESCENDANTS_PUBLIC_MAX,
        DEPTH_MAX if viewer else DEPTH_PUBLIC_MAX,
    )
    both = await hydrate(engines, viewer, [*up, *down])
    shown = set(both.ids)
    return both.only([i for i in up if i in shown]), both.only([i for i in down if i in shown])


async def history(engines: Engines, viewer: Viewer | None, status_id: int) -> tuple[Status, list[Version]]:
    """A status and every wording it has had, the present one last."""
    status = await subject(engines.db, viewer, status_id)
    now = Version(
        status.text,
        status.html,
        status.spoiler_text,
        status.sensitive,
        status.edited_at or status.created_at,
        status.poll.options if status.poll else None,
        status.media,
    )
    return status, [*await edits.versions(engines.db, status.id, VERSIONS_MAX), now]


async def former_wordings(engines: Engines, viewer: Viewer, page: Hydrated) -> dict[int, list[Version]]:
    """What the viewer's own statuses of a page said before they were edited, oldest first. One statement, or none."""
    edited = [one.id for one in page if one.account_id == viewer.account_id and one.edited_at is not None]
    return await edits.versions_of_many(engines.db, edited, VERSIONS_MAX) if edited else {}


async def by_account(
    engines: Engines,
    viewer: Viewer | None,
    author_id: int,
    window: Window,
    *,
    replies: bool = True,
    reblogs: bool = True,
    pinned: bool = False,
    tag: str | None = None,
    only_media: bool = False,
) -> Hydrated:
    """A page of an account's statuses, newest first, or of those it has pinned."""
    asking = viewer_id(viewer)
    if pinned:
        return await hydrate(engines, viewer, await pages.pinned(engines.db, asking, author_id, window))
    db = await engines.replica_for(asking)
    ids = await pages.by_account(
        db, asking, author_id, window, replies=replies, reblogs=reblogs, tag=tag, only_media=only_media
    )
    return await hydrate(engines, viewer, ids)


async def favourites(engines: Engines, viewer: Viewer, window: Window) -> tuple[pages.Keyed, Hydrated]:
    """A page of the viewer's favourites, with the ids it is paged by."""
    found = await pages.favourites(engines.db, viewer.account_id, window)
    return found, await hydrate(engines, viewer, [status_id for _, status_id in found])


async def bookmarks(
    engines: Engines, viewer: Viewer, window: Window, folder_id: int | None = None
) -> tuple[pages.Keyed, Hydrated]:
    """A page of the viewer's bookmarks, or of those in a folder, with the ids it is paged by."""
    found = await pages.bookmarks(engines.db, viewer.account_id, window, folder_id)
    return found, await hydrate(engines, viewer, [status_id for _, status_id in found])


async def quotes(engines: Engines, viewer: Viewer | None, status_id: int, window: Window) -> Hydrated:
    """A page of the statuses that quote one."""
    status = await subject(engines.db, viewer, status_id)
    return await hydrate(engines, viewer, await pages.quotes(engines.db, viewer_id(viewer), status.id, window))


async def favouriters(engines: Engines, viewer: Viewer | None, status_id: int, window: Window) -> pages.Keyed:
    """A page of account ids that favourited a status, with the ids it is paged by."""
    status = await subject(engines.db, viewer, status_id)
    return await pages.favouriters(engines.db, viewer_id(viewer), status.id, window)


async def rebloggers(engines: Engines, viewer: Viewer | None, status_id: int, window: Window) -> pages.Keyed:
    """A page of account ids that reblogged a status, with the ids it is paged by."""
    status = await subject(engines.db, viewer, status_id)
    return await pages.rebloggers(engines.db, viewer_id(viewer), status.id, window)


async def public(engines: Engines, viewer: Viewer | None, window: Window, *, only_media: bool = False) -> list[int]:
    """Ids of everyone's public statuses, newest first."""
    asking = viewer_id(viewer)
    return await pages.public(await engines.replica_for(asking), asking, window, only_media=only_media)


async def tagged(
    engines: Engines,
    viewer: Viewer | None,
    window: Window,
    *,
    any_of: Sequence[str],
    all_of: Sequence[str] = (),
    none_of: Sequence[str] = (),
    only_media: bool = False,
) -> list[int]:
    """Ids of public statuses under hashtags (normalised names), newest first."""
    asking = viewer_id(viewer)
    db = await engines.replica_for(asking)
    return await pages.tagged(db, asking, window, any_of=any_of, all_of=all_of, none_of=none_of, only_media=only_media)


async def thread_muters(engines: Engines, thread_id: int, account_ids: Iterable[int]) -> set[int]:
    """Those of `account_ids` who have muted the thread."""
    return await marks.thread_muters(engines.db, thread_id, account_ids)
