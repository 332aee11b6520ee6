"""Questions about one's own imports, archives and lists to take away."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from typing import Final

from linnet.features.accounts import reads as accounts
from linnet.features.accounts.models import Viewer
from linnet.features.portability import store, tables
from linnet.features.portability.models import (
    REPLACED,
    ROWS_MAX,
    TAKEN_BACK,
    Archive,
    Failure,
    Import,
    ImportKind,
    Row,
    State,
)
from linnet.features.relationships import reads as relationships
from linnet.features.relationships.models import Keyed
from linnet.features.statuses import reads as statuses
from linnet.features.statuses.models import Hydrated
from linnet.features.timelines.lists import reads as lists
from linnet.features.timelines.lists.models import ACCOUNTS_MAX
from linnet.platform.engines import Engines
from linnet.platform.errors import NotFound
from linnet.platform.paging import Window
from linnet.platform.site import Site

ARCHIVES_SHOWN_MAX: Final = 20
TABLE_ROWS_MAX: Final = 100_000
"""Of a list to take away: a popular account's followers, of whom the latest are named, are many more."""

PAGE: Final = 500
"""Rows of a file that are read by one statement."""

Line = Sequence[object]
Pages = Callable[[Window], Awaitable[Keyed]]


async def imports(engines: Engines, viewer: Viewer, window: Window) -> list[Import]:
    """A page of the viewer's imports, newest first."""
    return await store.imports(engines.db, viewer.account_id, window)


async def show_import(engines: Engines, viewer: Viewer, import_id: int) -> Import:
    """One of the viewer's imports, or `NotFound`."""
    found = await store.find_import(engines.db, viewer.account_id, import_id)
    if found is None:
        raise NotFound
    return found


async def failures(engines: Engines, viewer: Viewer, import_id: int) -> list[Failure]:
    """The first `ROWS_MAX` rows of an import that could not be brought along, in their order."""
    await show_import(engines, viewer, import_id)
    return await store.failures(engines.db, import_id, -1, ROWS_MAX)


async def archives(engines: Engines, viewer: Viewer) -> list[Archive]:
    """The viewer's archives, newest first."""
    return await store.archives(engines.db, viewer.account_id, ARCHIVES_SHOWN_MAX)


async def show_archive(engines: Engines, viewer: Viewer, archive_id: int) -> Archive:
    """One of the viewer's archives, or `NotFound`."""
    found = await store.find_archive(engines.db, viewer.account_id, archive_id)
    if found is None:
        raise NotFound
    return found


async def archive_bytes(engines: Engines, viewer: Viewer, archive_id: int) -> bytes:
    """A finished archive's file; `NotFound` while it is being made."""
    if (await show_archive(engines, viewer, archive_id)).state is not State.FINISHED:
        raise NotFound("This archive is not finished yet.")
    pieces: list[bytes] = []
    while piece := await store.archive_piece(engines.db, archive_id, len(pieces)):
        pieces.append(piece)
    return b"".join(pieces)


async def table(engines: Engines, viewer: Viewer, name: str) -> str:
    """One of the viewer's lists as a CSV file, by its name in `TABLES`; `NotFound` for another name."""
    lines = TABLES.get(name)
    if lines is None:
        raise NotFound
    return tables.write([line async for line in lines(engines, viewer)])


async def unnamed(engines: Engines, viewer: Viewer, kind: ImportKind, named: Collection[str]) -> list[Row]:
    """Rows by which whoever the viewer follows, blocks or mutes goes, but for those of these lower-case names."""

    async def page(window: Window) -> Keyed:
        if kind is ImportKind.FOLLOWING:
            return await relationships.following(engines.db, viewer, viewer.account_id, window)
        if kind is ImportKind.BLOCKING:
            return await relationships.blocks(engines.db, viewer, window)
        return [(one.id, one.account_id) for one in await relationships.mutes(engines.db, viewer, window)]

    if kind not in REPLACED:
        return []
    rows: list[Row] = []
    async for ids in _ids(page):
        names = await accounts.usernames(engines.db, ids)
        rows += [
            {TAKEN_BACK: True, "id": account_id, "address": name}
            for account_id, name in names.items()
            if name.lower() not in named
        ]
    return rows


async def _following(engines: Engines, viewer: Viewer) -> AsyncIterator[Line]:
    yield tables.FOLLOWING_HEADER

    async def page(window: Window) -> Keyed:
        return await relationships.following(engines.db, viewer, viewer.account_id, window)

    async for ids in _ids(page):
        known = await relationships.load(engines.db, viewer, ids)
        for account_id, address in (await _addresses(engines, ids)).items():
            one = known[account_id]
            languages = ", ".join(one.languages or ())
            yield address, tables.flag(one.showing_reblogs), tables.flag(one.notifying), languages


async def _followers(engines: Engines, viewer: Viewer) -> AsyncIterator[Line]:
    yield tables.FOLLOWING_HEADER[:1]

    async def page(window: Window) -> Keyed:
        return await relationships.followers(engines.db, viewer, viewer.account_id, window)

    async for ids in _ids(page):
        for address in (await _addresses(engines, ids)).values():
            yield (address,)


async def _blocks(engines: Engines, viewer: Viewer) -> AsyncIterator[Line]:
    async def page(window: Window) -> Keyed:
        return await relationships.blocks(engines.db, viewer, window)

    async for ids in _ids(page):
        for address in (await _addresses(engines, ids)).values():
            yield (address,)


async def _mutes(engines: Engines, viewer: Viewer) -> AsyncIterator[Line]:
    yield tables.MUTING_HEADER

    async def page(window: Window) -> Keyed:
        return [(one.id, one.account_id) for one in await relationships.mutes(engines.db, viewer, window)]

    async for ids in _ids(page):
        known = await relationships.load(engines.db, viewer, ids)
        for account_id, address in (await _addresses(engines, ids)).items():
            yield address, tables.flag(known[account_id].muting_notifications)


async def _lists(engines: Engines, viewer: Viewer) -> AsyncIterator[Line]:
    for one in await lists.all_of(engines.db, viewer):
        everybody = Window(limit=ACCOUNTS_MAX)
        ids = [account_id for _, account_id in await lists.accounts_on(engines.db, viewer, one.id, everybody)]
        for address in (await _addresses(engines, ids)).values():
            yield one.title, address


async def _bookmarks(engines: Engines, viewer: Viewer) -> AsyncIterator[Line]:
    async for line in _urls(engines, lambda window: statuses.bookmarks(engines, viewer, window)):
        yield line


async def _favourites(engines: Engines, viewer: Viewer) -> AsyncIterator[Line]:
    async for line in _urls(engines, lambda window: statuses.favourites(engines, viewer, window)):
        yield line


async def _urls(engines: Engines, read: Callable[[Window], Awaitable[tuple[Keyed, Hydrated]]]) -> AsyncIterator[Line]:
    """The addresses of the statuses of all pages, page by page, up to `TABLE_ROWS_MAX`."""
    site, ceiling = engines.config(Site), None
    for _ in range(TABLE_ROWS_MAX // PAGE):
        rows, page = await read(Window(max_id=ceiling, limit=PAGE))
        names = await accounts.usernames(engines.db, {status.account_id for status in page})
        for status in page:
            yield (site.status_url(names[status.account_id], status.id),)
        if len(rows) < PAGE:
            return
        ceiling = rows[-1][0]


async def _ids(page: Pages) -> AsyncIterator[list[int]]:
    """The account ids of all pages, page by page, up to `TABLE_ROWS_MAX`."""
    ceiling = None
    for _ in range(TABLE_ROWS_MAX // PAGE):
        rows = await page(Window(max_id=ceiling, limit=PAGE))
        if rows:
            yield [account_id for _, account_id in rows]
        if len(rows) < PAGE:
            return
        ceiling = rows[-1][0]


async def _addresses(engines: Engines, ids: Sequence[int]) -> dict[int, str]:
    """`name@domain` of accounts, in their order."""
    names = await accounts.usernames(engines.db, ids)
    domain = engines.config(Site).domain
    return {account_id: f"{names[account_id]}@{domain}" for account_id in ids if account_id in names}


TABLES: Final[Mapping[str, Callable[[Engines, Viewer], AsyncIterator[Line]]]] = {
    "following_accounts.csv": _following,
    "followers.csv": _followers,
    "blocked_accounts.csv": _blocks,
    "muted_accounts.csv": _mutes,
    "lists.csv": _lists,
    "bookmarks.csv": _bookmarks,
    "favourites.csv": _favourites,
}
"""The lists that can be taken away, under Mastodon's names."""
